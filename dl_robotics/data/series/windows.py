"""Series cut into samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dl_robotics.data.notes import Notes
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.series import NO_LABEL, Read, Series, Stretch
from dl_robotics.data.series.words import Words
from dl_robotics.data.views import digest


class Window(NamedTuple):
    """Steps ``begin`` to ``end`` of a stretch."""

    stretch: Stretch
    begin: int
    end: int
    label: int

    @property
    def block(self) -> int:
        """The block of its first step."""
        block = self.stretch.block
        return block if isinstance(block, int) else block[self.begin]


class SeriesWindows:
    """Samples of one source in the order of time."""

    def __init__(self, read: Read, windows: Sequence[Window], classes: tuple[str, ...]) -> None:
        self.classes, self.signals = classes, read.signals
        self.blocks: Sequence[int] = [window.block for window in windows]
        places = (f"{window.begin} {window.end} {window.label}" for window in windows)
        self.version = digest(read.version, *classes, *places)
        self._windows = windows

    def __len__(self) -> int:
        return len(self._windows)

    def __getitem__(self, index: int) -> Series:
        """One sample."""
        stretch, begin, end, label = self._windows[index]
        where = stretch.source if (begin, end) == (0, len(stretch.values)) else f"{stretch.source}[{begin}:{end}]"
        return Series(stretch.values[begin:end], label, where, self.signals)


def cut(read: Read, words: Words | None, config: SeriesConfig, where: object) -> SeriesWindows:
    """Cut what was read into samples. What is left out is told through ``logging``.

    :param words: the meaning of labels; samples without a label, or with more than one, are left out. None where
        nothing is classified.
    :param where: the file, for messages.
    :raises DataError: for a word that is no class.
    """
    notes, windows = Notes(where), []
    for stretch in read.stretches:
        for begin, end in _places(len(stretch.values), config, notes, stretch.source):
            label = NO_LABEL if words is None else words.label(stretch, begin, end)
            if words is None or label != NO_LABEL:
                windows.append(Window(stretch, begin, end, label))
            else:
                notes.add("samples without a label, or with several, left out", f"{stretch.source}[{begin}:{end}]")
    notes.tell()
    return SeriesWindows(read, windows, words.classes if words else ())


def _places(length: int, config: SeriesConfig, notes: Notes, source: str) -> Iterable[tuple[int, int]]:
    """First step, and the one after the last, of each sample of a stretch."""
    window = config.window or length
    if length < window:
        notes.add(f"stretches shorter than {window} steps left out", source)
    return ((begin, begin + window) for begin in range(0, length - window + 1, config.hop or window))
