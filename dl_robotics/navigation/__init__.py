"""Driving to a goal among obstacles: the task, what the policy sees, what it is paid for, and the environments."""
