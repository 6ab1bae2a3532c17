"""Detections that have been given identities: the same ``vision_msgs/Detection2DArray`` with ``id``."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from vision_msgs.msg import Detection2DArray


def encode_tracks(message: Any, ids: Sequence[str | None]) -> Detection2DArray:
    """A message's detections as they came, with all their hypotheses and poses, but for ``id``.

    :param message: a ``vision_msgs/Detection2DArray``; stays as it is.
    :param ids: the name of each detection's track; None leaves it out.
    """
    pairs = zip(message.detections, ids, strict=True)
    return Detection2DArray(
        header=message.header, detections=[_named(one, id_) for one, id_ in pairs if id_ is not None]
    )


def _named(detection: Any, id_: str) -> Any:
    named = copy.copy(detection)
    named.id = id_
    return named
