"""Worlds drawn from a generator rather than read from a file; the shipped empty world lends robot, floor and light."""
