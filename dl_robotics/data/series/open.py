"""Series by their paths: bags and files become one collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from dl_robotics.data.collection import Collection
from dl_robotics.data.errors import DataError
from dl_robotics.data.series.arrays import read_arrays
from dl_robotics.data.series.bags import read_bag
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.series import Read, Series
from dl_robotics.data.series.ts import read_ts
from dl_robotics.data.series.windows import cut
from dl_robotics.data.series.words import Words
from dl_robotics.data.views import Joined

_READ: Mapping[str, Callable[[Path, SeriesConfig], Read]] = {"npz": read_arrays, "ts": read_ts, "bag": read_bag}


def open_series(config: SeriesConfig) -> Collection[Series]:
    """Open all paths of a configuration, cut them into samples and join them.

    What was left out (samples without a label, stretches that are too short) is told through ``logging``.

    :raises DataError: naming the path, and within it place or topic, of what cannot be used.
    """
    paths = [Path(path).expanduser() for path in config.paths]
    read = [_read(path, config) for path in paths]
    for path, one in zip(paths, read, strict=True):
        if one.signals != read[0].signals:
            raise DataError(f"{path}: expected the channels of {paths[0]}, {_told(read[0])}; got {_told(one)}")
    stretches = [stretch for one in read for stretch in one.stretches]
    words = Words(config, stretches) if any(len(stretch.words) for stretch in stretches) else None
    parts = [cut(one, words, config, path) for path, one in zip(paths, read, strict=True)]
    return parts[0] if len(parts) == 1 else Joined(parts)


def _read(path: Path, config: SeriesConfig) -> Read:
    if not path.exists():
        raise DataError(f"{path}: expected a bag, an .npz or a .ts file, it does not exist")
    suffix = path.suffix.removeprefix(".")
    return _READ[config.format if config.format != "auto" else suffix if suffix in _READ else "bag"](path, config)


def _told(read: Read) -> str:
    return ", ".join(read.signals.channels)
