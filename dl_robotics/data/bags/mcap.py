"""MCAP files (https://mcap.dev/spec): every message is found by walking through the records, whole index or not."""

from __future__ import annotations

import mmap
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dl_robotics.data.bags.compression import decompress, plain_message
from dl_robotics.data.bags.storage import HEAD_BYTES, Damage, Entry, Place, Topic, Wanted

MAGIC = b"\x89MCAP0\r\n"
_HEADER, _FOOTER, _SCHEMA, _CHANNEL, _MESSAGE, _CHUNK = 1, 2, 3, 4, 5, 6
_MESSAGE_HEAD = struct.Struct("<HIQQ")  # channel, sequence, logged, published
_CHUNK_HEAD = struct.Struct("<QQQI")  # first and last time, size, checksum
_CACHED_CHUNKS = 8


class _Channel(NamedTuple):
    topic: str
    type: str
    wanted: bool


class McapStorage:
    """An MCAP file; messages that are not compressed are handed out without a copy.

    :param readable_part: find the messages before and between what is damaged.
    :raises Damage: if the file is damaged or ends early, and its readable part is not asked for.
    """

    def __init__(self, path: Path, wanted: Wanted, readable_part: bool) -> None:
        self.path, self.damage = path, ""
        self.entries: dict[str, list[Entry]] = {}
        self._wanted, self._readable_part = wanted, readable_part
        self._schemas: dict[int, tuple[str, str]] = {}
        self._channels: dict[int, _Channel] = {}
        self._counts: Counter[int] = Counter()
        self._chunks: list[tuple[str, int, int, int, int]] = []
        self._chunk = lru_cache(_CACHED_CHUNKS)(self._decompress)
        self._data = _map(path)
        try:
            self._scan()
        except Damage as error:
            self._endure(error)
        except struct.error as error:
            self._endure(Damage(f"damaged: a record shorter than its fields: {error}"))

    @property
    def topics(self) -> list[Topic]:
        """Topics seen so far, a damaged file's too."""
        definitions = dict(self._schemas.values())
        return [Topic(c.topic, c.type, self._counts[i], definitions.get(c.type, "")) for i, c in self._channels.items()]

    def read(self, place: Place) -> bytes | memoryview:
        """A message in CDR; errors as :class:`Storage`'s."""
        start, end, chunk = place
        return plain_message((self._data if chunk < 0 else self._chunk(chunk))[start:end])

    def _endure(self, error: Damage) -> None:
        if not self._readable_part:
            raise error
        self.damage = self.damage or str(error)

    def _scan(self) -> None:
        if bytes(self._data[: len(MAGIC)]) != MAGIC:
            raise Damage(f"expected an MCAP file, got one that starts with {bytes(self._data[:8])!r}")
        try:
            for kind, start, end in _records(self._data, len(MAGIC), len(self._data)):
                if kind == _FOOTER:
                    return
                if kind == _CHUNK:
                    self._scan_chunk(start, end)
                else:
                    self._scan_record(self._data, kind, start, end, -1)
        except _CutOff as cut:
            if cut.kind == _CHUNK and self._readable_part:
                self._scan_plain(*_text(self._data, cut.start + _CHUNK_HEAD.size), len(self._data))
            raise
        raise Damage(f"ends early, at byte {len(self._data)}: its recorder did not finish, or a part is missing")

    def _scan_chunk(self, start: int, end: int) -> None:
        *_, size, checksum = _CHUNK_HEAD.unpack_from(self._data, start)
        compression, start = _text(self._data, start + _CHUNK_HEAD.size)
        self._chunks.append((compression, start + 8, end, size, checksum))
        number = len(self._chunks) - 1
        try:
            records = self._chunk(number)
        except Damage as error:
            self._endure(error)
            return
        if compression:
            for kind, first, last in _records(records, 0, len(records)):
                self._scan_record(records, kind, first, last, number)
        else:
            self._scan_plain(compression, start, end)

    def _scan_plain(self, compression: str, start: int, end: int) -> None:
        """Find the messages in a chunk as it lies in the file, unless it is compressed."""
        if not compression:
            for kind, first, last in _records(self._data, start + 8, end):
                self._scan_record(self._data, kind, first, last, -1)

    def _scan_record(self, data: memoryview, kind: int, start: int, end: int, chunk: int) -> None:
        if kind == _MESSAGE:
            number, _, logged_ns, _ = _MESSAGE_HEAD.unpack_from(data, start)
            channel = self._channels.get(number)
            if channel is None:
                raise Damage(f"message of channel {number}, which is not declared")
            self._counts[number] += 1
            if channel.wanted:
                start += _MESSAGE_HEAD.size
                head = bytes(plain_message(data[start:end])[:HEAD_BYTES])
                self.entries.setdefault(channel.topic, []).append(Entry(logged_ns, head, (start, end, chunk)))
        elif kind == _SCHEMA:
            self._add_schema(data, start)
        elif kind == _CHANNEL:
            self._add_channel(data, start)

    def _add_schema(self, data: memoryview, start: int) -> None:
        (number,) = struct.unpack_from("<H", data, start)
        name, start = _text(data, start + 2)
        _, start = _text(data, start)
        definition, _ = _text(data, start)
        self._schemas[number] = (name, definition)

    def _add_channel(self, data: memoryview, start: int) -> None:
        number, schema = struct.unpack_from("<HH", data, start)
        topic, start = _text(data, start + 4)
        encoding, _ = _text(data, start)
        kind, _ = self._schemas.get(schema, ("of no declared type", ""))
        self._channels[number] = _Channel(topic, kind, encoding == "cdr" and self._wanted(kind))

    def _decompress(self, number: int) -> memoryview:
        compression, start, end, size, checksum = self._chunks[number]
        records = decompress(self._data[start:end], compression, size)
        if checksum and zlib.crc32(records) != checksum:
            raise Damage(f"damaged between bytes {start} and {end}: the checksum differs")
        return records


class _CutOff(Damage):
    """A record that reaches beyond the end of what it is in."""

    def __init__(self, kind: int, start: int, size: int, left: int) -> None:
        super().__init__(f"damaged or cut off at byte {start - 9}: a record of {size} bytes, {left} are left")
        self.kind, self.start = kind, start


def _records(data: memoryview, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each record's content."""
    while start < end:
        if start + 9 > end:
            raise Damage(f"ends early, in the middle of a record at byte {start}")
        kind, size = struct.unpack_from("<BQ", data, start)
        start += 9
        if kind == 0 or size > end - start:
            raise _CutOff(kind, start, size, end - start)
        yield kind, start, start + size
        start += size


def _text(data: memoryview, start: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (size,) = struct.unpack_from("<I", data, start)
    end = start + 4 + size
    try:
        return str(data[start + 4 : end], "utf-8"), end
    except UnicodeDecodeError as error:
        raise Damage(f"damaged at byte {start}: a text that is none") from error


def _map(path: Path) -> memoryview:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            raise Damage("expected an MCAP file, got an empty one")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
