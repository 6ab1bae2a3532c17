"""Driving to a goal among obstacles: the task, what the policy sees, what it is paid for, and the environments.

Importing this package registers its Gymnasium ids (see ``registration.py``).
"""

from dl_robotics.navigation.registration import register

register()
