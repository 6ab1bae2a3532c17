"""Every test checks the fields of messages, stays on this machine and talks in a ROS domain of its own process."""

import os

# Message classes read this when they are imported: before any test module is.
os.environ.setdefault("ROS_PYTHON_CHECK_FIELDS", "1")
os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))  # above 101, ports meet those of other programs
