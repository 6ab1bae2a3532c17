"""How a message is refused: by field, expectation and value. The node that received it adds the topic."""

from __future__ import annotations

import reprlib


class MessageError(ValueError):
    """A message that cannot be used.

    :param field: the field's dotted name inside the message, e.g. ``"ranges[17]"``.
    :param expected: the accepted values in words, e.g. ``">= 0"``.
    :param value: what came; shortened in the text, so that a broken message cannot flood a log.
    """

    def __init__(self, field: str, expected: str, value: object) -> None:
        super().__init__(f"{field}: expected {expected}, got {reprlib.repr(value)}")
        self.field = field
        self.expected = expected
        self.value = value


def check(condition: bool, field: str, expected: str, value: object) -> None:
    """Refuse a field's value (see :class:`MessageError`) unless the condition holds."""
    if not condition:
        raise MessageError(field, expected, value)
