"""Writing bags: rosbag2 files (sqlite3 or mcap) of messages, as they came over the wire or made here."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeAlias

from rosbags.interfaces import Connection, Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.rosbag2 import StoragePlugin, Writer
from typing_extensions import Self

from dl_robotics.data.errors import DataError
from dl_robotics.data.message_types import add_installed, serialise, standard_types, type_name
from dl_robotics.errors import UserError

Storage: TypeAlias = Literal["sqlite3", "mcap"]

FORMAT_VERSION: Literal[9] = 9  # of metadata.yaml: what Jazzy and newer write

_NEVER = QosTime(2147483647, 4294967295)  # how rosbag2 spells a duration without end


def offered_qos(depth: int = 10, *, reliable: bool = True, latched: bool = False) -> Qos:
    """What a topic's publisher offers, for those who play the bag.

    :param latched: whether those who come late get the last messages (transient local).
    """
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=depth,
        reliability=QosReliability.RELIABLE if reliable else QosReliability.BEST_EFFORT,
        durability=QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        deadline=_NEVER,
        lifespan=_NEVER,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=_NEVER,
        avoid_ros_namespace_conventions=False,
    )


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
        self._types = standard_types()
        self._connections: dict[str, Connection] = {}
        self.messages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Finish the bag: only now is it complete."""
        self._writer.close()

    def add_topic(self, topic: str, message_type: str, qos: Qos | None = None) -> None:
        """Make room for a topic.

        :param message_type: e.g. ``sensor_msgs/msg/LaserScan``.
        :param qos: what its publisher offers; reliable by default.
        :raises RecordingError: if the type is neither standard nor installed.
        """
        try:
            add_installed(self._types, message_type)
        except DataError as error:
            raise RecordingError(f"{self._path}: {topic}: {error}") from error
        self._connections[topic] = self._writer.add_connection(
            topic, message_type, typestore=self._types, offered_qos_profiles=[qos or offered_qos()]
        )

    def write(self, topic: str, stamp_ns: int, serialised: bytes | memoryview) -> None:
        """Append a message in CDR.

        :param stamp_ns: when it was received.
        :raises KeyError: for a topic that was not added.
        """
        self._writer.write(self._connections[topic], stamp_ns, serialised)
        self.messages += 1

    def write_message(self, topic: str, message: Any, stamp_ns: int, *, latched: bool = False) -> None:
        """Append a message as the encoders of ``messages/`` make it; its topic is added with the first one.

        :param stamp_ns: when it was received.
        :param latched: whether the topic is transient local, as ``LabelInfo`` is.
        :raises RecordingError: as :meth:`add_topic`.
        """
        if topic not in self._connections:
            self.add_topic(topic, type_name(message), offered_qos(latched=latched))
        self.write(topic, stamp_ns, serialise(self._types, message))
