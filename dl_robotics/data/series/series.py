"""Labelled series of numbers: what bags, arrays and files all become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.series.config import SignalConfig

Values = npt.NDArray[np.float32]
NO_LABEL = -1


class Signals(NamedTuple):
    """What the columns of series are.

    :param channels: a name for each.
    :param topics: and fields that they come from; none for files.
    :param rate_hz: steps a second; 0 if that is not known.
    """

    channels: tuple[str, ...]
    topics: tuple[SignalConfig, ...]
    rate_hz: float


@dataclass(frozen=True, eq=False)
class Series:
    """A sample: some steps of some signals; arrays may be read-only.

    :param values: (T, C) float32, a row each step, in the signals' own units.
    :param label: class id of what is going on, or ``NO_LABEL``.
    :param source: where it comes from, for messages: a file and place in it, or a bag and stamp.
    """

    values: Values
    label: int
    source: str
    signals: Signals


class Stretch(NamedTuple):
    """Steps without a gap, as they were recorded, before they are cut into samples.

    :param values: (T, C) float32.
    :param words: what is going on at each step: one word for all steps, or (T,) words; empty where nothing is known.
    :param block: the number of a stretch of time, or of a subject, that a split keeps whole: of all steps or each.
    :param source: file and place in it.
    """

    values: Values
    words: str | Sequence[str]
    block: int | Sequence[int]
    source: str


class Read(NamedTuple):
    """What a file holds.

    :param version: names the content.
    """

    stretches: Sequence[Stretch]
    signals: Signals
    version: str
