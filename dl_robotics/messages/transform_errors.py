"""Why a transform cannot be given: tf2's exceptions, under the names they have there."""

from __future__ import annotations


class TransformException(Exception):
    """The base of all."""


class LookupException(TransformException):
    """A frame that nobody has published, or frames that go round in a loop."""


class ConnectivityException(TransformException):
    """Two frames of trees that do not meet."""


class ExtrapolationException(TransformException):
    """A time before the first or after the last transform that is held."""


class InvalidArgumentException(TransformException):
    """A frame name or a transform that cannot be."""


def display_time(time_ns: int) -> str:
    """Seconds with six decimals, as tf2 writes times."""
    return f"{time_ns / 1e9:.6f}"
