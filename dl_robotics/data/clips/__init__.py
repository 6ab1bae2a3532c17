"""Clips of people's joints with the activity they show, from every format that is read."""
