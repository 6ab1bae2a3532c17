"""Activities of people from their skeletons: models, data preparation, metrics, and the stage that runs them."""
