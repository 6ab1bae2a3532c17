"""Labelled clips by their paths: every supported format becomes one collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path

from dl_robotics.data.classes import ClassIds
from dl_robotics.data.clips.arrays import find_arrays
from dl_robotics.data.clips.bags import find_in_bag
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found
from dl_robotics.data.clips.generated import find_generated
from dl_robotics.data.clips.kinetics import find_kinetics
from dl_robotics.data.clips.ntu import SUFFIX, find_ntu
from dl_robotics.data.clips.pyskl import find_pyskl
from dl_robotics.data.errors import DataError
from dl_robotics.data.open import is_bag
from dl_robotics.data.views import digest

FIND: Mapping[str, Callable[[Path, ClipsConfig], Found]] = {
    "arrays": find_arrays,
    "pyskl": find_pyskl,
    "ntu": find_ntu,
    "kinetics": find_kinetics,
    "bag": find_in_bag,
}
SUFFIXES = {".npz": "arrays", ".pkl": "pyskl", ".pickle": "pyskl", SUFFIX: "ntu"}


class Clips:
    """Labelled clips by number, a :class:`~dl_robotics.data.collection.Collection`.

    :param entries: with the class id of each.
    """

    def __init__(
        self, classes: tuple[str, ...], entries: Sequence[tuple[int, Entry]], blocks: Sequence[int], version: str
    ) -> None:
        self.classes, self.blocks, self.version = classes, blocks, version
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Clip:
        """Decode one clip.

        :raises DataError: naming its file, if it cannot be used.
        """
        label, entry = self._entries[index]
        return entry.read(label)


def open_clips(config: ClipsConfig) -> Clips:
    """Open all paths of a configuration, or the generator, and join them.

    :raises DataError: naming the path of what cannot be used.
    """
    paths = [Path(path).expanduser() for path in config.paths]
    generated = config.format == "generated"
    found = [find_generated(config)] if generated else [FIND[_format(path, config)](path, config) for path in paths]
    words = dict.fromkeys(chain.from_iterable(part.words for part in found))
    where = ", ".join(config.paths) or config.format
    classes = ClassIds(config, words, False, where)
    labelled = [(classes.find(entry.word, where), entry) for part in found for entry in part.entries]
    kept = [(label, entry) for label, entry in labelled if label is not None]
    version = digest(*(part.version for part in found), *classes.names, config.layout, str(config.persons))
    return Clips(classes.names, kept, list(_blocks([entry for _, entry in kept], config.block)), version)


def detect_format(path: Path) -> str:
    """The format of what lies at a path.

    :raises DataError: if it is none that is known.
    """
    if not path.exists():
        raise DataError(f"{path}: expected a file, folder or bag of clips, it does not exist")
    if path.suffix in SUFFIXES:
        return SUFFIXES[path.suffix]
    if is_bag(path):
        return "bag"
    if path.is_dir() and next(path.rglob(f"*{SUFFIX}"), None):
        return "ntu"
    if path.is_dir() and (any(path.glob("kinetics_*")) or any(path.glob("*.json"))):
        return "kinetics"
    raise DataError(
        f"{path}: expected arrays (.npz), PYSKL's annotations (.pkl), a folder of NTU RGB+D ({SUFFIX}) or of "
        "Kinetics-skeleton (kinetics_train, kinetics_val, or .json files), or a bag"
    )


def _format(path: Path, config: ClipsConfig) -> str:
    return detect_format(path) if config.format == "auto" else config.format


def _blocks(entries: Sequence[Entry], block: str) -> Iterator[int]:
    """A number for each subject, or clip; none touches another: clips are not neighbours in time."""
    numbers, fresh = dict[int, int](), count(0, 2)
    for entry in entries:
        if block == "clip" or entry.subject < 0:
            yield next(fresh)
        else:
            if entry.subject not in numbers:
                numbers[entry.subject] = next(fresh)
            yield numbers[entry.subject]
