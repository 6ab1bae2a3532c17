"""What a topic of a bag says over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.recording import Found, Recording
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.numeric_fields import read_stamp_ns

Stamps = npt.NDArray[np.int64]
Value = TypeVar("Value")


class Stamped(NamedTuple):
    """What messages of a topic say, in the order of their stamps, each stamp once.

    :param stamps_ns: (n,) of their headers; of messages without one, when they were received.
    :param received_ns: (n,).
    :param values: n.
    :param has_header: whether the stamps are those of headers.
    """

    stamps_ns: Stamps
    received_ns: Stamps
    values: list[Any]
    has_header: bool

    def on_clock_of(self, other: Stamped) -> Stamped:
        """The same with the stamps that messages of another topic carry which were received at the same time.

        Messages received before the first or after the last of them get its stamp.
        """
        if self.has_header or not other.has_header:
            return self
        order = np.argsort(other.received_ns, kind="stable")
        origin_ns = other.stamps_ns.min()
        received, stamps = other.received_ns[order], other.stamps_ns[order] - origin_ns
        at = np.interp((self.received_ns - received[0]).astype(np.float64), received - received[0], stamps)
        return self._replace(stamps_ns=at.round().astype(np.int64) + origin_ns)


def read_topic(
    bag: Recording,
    topic: str,
    message_type: str,
    read: Callable[[Any], Value],
    notes: Notes,
    skip: bool,
    *,
    by_arrival: bool = False,
) -> Stamped:
    """Read all messages of a topic.

    :param read: what is wanted of a message; messages for which it raises a MessageError are noted and left out.
    :param skip: whether damaged messages are noted and left out, too.
    :param by_arrival: whether stamps are when messages were received, whatever headers say: goals may all carry 0.
    :raises DataError: naming bag and topic, if the topic or its type is another, or no message can be used.
    """
    found = bag.topics.get(topic)
    if found is None or found.type != message_type or not found.messages:
        raise DataError(f"{bag.path}: expected messages of {message_type} on {topic}; got {bag.described()}")
    rows = list(_rows(bag, topic, read, notes, skip))
    if not rows:
        raise DataError(f"{bag.path}: {topic}: expected messages that can be used, got none; {notes.lines()[-1]}")
    stamps, received, values = zip(*rows, strict=True)
    has_header = not by_arrival and all(stamp is not None for stamp in stamps)
    received_ns = np.array(received, np.int64)
    stamps_ns = np.array(stamps, np.int64) if has_header else received_ns
    _, first = np.unique(stamps_ns, return_index=True)
    return Stamped(stamps_ns[first], received_ns[first], [values[n] for n in first.tolist()], has_header)


def _rows(
    bag: Recording, topic: str, read: Callable[[Any], Value], notes: Notes, skip: bool
) -> Iterator[tuple[int | None, int, Value]]:
    for found in bag.messages(topic):
        try:
            message = bag.read(found, topic)
            yield read_stamp_ns(message), found.entry.received_ns, read(message)
        except DataError as error:
            if not skip:
                raise
            notes.add("damaged messages left out", str(error))
        except MessageError as error:
            notes.add("messages that cannot be used left out", f"{_place(found, topic)}: {error}")


def _place(found: Found, topic: str) -> str:
    return f"{found.storage.path}: {topic}: message received at {found.entry.received_ns} ns"
