"""Message types as bags need them: rosbags' standard ones, and whatever is installed beside them."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rosbags.interfaces import Nodetype
from rosbags.interfaces.typing import Typesdict
from rosbags.typesys import Stores, TypesysError, get_types_from_idl, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from dl_robotics.data.errors import DataError

_IDL_RULE = "=" * 80 + "\n"
_NAME = re.compile(r"([a-z]\w*)/msg/([A-Z]\w*)")


def standard_types() -> Typestore:
    """A store of the types that come with ROS 2; others can be added to it."""
    return get_typestore(Stores.ROS2_KILTED)


def add_installed(types: Typestore, message_type: str) -> None:
    """Make sure that a store knows a type and all types in it, by the definitions that are installed.

    :param message_type: e.g. ``vision_msgs/msg/Detection2DArray``.
    :raises DataError: if it is neither standard nor installed.
    """
    missing, definitions = [message_type], {}
    while missing:
        name = missing.pop()
        if name in types.fielddefs or name in definitions:
            continue
        found = parse_definition(_definition(name), name)
        definitions.update(found)
        missing += [inner for _, fields in found.values() for _, kind in fields for inner in _named(kind)]
    if definitions:
        types.register(definitions)


@lru_cache(maxsize=256)  # takes a tenth of a second
def parse_definition(text: str, message_type: str) -> Typesdict:
    """The types in a definition, as bags and ``.msg`` files have it: with other types after it, or without.

    :raises DataError: if it is none.
    """
    try:
        if "IDL: " not in text:
            return get_types_from_msg(text, message_type)
        types: Typesdict = {}
        for part in text.split(_IDL_RULE):
            if part:
                types.update(get_types_from_idl(part.partition("\n")[2]))
    except (TypesysError, AssertionError) as error:
        raise DataError(f"definition of {message_type} not readable: {error}") from error
    return types


def serialise(types: Typestore, message: Any) -> memoryview:
    """A message of rclpy in CDR, as it would go over the wire.

    :param types: knows the message's type.
    """
    return types.serialize_cdr(_convert(types, message), type_name(message))


def type_name(message: Any) -> str:
    """E.g. ``vision_msgs/msg/Detection2DArray`` of a message of rclpy."""
    return f"{type(message).__module__.split('.')[0]}/msg/{type(message).__name__}"


def _definition(message_type: str) -> str:
    """The text of an installed ``.msg`` file: every ROS package has them in the share folder beside its library."""
    match = _NAME.fullmatch(message_type)
    spec = find_spec(match[1]) if match else None
    if match and spec and spec.origin:
        for folder in Path(spec.origin).parents:
            file = folder / "share" / match[1] / "msg" / f"{match[2]}.msg"
            if file.exists():
                return file.read_text(encoding="utf-8")
    raise DataError(f"expected a standard or installed message type, got {message_type}")


def _named(kind: Any) -> list[str]:
    """The message types that a field's type refers to."""
    node, inner = kind
    if node == Nodetype.NAME:
        return [inner]
    return _named(inner[0]) if node in (Nodetype.ARRAY, Nodetype.SEQUENCE) else []


def _convert(types: Typestore, value: Any) -> Any:
    """A message of rclpy as rosbags has it: the same fields, numbers in numpy's arrays instead of Python's."""
    if hasattr(value, "get_fields_and_field_types"):
        fields = {name: _convert(types, getattr(value, name)) for name in value.get_fields_and_field_types()}
        return types.types[type_name(value)](**fields)
    if isinstance(value, bytes):  # an octet
        return value[0]
    if isinstance(value, list) and (not value or not isinstance(value[0], bool | bytes)):
        return [_convert(types, item) for item in value]
    if isinstance(value, bool | int | float | str):
        return value
    return np.asarray(value)
