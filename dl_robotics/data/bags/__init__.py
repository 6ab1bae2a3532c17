"""Bags read at random: where each message lies is found once, its content read when it is asked for.

rosbags reads a bag from front to back and refuses damaged files whole; what is here finds any message of any storage
in any order, from several threads, and the part of a damaged file that can be read.
"""
