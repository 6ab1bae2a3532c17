"""What touches what: ``ros_gz_interfaces/Contacts``, as Gazebo's contact sensors send it over ros_gz_bridge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from ros_gz_interfaces.msg import Contact as ContactMessage
from ros_gz_interfaces.msg import Contacts, Entity

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.vectors import decode_vector, encode_vector
from dl_robotics.ops.contacts import Contact
from dl_robotics.ops.geometry import Array

MAX_POINTS = 10_000  # what a broken message can make the reader allocate is bounded


class StampedContacts(NamedTuple):
    """Contacts at a time, maybe none; their places are in ``frame_id``."""

    stamp_ns: int
    frame_id: str
    contacts: tuple[Contact, ...]


def decode_contacts(message: Any) -> StampedContacts:
    """Read a ``ros_gz_interfaces/Contacts``; forces are not looked at. Normals and depths that Gazebo's engine does not
    tell are NaN.

    :raises MessageError: naming the field, for a component that is not finite, for lists of a contact that differ in
        length, and for more points than there can be.
    """
    contacts = tuple(_decode(one, f"contacts[{index}]") for index, one in enumerate(message.contacts))
    return StampedContacts(*decode_header(message.header), contacts)


def encode_contacts(stamped: StampedContacts) -> Contacts:
    """The ``ros_gz_interfaces/Contacts`` of contacts, without forces; errors as :func:`decode_contacts`."""
    contacts = [_encode(one, f"contacts[{index}]") for index, one in enumerate(stamped.contacts)]
    return Contacts(header=encode_header(stamped.stamp_ns, stamped.frame_id), contacts=contacts)


def _decode(message: Any, field: str) -> Contact:
    count = len(message.positions)
    check(count <= MAX_POINTS, f"{field}.positions", f"at most {MAX_POINTS} points", count)
    for name in ("normals", "depths"):
        told = len(getattr(message, name))
        check(told in (0, count), f"{field}.{name}", f"as many as positions, {count}, or none", told)
    depths = np.full(count, np.nan)
    depths[: len(message.depths)] = message.depths
    check(bool(np.isfinite(message.depths).all()), f"{field}.depths", "finite numbers", depths)
    return Contact(
        str(message.collision1.name),
        str(message.collision2.name),
        _vectors(message.positions, count, f"{field}.positions"),
        _vectors(message.normals, count, f"{field}.normals"),
        depths,
    )


def _encode(contact: Contact, field: str) -> ContactMessage:
    first, second = (Entity(name=name, type=Entity.COLLISION) for name in (contact.first, contact.second))
    return ContactMessage(
        collision1=first,
        collision2=second,
        positions=[encode_vector(place, f"{field}.positions") for place in contact.positions],
        normals=[encode_vector(normal, f"{field}.normals") for normal in contact.normals],
        depths=[float(depth) for depth in contact.depths],
    )


def _vectors(messages: Sequence[Any], count: int, field: str) -> Array:
    """(count, 3), NaN if there are no messages."""
    vectors = np.full((count, 3), np.nan)
    for index, one in enumerate(messages):
        vectors[index] = decode_vector(one, f"{field}[{index}]")
    return vectors
