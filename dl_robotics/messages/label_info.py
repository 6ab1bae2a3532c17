"""Names of the class ids beside a topic: ``vision_msgs/LabelInfo``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from std_msgs.msg import Header
from vision_msgs.msg import LabelInfo, VisionClass

from dl_robotics.messages.errors import check


class Labels(NamedTuple):
    """Class names by id, and the score below which the sender reports nothing."""

    names: Mapping[int, str]
    threshold: float


def decode_label_info(message: Any) -> Labels:
    """Read a ``vision_msgs/LabelInfo``.

    :raises MessageError: for an id or a name that comes twice, an empty name, or a threshold that is not finite.
    """
    names: dict[int, str] = {}
    for index, entry in enumerate(message.class_map):
        class_id, name = int(entry.class_id), str(entry.class_name)
        check(class_id not in names, f"class_map[{index}].class_id", "an id of its own", class_id)
        check(name != "", f"class_map[{index}].class_name", "a name", name)
        check(name not in names.values(), f"class_map[{index}].class_name", "a name of its own", name)
        names[class_id] = name
    check(math.isfinite(message.threshold), "threshold", "a finite number", message.threshold)
    return Labels(names, float(message.threshold))


def encode_label_info(names: Sequence[str] | Mapping[int, str], header: Header, threshold: float = 0.0) -> LabelInfo:
    """The ``vision_msgs/LabelInfo`` of class names.

    :param names: by id, or in the order of their ids from 0.
    :raises MessageError: for an id that does not fit 16 bits.
    """
    entries = names.items() if isinstance(names, Mapping) else enumerate(names)
    return LabelInfo(
        header=header, class_map=[_entry(class_id, name) for class_id, name in entries], threshold=float(threshold)
    )


def _entry(class_id: int, name: str) -> VisionClass:
    check(0 <= class_id < 2**16, "class_map.class_id", "0 to 65535", class_id)
    return VisionClass(class_id=int(class_id), class_name=str(name))
