"""Semantic segmentation: models, loss, metrics, and the stage that runs them."""
