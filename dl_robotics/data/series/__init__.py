"""Labelled signals over time: arrays and the numeric fields of recorded topics."""
