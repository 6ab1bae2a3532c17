"""Message classes by the names of their types."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dl_robotics.errors import UserError


class MessageTypeError(UserError):
    """A message type that is not installed; the text says which."""


def message_class(message_type: str) -> type[Any]:
    """The class of a type, e.g. of ``sensor_msgs/msg/Imu``.

    :raises MessageTypeError: if it is not installed.
    """
    module, _, name = message_type.rpartition("/")
    try:
        found: type[Any] = getattr(import_module(module.replace("/", ".")), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise MessageTypeError(f"expected an installed message type, got {message_type!r}") from error
    return found
