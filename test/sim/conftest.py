"""Puts this folder on the path: the folders below share its ``solid_worlds`` and ``mujoco_worlds``."""
