"""SDF worlds, the engines that run them, and their sensors."""
