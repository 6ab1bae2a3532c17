"""Tracking: which of the boxes or skeletons of one frame are those of an earlier one."""
