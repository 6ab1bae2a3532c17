"""Reinforcement learning: one learner a file, replay, exploration."""
