"""A bag: one or several storage files, their topics and the messages of some types."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rosbags.serde import SerdeError
from rosbags.typesys.store import Typestore

from dl_robotics.config import ConfigError, parse
from dl_robotics.data.bags.compression import plain_file
from dl_robotics.data.bags.mcap import McapStorage
from dl_robotics.data.bags.rosbag1 import Rosbag1Storage
from dl_robotics.data.bags.sqlite import SqliteStorage
from dl_robotics.data.bags.storage import Damage, Entry, Storage, Topic
from dl_robotics.data.errors import DataError
from dl_robotics.data.message_types import add_installed, parse_definition, standard_types

_METADATA = "metadata.yaml"
_SUFFIXES = (".mcap", ".db3", ".bag")


class Found(NamedTuple):
    """A message that has been found in one of a bag's storages."""

    storage: Storage
    entry: Entry


class Recording:
    """A bag, open for reading at random from several threads.

    :param path: a bag's folder, with or without ``metadata.yaml``, or one storage file.
    :param wanted: message types that will be read.
    :param readable_part: use what can be read of damaged files; ``damages`` tells what is missing.
    :raises DataError: naming the file and the topics seen before, if it is damaged, missing or none.
    """

    def __init__(self, path: Path, wanted: Collection[str], readable_part: bool = False) -> None:
        self.path, self.damages = path, list[str]()
        self._wanted, self._readable_part = wanted, readable_part
        self._types = _types(tuple(wanted))
        self._plain_files = TemporaryDirectory(prefix="dl_robotics_bag_")
        self._storages = [storage for file in self._files() if (storage := self._open(file))]
        self._topics = _merge(topic for storage in self._storages for topic in storage.topics)

    @property
    def topics(self) -> dict[str, Topic]:
        """Topics by name, with the numbers of their messages."""
        return self._topics

    def messages(self, topic: str) -> list[Found]:
        """All messages of a topic of a wanted type.

        :raises DataError: if the bag's definition of the type is not the one that is installed.
        """
        self._check_type(self._topics[topic])
        return [Found(storage, entry) for storage in self._storages for entry in storage.entries.get(topic, ())]

    def read(self, found: Found, topic: str) -> Any:
        """A message, as rosbags has it.

        :raises DataError: naming file and topic, if it cannot be read.
        """
        try:
            raw = found.storage.read(found.entry.place)
            return self._types.deserialize_cdr(raw, self._topics[topic].type)
        except (Damage, SerdeError) as error:
            raise DataError(f"{found.storage.path}: {topic}: {error}") from error

    def described(self) -> str:
        """Topics, types and counts in words, for messages."""
        rows = [f"{t.name} ({t.type}, {t.messages} messages)" for t in self._topics.values()]
        return ", ".join(rows) or "no topics"

    def _files(self) -> list[Path]:
        """Storage files in the order of their numbers."""
        if self.path.is_file():
            return [self.path]
        listed = self._listed() if (self.path / _METADATA).exists() else []
        found = sorted(self.path.iterdir(), key=lambda file: [int(n) for n in re.findall(r"\d+", file.name)])
        files = listed or [file for file in found if Path(file.name.removesuffix(".zstd")).suffix in _SUFFIXES]
        if not files:
            raise DataError(f"{self.path}: expected a bag, got a folder without {', '.join(_SUFFIXES)} files")
        for file in files:
            if not file.exists():
                self._endure(f"{file}: listed in {_METADATA}, but missing")
        return [file for file in files if file.exists()]

    def _listed(self) -> list[Path]:
        """The storage files that the metadata name; versions before 4 wrote whole paths."""
        file = self.path / _METADATA
        try:
            content = parse(file.read_text(encoding="utf-8"))
            names = content["rosbag2_bagfile_information"]["relative_file_paths"]
            return [self.path / Path(name).name for name in names]
        except (ConfigError, UnicodeDecodeError, KeyError, TypeError) as error:
            self._endure(f"{file}: expected the metadata of a bag: {type(error).__name__}: {error}")
            return []

    def _open(self, file: Path) -> Storage | None:
        try:
            plain = plain_file(file, Path(self._plain_files.name))
            storage = self._open_plain(plain)
        except (Damage, OSError) as error:
            self._endure(f"{file}: {error}")
            return None
        if storage.damage:
            self.damages.append(f"{file}: {storage.damage}")
        return storage

    def _open_plain(self, file: Path) -> Storage:
        if file.suffix == ".mcap":
            return McapStorage(file, self._wanted.__contains__, self._readable_part)
        if file.suffix == ".db3":
            return SqliteStorage(file, self._wanted.__contains__, self._readable_part)
        if file.suffix == ".bag":
            return Rosbag1Storage(file, self._wanted.__contains__)
        raise Damage(f"expected one of {', '.join(_SUFFIXES)}, got {file.suffix!r}")

    def _endure(self, damage: str) -> None:
        if not self._readable_part:
            raise DataError(f"{damage}. Set readable_part to use what can be read")
        self.damages.append(damage)

    def _check_type(self, topic: Topic) -> None:
        """Refuse another version of a message: its fields would be taken for others."""
        if not topic.definition:
            return
        try:
            defined = parse_definition(topic.definition, topic.type)
        except DataError as error:
            raise DataError(f"{self.path}: {topic.name}: {error}") from error
        for name, (_, fields) in defined.items():
            known = self._types.fielddefs.get(name)
            if known is not None and [tuple(field) for field in fields] != [tuple(field) for field in known[1]]:
                ours, theirs = ([field[0] for field in side] for side in (known[1], fields))
                raise DataError(f"{self.path}: {topic.name}: expected {name} with the fields {ours}, got {theirs}")


@lru_cache
def _types(wanted: tuple[str, ...]) -> Typestore:
    """A store for reading messages of some types; making one takes a second."""
    types = standard_types()
    for message_type in wanted:
        add_installed(types, message_type)
    return types


def _merge(topics: Any) -> dict[str, Topic]:
    """Topics by name; what split bags have of one is added up."""
    merged: dict[str, Topic] = {}
    for topic in topics:
        known = merged.get(topic.name)
        merged[topic.name] = topic._replace(messages=topic.messages + known.messages) if known else topic
    return merged
