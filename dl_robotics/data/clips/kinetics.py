"""Kinetics-skeleton (Yan et al. 2018): a JSON file a clip, 18 joints of OpenPose at 30 Hz, as shares of the image.

A folder has ``kinetics_train`` and ``kinetics_val`` with the clips, and beside them ``kinetics_train_label.json`` and
``kinetics_val_label.json``; without these, the clips themselves tell their labels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.views import digest

WIDTH, HEIGHT = 340, 256  # of the images that the joints were found in
PARTS = ("train", "val")


def find_kinetics(path: Path, config: ClipsConfig) -> Found:
    """The clips of a folder. Those in which nobody was seen are left out, as their label says.

    :raises DataError: naming the file that cannot be used.
    """
    notes, labels = Notes(path), dict[str, int]()
    entries, names = [], []
    for file, about in _clips(path, config.subset):
        if not about.get("has_skeleton", True):
            notes.add("clips without people left out", str(file))
            continue
        word, number = about.get("label"), about.get("label_index")
        if not isinstance(word, str) or not isinstance(number, int):
            raise DataError(f"{file}: expected the keys 'label', a word, and 'label_index', a number; got {about}")
        labels[word] = number
        entries.append(Entry(word, -1, partial(_read, file, config)))
        names.append(f"{file.name} {number}")
    notes.tell()
    return Found(sorted(labels, key=labels.__getitem__), entries, digest(*names))


def _clips(path: Path, subset: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each clip's file, and what is said about it."""
    if subset not in ("", *PARTS):
        raise DataError(f"{path}: subset: expected one of {', '.join(PARTS)}, got {subset!r}")
    parts = [part for part in PARTS if (path / f"kinetics_{part}").is_dir() and subset in ("", part)]
    if not parts and subset:
        raise DataError(f"{path / f'kinetics_{subset}'}: expected a folder of clips")
    for folder in [path / f"kinetics_{part}" for part in parts] or [path]:
        said = folder.with_name(f"{folder.name}_label.json")
        known = _load(said) if said.exists() else {}
        for file in sorted(folder.glob("*.json")):
            yield file, known[file.stem] if file.stem in known else _load(file)


def _load(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{file}: expected JSON: {error}") from error
    if not isinstance(content, dict):
        raise DataError(f"{file}: expected an object, got {type(content).__name__}")
    return content


def _read(file: Path, config: ClipsConfig, label: int) -> Clip:
    """A clip; of each frame's people those with the highest scores come first, as there are no tracks."""
    frames = _load(file).get("data")
    if not isinstance(frames, list) or not frames:
        raise DataError(f"{file}: data: expected frames, got {frames!r}")
    num_joints = len(config.skeleton.joints)
    numbers = [_frame_index(file, frame) for frame in frames]
    table = np.zeros((max(numbers), config.persons, num_joints, 3), np.float32)
    for number, frame in zip(numbers, frames, strict=True):
        people = [_person(file, number, skeleton, num_joints) for skeleton in frame["skeleton"]]
        people.sort(key=lambda one: -float(one[:, 2].sum()))
        for place, person in enumerate(people[: config.persons]):
            table[number - 1, place] = person
    places = table[..., :2] * np.array([WIDTH, HEIGHT], np.float32)
    size = (WIDTH, HEIGHT)
    return make_clip(config, places, table[..., 2], label, -1, str(file), axes="pixels", image_size=size)


def _frame_index(file: Path, frame: Any) -> int:
    number = frame.get("frame_index") if isinstance(frame, dict) else None
    if not isinstance(number, int) or not 1 <= number <= 100_000 or not isinstance(frame.get("skeleton"), list):
        raise DataError(f"{file}: data: expected 'frame_index', from 1, and 'skeleton', a list; got {str(frame)[:80]}")
    return number


def _person(file: Path, number: int, skeleton: Any, num_joints: int) -> Any:
    """(J, 3) x, y, score."""
    pose, score = (_numbers(skeleton, key) for key in ("pose", "score"))
    if len(pose) != 2 * num_joints or len(score) != num_joints:
        expected = f"'pose' and 'score' of the {num_joints} joints of the layout"
        raise DataError(f"{file}: frame {number}: expected {expected}, got {len(pose)} and {len(score)} numbers")
    return np.column_stack([np.reshape(pose, (-1, 2)), score])


def _numbers(skeleton: Any, key: str) -> Sequence[float]:
    values = skeleton.get(key) if isinstance(skeleton, dict) else None
    fits = isinstance(values, list) and all(isinstance(value, int | float) for value in values)
    return values if fits and values is not None else ()
