"""Environments on other processes and machines, and what keeps them together."""
