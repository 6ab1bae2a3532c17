"""Training loops and what they log."""
