"""Learned components for robots, as composable ROS 2 pipeline stages and the training that makes them."""

__version__ = "0.1.0"
