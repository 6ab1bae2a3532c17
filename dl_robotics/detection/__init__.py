"""Object detection: models, matching, loss, metrics, and the stage that runs them."""
