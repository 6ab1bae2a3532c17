"""``vision_msgs/Detection2DArray`` as it goes over the wire, written without building a message.

For ten objects it takes two fifths of the time that building the message and converting it take, which is most of what
a node adds to a small network.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from std_msgs.msg import Header

from dl_robotics.messages.detections import centred, name_objects
from dl_robotics.ops.detections import Detections

LITTLE_ENDIAN = b"\0\1\0\0"  # the head of plain CDR (OMG DDSI-RTPS 10.2); places are counted behind it
_COUNT, _STAMP, _NUMBER, _BOX = struct.Struct("<I"), struct.Struct("<iI"), struct.Struct("<d"), struct.Struct("<5d")
_NO_POSE = struct.pack("<43d", *(0.0,) * 6, 1.0, *(0.0,) * 36)  # position, quaternion with w = 1, covariance


def serialise_detections(detections: Detections, header: Header, words: Sequence[str] | None = None) -> bytes:
    """The serialised message of :func:`~dl_robotics.messages.detections.encode_detections`.

    :raises MessageError: as that does.
    """
    hypotheses = name_objects(detections, words)
    rows = centred(detections.boxes, hypotheses)
    opening = _STAMP.pack(header.stamp.sec, header.stamp.nanosec) + _text(header.frame_id)
    wire = bytearray(opening)
    _put(wire, 4, _COUNT.pack(len(rows)))
    for (x, y, width, height), guesses, id_ in zip(rows, hypotheses, detections.ids or ("",) * len(rows), strict=True):
        _put(wire, 4, opening)
        _put(wire, 4, _COUNT.pack(len(guesses)))
        for word, score in guesses:
            _put(wire, 4, _text(word))
            _put(wire, 8, _NUMBER.pack(score) + _NO_POSE)
        _put(wire, 8, _BOX.pack(x, y, 0.0, width, height))
        _put(wire, 4, _text(id_))
    return LITTLE_ENDIAN + wire


def _put(wire: bytearray, alignment: int, data: bytes) -> None:
    """Append what has to begin at a multiple of so many bytes."""
    wire += bytes(-len(wire) % alignment) + data


def _text(text: str) -> bytes:
    data = text.encode()
    return _COUNT.pack(len(data) + 1) + data + b"\0"
