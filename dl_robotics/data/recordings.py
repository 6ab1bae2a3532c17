"""Writing bags: rosbag2 files (sqlite3 or mcap) of messages as they came over the wire."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from rosbags.interfaces import Connection, Qos
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from dl_robotics.errors import UserError

Storage: TypeAlias = Literal["sqlite3", "mcap"]

FORMAT_VERSION: Literal[9] = 9  # of metadata.yaml: what Jazzy and newer write


class RecordingError(UserError):
    """A bag that cannot be written; the message names it and the reason."""


class BagWriter:
    """Writes one bag; it is complete once it is closed.

    :param path: folder of the bag; must not exist.
    :raises RecordingError: if it exists.
    """

    def __init__(self, path: Path, storage: Storage = "mcap") -> None:
        if path.exists():
            raise RecordingError(f"{path}: expected the name of a new bag, it exists")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._writer = Writer(path, version=FORMAT_VERSION, storage_plugin=StoragePlugin[storage.upper()])
        self._writer.open()
        self._types = get_typestore(Stores.ROS2_KILTED)
        self._connections: dict[str, Connection] = {}
        self.messages = 0

    def close(self) -> None:
        """Finish the bag: only now is it complete."""
        self._writer.close()

    def add_topic(self, topic: str, message_type: str, qos: Qos) -> None:
        """Make room for a topic.

        :param message_type: e.g. ``sensor_msgs/msg/LaserScan``.
        :param qos: what its publisher offers, for those who play the bag.
        :raises RecordingError: if the type is unknown.
        """
        if message_type not in self._types.fielddefs:
            raise RecordingError(f"{self._path}: {topic}: expected a standard message type, got {message_type}")
        self._connections[topic] = self._writer.add_connection(
            topic, message_type, typestore=self._types, offered_qos_profiles=[qos]
        )

    def write(self, topic: str, stamp_ns: int, serialised: bytes) -> None:
        """Append a message in CDR.

        :param stamp_ns: when it was received.
        :raises KeyError: for a topic that was not added.
        """
        self._writer.write(self._connections[topic], stamp_ns, serialised)
        self.messages += 1
