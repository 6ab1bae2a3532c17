"""Series in NumPy's ``.npz`` files, the UEA archive's sets among them.

``series`` is (N, T, C), or (steps, C) with ``lengths`` (N,) that lie end to end. Optional: ``labels`` (N,), words or
numbers; ``classes``, the names that number labels stand for; ``channels`` (C,), names; ``subjects`` (N,), whose series
a split keeps together; ``train_size``, how many of the first series are the official training data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.data.npz import Arrays, check_array, ends_of, load_arrays
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.gaps import filled
from dl_robotics.data.series.series import Read, Signals, Stretch, Values
from dl_robotics.data.views import digest


def read_arrays(path: Path, config: SeriesConfig) -> Read:
    """Read a file.

    :raises DataError: naming file and array of what is missing or does not fit.
    """
    arrays = load_arrays(path, "series")
    series = _series(path, arrays)
    words = _words(path, arrays, len(series))
    subjects = _column(path, arrays, "subjects", len(series))
    channels = tuple(map(str, arrays["channels"])) if "channels" in arrays else numbered(series[0].shape[1])
    check_array(len(channels) == series[0].shape[1], path, "channels", f"{series[0].shape[1]} names", channels)
    chosen = _subset(path, arrays, config.subset, len(series))
    # Series without a subject have blocks that do not touch: no two of them are neighbours in time.
    blocks = 2 * np.arange(len(series)) if subjects is None else 2 * np.unique(subjects, return_inverse=True)[1]
    stretches = [
        Stretch(filled(series[n], f"{path}: series[{n}]"), words[n], int(blocks[n]), f"{path}: series[{n}]")
        for n in chosen
    ]
    version = digest(path.name, *(stretch.values.tobytes() for stretch in stretches), *words)
    return Read(stretches, Signals(channels, (), config.rate_hz), version)


def numbered(channels: int) -> tuple[str, ...]:
    """Names of channels that have none."""
    return tuple(f"channel_{number}" for number in range(channels))


def _series(path: Path, arrays: Arrays) -> Sequence[Values]:
    series = arrays["series"]
    check_array(series.dtype.kind in "fiu", path, "series", "numbers", series.dtype)
    values = series.astype(np.float32)
    lengths = arrays.get("lengths")
    axes = 3 if lengths is None else 2
    check_array(
        values.ndim == axes and values.size > 0, path, "series", f"{axes} axes, none of them empty", series.shape
    )
    if lengths is None:
        return list(values)
    return np.split(values, ends_of(path, lengths, len(values)))


def _words(path: Path, arrays: Arrays, count: int) -> list[str]:
    labels = _column(path, arrays, "labels", count)
    if labels is None:
        return [""] * count
    if "classes" not in arrays or labels.dtype.kind not in "iu":
        return list(map(str, labels.tolist()))
    names = arrays["classes"]
    inside = bool(((labels >= 0) & (labels < len(names))).all())
    check_array(inside, path, "labels", f"0 to {len(names) - 1}, as there are {len(names)} classes", labels)
    return [str(names[label]) for label in labels]


def _column(path: Path, arrays: Arrays, name: str, count: int) -> npt.NDArray[Any] | None:
    column = arrays.get(name)
    check_array(column is None or column.shape == (count,), path, name, f"one for each of {count} series", column)
    return column


def _subset(path: Path, arrays: Arrays, subset: str, count: int) -> range:
    if not subset:
        return range(count)
    check_array("train_size" in arrays, path, "train_size", f"a number, as {subset!r} is asked for", ", ".join(arrays))
    size = int(arrays["train_size"])
    check_array(0 < size < count, path, "train_size", f"1 to {count - 1}", size)
    return range(size) if subset == "train" else range(size, count)
