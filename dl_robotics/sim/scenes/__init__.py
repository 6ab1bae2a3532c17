"""Randomised scenes with ground truth: worlds, things and people drawn anew for every frame."""
