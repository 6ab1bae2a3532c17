"""Signals over time: their activity, their future, their oddities; networks, baselines and the stage that runs them."""
