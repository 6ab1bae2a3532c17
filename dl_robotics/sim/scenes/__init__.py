"""Randomised scenes with labels for everything in them."""
