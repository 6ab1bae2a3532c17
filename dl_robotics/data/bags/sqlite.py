"""rosbag2's SQLite files (``.db3``), of every version."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import apsw
import numpy as np

from dl_robotics.data.bags.compression import ZSTD_MAGIC, plain_message
from dl_robotics.data.bags.storage import HEAD_BYTES, Damage, Entry, Place, Topic, Wanted

_MAPPED_BYTES = 1 << 40  # as much as SQLite was built to map
_FILE_HEAD = struct.Struct(">16sH6xII60xI4x")  # name, bytes of a page, changes, pages, change that the pages belong to


class SqliteStorage:
    """A SQLite file of a bag.

    :param readable_part: find the messages before what is damaged.
    :raises Damage: if the file is damaged, and its readable part is not asked for.
    """

    def __init__(self, path: Path, wanted: Wanted, readable_part: bool) -> None:
        self.path, self.damage = path, ""
        self.topics: Sequence[Topic] = ()
        self.entries: dict[str, list[Entry]] = {}
        self._lock, self._readable_part = Lock(), readable_part
        missing = _missing_bytes(path)
        if missing > 0:
            self._endure(Damage(f"ends early: {missing} bytes are missing"))
        try:
            self._database = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
            self._database.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
            if readable_part:
                # Otherwise SQLite refuses a file that is shorter than its first page says.
                self._database.execute("PRAGMA writable_schema = ON")
            self._scan(wanted)
        except (apsw.Error, UnicodeDecodeError) as error:
            raise Damage(f"not readable as a bag's SQLite file: {error}") from error

    def read(self, place: Place) -> bytes | memoryview:
        """A message in CDR; errors as :class:`Storage`'s."""
        return plain_message(self._read(place[0]))

    def _read(self, number: int, limit: int | None = None) -> memoryview:
        """The first bytes of a message, or all. A SELECT takes twenty times as long for an image."""
        try:
            with self._lock, self._database.blob_open("main", "messages", "data", number, False) as blob:
                size = blob.length()
                data: Any = np.empty(size if limit is None else min(size, limit), np.uint8)
                blob.read_into(data)
        except apsw.Error as error:
            raise Damage(f"message {number}: {error}") from error
        return memoryview(data)

    def _scan(self, wanted: Wanted) -> None:
        definitions = self._definitions()
        rows = list(self._database.execute("SELECT id, name, type, serialization_format FROM topics"))
        names = {number: str(name) for number, name, kind, encoding in rows if encoding == "cdr" and wanted(kind)}
        counts: Counter[int] = Counter()
        for number, topic_id, received_ns in self._rows():
            counts[topic_id] += 1
            if topic_id in names:
                self._add(names[topic_id], number, received_ns)
        self.topics = [Topic(str(name), str(kind), counts[i], definitions.get(kind, "")) for i, name, kind, _ in rows]

    def _add(self, topic: str, number: int, received_ns: int) -> None:
        try:
            # What is damaged may be the end of a message.
            head = self._read(number, None if self._readable_part else HEAD_BYTES)
            if bytes(head[:4]) == ZSTD_MAGIC:
                head = memoryview(self.read((number,)))
        except Damage as error:
            self._endure(error)
            return
        self.entries.setdefault(topic, []).append(Entry(received_ns, bytes(head[:HEAD_BYTES]), (number,)))

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        try:
            for row in self._database.execute("SELECT id, topic_id, timestamp FROM messages ORDER BY id"):
                if all(isinstance(value, int) for value in row):
                    yield row
                else:
                    self._endure(Damage(f"damaged: message {row[0]} without numbers of its topic and time"))
        except apsw.Error as error:
            self._endure(Damage(f"damaged: {error}"))

    def _endure(self, error: Damage) -> None:
        if not self._readable_part:
            raise error
        self.damage = self.damage or str(error)

    def _definitions(self) -> dict[str, str]:
        """Texts of the message types; bags before Iron have none."""
        tables = {name for (name,) in self._database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "message_definitions" not in tables:
            return {}
        rows = self._database.execute("SELECT topic_type, encoded_message_definition FROM message_definitions")
        return {str(kind): str(definition) for kind, definition in rows}


def _missing_bytes(path: Path) -> int:
    """By how much a file is shorter than its head says (https://sqlite.org/fileformat.html), or 0."""
    with path.open("rb") as file:
        head = file.read(_FILE_HEAD.size)
    if len(head) < _FILE_HEAD.size:
        return 0
    _, page_bytes, changes, pages, valid_for = _FILE_HEAD.unpack(head)
    return pages * (65536 if page_bytes == 1 else page_bytes) - path.stat().st_size if changes == valid_for else 0
