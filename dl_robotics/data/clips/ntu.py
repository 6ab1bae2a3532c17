"""NTU RGB+D's ``.skeleton`` files: text, one a clip, 25 joints of the second Kinect in metres at 30 Hz."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found
from dl_robotics.data.clips.ntu_names import SUBSETS, NtuName, belongs
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.views import digest

SUFFIX = ".skeleton"
BODY_FIELDS = 10  # number, clipped edges, confidence and state of each hand, restricted, lean x, lean y, tracking state
JOINT_FIELDS = 12  # x, y, z, depth x, depth y, colour x, colour y, orientation w, x, y, z, tracking state
TRACKED = {"0": 0.0, "1": 0.5, "2": 1.0}  # scores of: not seen, inferred, tracked
EMPTY_BYTES = 4096  # a larger file has people in it: each takes about this much a frame


def find_ntu(path: Path, config: ClipsConfig) -> Found:
    """The clips of a folder, or one; their words are ``A001`` and so on. Clips in which nobody was seen are left out.

    :raises DataError: for names that are not NTU RGB+D's, and unknown subsets.
    """
    if config.subset not in ("", *SUBSETS):
        raise DataError(f"{path}: subset: expected one of {', '.join(SUBSETS)}, got {config.subset!r}")
    notes, entries, names = Notes(path), [], []
    for file in [path] if path.is_file() else sorted(path.rglob(f"*{SUFFIX}")):
        name = NtuName.parse(file.stem)
        if name is None:
            raise DataError(f"{file}: expected a name like S001C002P003R002A013{SUFFIX}")
        if not belongs(name, config.subset):
            continue
        if _is_empty(file):
            notes.add("clips without people left out", str(file))
            continue
        entries.append(Entry(f"A{name.action:03}", name.subject, partial(_read, file, config, name.subject)))
        names.append(file.name)
    notes.tell()
    return Found(sorted({entry.word for entry in entries}), entries, digest(*names))


def _is_empty(file: Path) -> bool:
    return file.stat().st_size < EMPTY_BYTES and all(len(line.split()) <= 1 for line in _lines(file))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: expected a text file: {error}") from error


def _read(file: Path, config: ClipsConfig, subject: int, label: int) -> Clip:
    frames = list(_Reader(file).frames())
    bodies = sorted({body for frame in frames for body in frame})
    if not bodies:
        raise DataError(f"{file}: expected people, got none in {len(frames)} frames")
    num_joints = len(config.skeleton.joints)
    table = np.zeros((len(frames), len(bodies), num_joints, 4), np.float32)
    for number, frame in enumerate(frames):
        for body, rows in frame.items():
            if len(rows) != num_joints:
                expected = f"{num_joints} joints of the layout {config.layout}"
                raise DataError(f"{file}: frame {number}: expected {expected}, got {len(rows)}")
            table[number, bodies.index(body)] = rows
    return make_clip(config, table[..., :3], table[..., 3], label, subject, str(file), axes="kinect")


class _Reader:
    """Goes through a file line by line."""

    def __init__(self, file: Path) -> None:
        self._file, self._lines, self._number = file, _lines(file), 0

    def frames(self) -> Iterator[dict[str, list[list[float]]]]:
        """Each frame's people by their number: x, y, z and score of every joint."""
        for _ in range(self._count()):
            people = {}
            for _ in range(self._count()):
                body = self._body()
                people[body] = [self._joint() for _ in range(self._count())]
            yield people

    def _body(self) -> str:
        """The number of a person, as the file has it."""
        expected = f"the {BODY_FIELDS} numbers of a person"
        words = self._next(expected)
        if len(words) != BODY_FIELDS:
            raise self._error(expected)
        return words[0]

    def _joint(self) -> list[float]:
        words = self._next(f"the {JOINT_FIELDS} numbers of a joint")
        if len(words) == JOINT_FIELDS and words[-1] in TRACKED:
            try:
                return [*map(float, words[:3]), TRACKED[words[-1]]]
            except ValueError:
                pass  # told below
        raise self._error(f"the {JOINT_FIELDS} numbers of a joint, the last of them 0, 1 or 2")

    def _count(self) -> int:
        words = self._next("a number")
        if len(words) != 1 or not words[0].isdecimal():
            raise self._error("a number")
        return int(words[0])

    def _next(self, expected: str) -> list[str]:
        self._number += 1
        if self._number > len(self._lines):
            raise DataError(f"{self._file}:{self._number}: expected {expected}, got the end of the file")
        return self._lines[self._number - 1].split() or [""]

    def _error(self, expected: str) -> DataError:
        return DataError(f"{self._file}:{self._number}: expected {expected}, got {self._lines[self._number - 1]!r}")
