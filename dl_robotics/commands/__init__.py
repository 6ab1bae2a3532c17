"""Command-line shells."""
