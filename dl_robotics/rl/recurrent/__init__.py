"""Policies that remember: networks with a recurrent layer, a replay of sequences, and what learns from it."""
