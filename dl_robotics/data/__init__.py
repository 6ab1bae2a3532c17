"""Recordings and data sets."""
