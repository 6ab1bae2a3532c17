"""Series in bags: numeric fields of topics, resampled together, with what a topic of labels says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.bags.recording import Recording
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.gaps import Times, covered, interpolated
from dl_robotics.data.series.series import Read, Signals, Stretch
from dl_robotics.data.series.stamped import Stamped, read_topic
from dl_robotics.data.views import digest
from dl_robotics.messages.errors import check
from dl_robotics.messages.numeric_fields import read_field, read_numbers

NS_PER_S = 1e9


def read_bag(path: Path, config: SeriesConfig) -> Read:
    """Read the signals of a bag at ``rate_hz``, cut where one of them has a gap.

    :raises DataError: naming bag, topic and field of what is missing or cannot be read.
    """
    if not config.signals:
        raise DataError(f"{path}: signals: expected topics and fields to read from a bag, got none")
    types = {signal.type for signal in config.signals} | ({config.labels.type} if config.labels else set())
    bag, notes = Recording(path, sorted(types), config.readable_part), Notes(path)
    heard = [
        read_topic(bag, s.topic, s.type, partial(read_numbers, names=s.fields), notes, config.readable_part)
        for s in config.signals
    ]
    clock = next((one for one in heard if one.has_header), heard[0])
    heard = [one.on_clock_of(clock) for one in heard]
    labels = _labels(bag, config, notes).on_clock_of(clock) if config.labels else None
    stretches = list(_stretches(heard, labels, config, path))
    notes.tell()
    channels = tuple(channel for signal in config.signals for channel in signal.channels)
    version = digest(path.name, *(stretch.values.tobytes() for stretch in stretches))
    return Read(stretches, Signals(channels, config.signals, config.rate_hz), version)


def _labels(bag: Recording, config: SeriesConfig, notes: Notes) -> Stamped:
    topic = config.labels
    assert topic is not None
    read = partial(_word, field=topic.field, classes=config.classes)
    return read_topic(bag, topic.topic, topic.type, read, notes, config.readable_part)


def _word(message: Any, field: str, classes: Sequence[str]) -> str:
    """The class that a message names.

    :raises MessageError: for what is neither a name nor a number of a class.
    """
    value = read_field(message, field)
    if isinstance(value, Integral) and classes:
        check(0 <= int(value) < len(classes), field, f"0 to {len(classes) - 1}, as there are so many classes", value)
        return classes[int(value)]
    check(isinstance(value, str | Integral), field, "a class by its name or number", value)
    return str(value)


def _stretches(heard: Sequence[Stamped], labels: Stamped | None, config: SeriesConfig, path: Path) -> Iterator[Stretch]:
    """The steps at which all signals are known, in runs without a gap."""
    origin_ns = max(int(one.stamps_ns[0]) for one in heard)
    stamps_s = [_seconds(one, origin_ns) for one in heard]
    end_s = min(float(stamps[-1]) for stamps in stamps_s)
    at_s = np.arange(max(0, int(end_s * config.rate_hz) + 1)) / config.rate_hz
    known = np.logical_and.reduce([covered(stamps, at_s, config.max_gap_s) for stamps in stamps_s])
    columns = [interpolated(stamps, np.stack(one.values), at_s) for stamps, one in zip(stamps_s, heard, strict=True)]
    values = np.concatenate(columns, 1)
    blocks: list[int] = (at_s // config.block_s).astype(np.int64).tolist()
    words = _words(labels, origin_ns, at_s) if labels else None
    for begin, end in _runs(known):
        where = f"{path} at {origin_ns + round(begin / config.rate_hz * NS_PER_S)} ns"
        yield Stretch(values[begin:end], words[begin:end] if words else "", blocks[begin:end], where)


def _words(labels: Stamped, origin_ns: int, at_s: Times) -> list[str]:
    """What was going on at each time: what the last message before it says."""
    last = np.searchsorted(_seconds(labels, origin_ns), at_s, side="right") - 1
    return [labels.values[number] if number >= 0 else "" for number in last.tolist()]


def _runs(known: Any) -> Iterator[tuple[int, int]]:
    """First place, and the one after the last, of each run of what is true."""
    changes = np.flatnonzero(np.diff(known.astype(np.int8), prepend=0, append=0))
    return zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True)


def _seconds(one: Stamped, origin_ns: int) -> Times:
    seconds: Times = (one.stamps_ns - origin_ns) / NS_PER_S
    return seconds
