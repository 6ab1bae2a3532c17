"""Bags of ROS 1 (``.bag``), read by rosbags; their messages are handed out in CDR, as those of ROS 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from rosbags.interfaces import Connection
from rosbags.rosbag1 import Reader, ReaderError
from rosbags.serde import SerdeError

from dl_robotics.data.bags.storage import HEAD_BYTES, Damage, Entry, Place, Topic, Wanted
from dl_robotics.data.message_types import standard_types


class Rosbag1Storage:
    """A bag of ROS 1; standard message types only, as others have other fields there.

    :raises Damage: if it is damaged; its readable part is that of ROS 1's own ``rosbag reindex``.
    """

    def __init__(self, path: Path, wanted: Wanted) -> None:
        self.path, self.damage = path, ""
        self.entries: dict[str, list[Entry]] = {}
        self._types, self._lock = standard_types(), Lock()
        try:
            self._reader = Reader(path)
            self._reader.open()
            self._connections = {connection.id: connection for connection in self._reader.connections}
            self.topics: Sequence[Topic] = [Topic(c.topic, c.msgtype, c.msgcount) for c in self._connections.values()]
            self._scan([c for c in self._connections.values() if wanted(c.msgtype) and c.msgtype in self._types.types])
        except (ReaderError, SerdeError) as error:
            raise Damage(f"not readable as a bag of ROS 1: {error}") from error

    def read(self, place: Place) -> memoryview:
        """A message in CDR; errors as :class:`Storage`'s."""
        number, received_ns, nth = place
        connection = self._connections[number]
        try:
            with self._lock:
                messages = self._reader.messages([connection], received_ns, received_ns + 1)
                raw = [raw for _, _, raw in messages][nth]
            return self._types.ros1_to_cdr(raw, connection.msgtype)
        except (ReaderError, SerdeError) as error:
            raise Damage(f"a message that cannot be read: {error}") from error

    def _scan(self, connections: list[Connection]) -> None:
        if not connections:
            return
        seen: Counter[tuple[int, int]] = Counter()
        for connection, received_ns, raw in self._reader.messages(connections):
            key = (connection.id, received_ns)
            head = bytes(self._types.ros1_to_cdr(raw, connection.msgtype)[:HEAD_BYTES])
            entry = Entry(received_ns, head, (*key, seen[key]))
            self.entries.setdefault(connection.topic, []).append(entry)
            seen[key] += 1
