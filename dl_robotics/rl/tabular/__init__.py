"""Reinforcement learning with tables: every state and action has an entry of its own (Sutton & Barto 2018, part I)."""
