"""Series in ``.ts`` files, the text format of the UEA and UCR archives (Bagnall et al. 2018).

Comments begin with ``#``. Headers begin with ``@``; ``@classLabel true NAME...`` says that the last part of each line
is a class. After ``@data``, a line is a series: channels apart by ``:``, steps by ``,``; ``?`` is a missing number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dl_robotics.data.errors import DataError
from dl_robotics.data.series.arrays import numbered
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.gaps import filled
from dl_robotics.data.series.series import Read, Signals, Stretch, Values
from dl_robotics.data.views import digest


def read_ts(path: Path, config: SeriesConfig) -> Read:
    """Read a file.

    :raises DataError: naming file and line of what cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected a .ts file: {error}") from error
    stretches = list(_stretches(path, text.splitlines()))
    if not stretches:
        raise DataError(f"{path}: expected lines of numbers after @data, got none")
    for stretch in stretches:
        columns = [one.values.shape[1] for one in (stretches[0], stretch)]
        if columns[0] != columns[1]:
            raise DataError(f"{stretch.source}: expected {columns[0]} channels as in the first line, got {columns[1]}")
    return Read(stretches, Signals(numbered(columns[0]), (), config.rate_hz), digest(path.name, text))


def _stretches(path: Path, lines: Sequence[str]) -> Iterator[Stretch]:
    in_data, labelled = False, False
    for number, line in enumerate(map(str.strip, lines), 1):
        place = f"{path}: line {number}"
        if not line or line.startswith("#"):
            continue
        if in_data:
            *columns, word = line.split(":") if labelled else [*line.split(":"), ""]
            # Two blocks that follow one another would count as neighbours in time.
            yield Stretch(filled(_values(columns, place), place), word.strip(), 2 * number, place)
        elif line.startswith("@"):
            name, *words = line.lower().split()
            in_data = name == "@data"
            labelled |= name == "@classlabel" and words[:1] == ["true"]
            if name == "@timestamps" and words[:1] == ["true"]:
                raise DataError(f"{place}: expected series without time stamps, got {line!r}")
        else:
            raise DataError(f"{place}: expected @data before the first series, got {line[:40]!r}")


def _values(columns: Sequence[str], place: str) -> Values:
    """(T, C); channels of unequal length are refused."""
    try:
        table = [[np.nan if cell.strip() == "?" else float(cell) for cell in column.split(",")] for column in columns]
    except ValueError as error:
        raise DataError(f"{place}: expected numbers: {error}") from error
    lengths = {len(column) for column in table}
    if len(lengths) != 1:
        raise DataError(f"{place}: expected channels of one length, got {sorted(lengths)}")
    return np.array(table, np.float32).T
