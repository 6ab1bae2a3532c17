"""Clips in NumPy's ``.npz`` files.

``joints`` is (frames, J, D) or (frames, M, J, D) with ``lengths`` (N,) of clips that lie end to end; or, without
``lengths``, (N, T, J, D) or (N, T, M, J, D). D is 2 or 3. ``labels`` (N,) are words, or numbers among ``classes``.
Optional: ``scores`` shaped as ``joints`` without D; ``subjects`` (N,); ``stamps_s``, shaped as the frames; and
``image_size``, width and height in pixels.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found, numbered_words
from dl_robotics.data.npz import Array, Arrays, check_array, ends_of, load_arrays
from dl_robotics.data.views import digest


def find_arrays(path: Path, config: ClipsConfig) -> Found:
    """Read a file.

    :raises DataError: naming file and array of what is missing or does not fit.
    """
    arrays = load_arrays(path, "joints", "labels")
    pieces = _pieces(path, arrays)
    words, named = _words(path, config, arrays, len(pieces))
    subjects = _of_clips(path, arrays, "subjects", len(pieces)) if "subjects" in arrays else np.full(len(pieces), -1)
    size = _image_size(path, arrays)
    entries = [
        Entry(words[n], int(subjects[n]), partial(_read, path, config, pieces[n], n, int(subjects[n]), size))
        for n in range(len(pieces))
    ]
    version = digest(path.name, *(arrays[name].tobytes() for name in ("joints", "labels")))
    return Found(named, entries, version)


def _read(
    path: Path,
    config: ClipsConfig,
    piece: Arrays,
    number: int,
    subject: int,
    image_size: tuple[int, int] | None,
    label: int,
) -> Clip:
    joints, scores = piece["joints"], piece.get("scores")
    if joints.ndim == 3:  # one person
        joints, scores = joints[:, None], None if scores is None else scores[:, None]
    source, stamps_s = f"{path}: clip {number}", piece.get("stamps_s")
    if stamps_s is not None:
        rising = stamps_s.shape == joints.shape[:1] and bool((np.diff(stamps_s) > 0.0).all())
        check_array(rising, path, "stamps_s", f"rising seconds in clip {number}", stamps_s)
    return make_clip(
        config,
        joints,
        scores,
        label,
        subject,
        source,
        axes=config.axes,
        stamps_s=None if stamps_s is None else stamps_s.astype(np.float64),
        image_size=image_size,
    )


def _pieces(path: Path, arrays: Arrays) -> list[dict[str, Array]]:
    """The arrays of each clip."""
    joints, per_frame = arrays["joints"], [name for name in ("joints", "scores", "stamps_s") if name in arrays]
    axes = 3 + int("lengths" not in arrays)
    check_array(joints.ndim in (axes, axes + 1), path, "joints", f"{axes} or {axes + 1} axes", joints.shape)
    for name in per_frame[1:]:
        shape = arrays[name].shape
        fits = len(shape) > 0 and shape == joints.shape[: len(shape)]
        check_array(fits, path, name, f"axes as joints has, {joints.shape}", shape)
    if "lengths" in arrays:
        ends = ends_of(path, arrays["lengths"], len(joints))
        split = {name: np.split(arrays[name], ends) for name in per_frame}
    else:
        split = {name: list(arrays[name]) for name in per_frame}
    return [dict(zip(split, parts, strict=True)) for parts in zip(*split.values(), strict=True)]


def _words(path: Path, config: ClipsConfig, arrays: Arrays, count: int) -> tuple[list[str], list[str]]:
    """The word of each clip, and all words in the order of their numbers."""
    labels = _of_clips(path, arrays, "labels", count)
    if labels.dtype.kind not in "iu":
        words = [str(word) for word in labels]
        return words, sorted(set(words))
    numbers = labels.tolist()
    named = [str(name) for name in arrays.get("classes", ())]
    names = named or numbered_words(config, max(numbers, default=0) + 1)
    known = min(numbers, default=0) >= 0 and max(numbers, default=0) < len(names)
    check_array(known, path, "labels", f"0 to {len(names) - 1}, of classes", labels)
    return [names[number] for number in numbers], names


def _of_clips(path: Path, arrays: Arrays, name: str, count: int) -> Array:
    values = arrays[name]
    check_array(values.shape == (count,), path, name, f"one for each of {count} clips", values.shape)
    return values


def _image_size(path: Path, arrays: Arrays) -> tuple[int, int] | None:
    if "image_size" not in arrays:
        return None
    size = arrays["image_size"].ravel().tolist()
    check_array(len(size) == 2 and min(size) > 0, path, "image_size", "width and height in pixels", size)
    return int(size[0]), int(size[1])
