"""Numerical building blocks: geometry and time."""
