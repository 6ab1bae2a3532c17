"""PYSKL's annotation files (Duan et al. 2022): one pickle with all clips of a data set and its official splits.

``annotations`` is a list of dictionaries with ``frame_dir`` (a name), ``label``, ``keypoint`` (M, T, J, 2 or 3), and
for joints in pixels ``keypoint_score`` (M, T, J) and ``img_shape`` (height, width). ``split`` has lists of names. A
file may also be that list alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found, numbered_words
from dl_robotics.data.clips.ntu_names import NtuName
from dl_robotics.data.clips.plain_pickle import load_plain_pickle
from dl_robotics.data.errors import DataError
from dl_robotics.data.views import digest

Annotation = Mapping[str, Any]


def find_pyskl(path: Path, config: ClipsConfig) -> Found:
    """Read a file; labels are numbers, and ``classes`` of the configuration their names.

    :raises DataError: naming file, clip and key of what is missing or does not fit.
    """
    annotations = _annotations(path, load_plain_pickle(path), config.subset)
    labels = [_whole(path, annotation, "label") for annotation in annotations]
    words = numbered_words(config, max(labels, default=0) + 1)
    entries = [
        Entry(words[label], _subject(annotation), partial(_read, path, config, annotation))
        for label, annotation in zip(labels, annotations, strict=True)
    ]
    names = (f"{annotation['frame_dir']} {label}" for annotation, label in zip(annotations, labels, strict=True))
    return Found(words, entries, digest(path.name, *names))


def _annotations(path: Path, content: Any, subset: str) -> list[Annotation]:
    splits: Mapping[str, Any] = {}
    if isinstance(content, Mapping):
        splits, content = content.get("split", {}), content.get("annotations")
    if not isinstance(content, list) or not all(isinstance(one, Mapping) and "frame_dir" in one for one in content):
        raise DataError(f"{path}: annotations: expected a list of dictionaries with the key 'frame_dir'")
    if not subset:
        return content
    if not isinstance(splits, Mapping) or subset not in splits:
        raise DataError(f"{path}: subset: expected one of {', '.join(map(str, splits)) or 'none'}, got {subset!r}")
    wanted = set(splits[subset])
    return [one for one in content if one["frame_dir"] in wanted]


def _read(path: Path, config: ClipsConfig, annotation: Annotation, label: int) -> Clip:
    source = f"{path}: {annotation['frame_dir']}"
    joints = _array(path, annotation, "keypoint")
    flat = joints.shape[-1] == 2
    scores = annotation.get("keypoint_score")
    size = annotation.get("img_shape") if flat else None
    return make_clip(
        config,
        joints.swapaxes(0, 1),
        None if scores is None else _array(path, annotation, "keypoint_score").swapaxes(0, 1),
        label,
        _subject(annotation),
        source,
        axes="pixels" if flat else config.axes,
        image_size=None if size is None else (int(size[1]), int(size[0])),
    )


def _array(path: Path, annotation: Annotation, key: str) -> Any:
    found = annotation.get(key)
    if not isinstance(found, np.ndarray) or found.ndim < 3:
        raise DataError(f"{path}: {annotation['frame_dir']}: {key}: expected an array (people, frames, joints, ...)")
    return found


def _whole(path: Path, annotation: Annotation, key: str) -> int:
    value = annotation.get(key)
    if not isinstance(value, int | np.integer) or value < 0:
        raise DataError(f"{path}: {annotation['frame_dir']}: {key}: expected a number from 0, got {value!r}")
    return int(value)


def _subject(annotation: Annotation) -> int:
    """Who is seen, where the name is one of NTU RGB+D."""
    name = NtuName.parse(str(annotation["frame_dir"]))
    return -1 if name is None else name.subject
