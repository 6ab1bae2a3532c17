"""What a run leaves behind to be plotted: TensorBoard events and CSV files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TextIO

from torch.utils.tensorboard.writer import SummaryWriter
from typing_extensions import Self


class ScalarLog:
    """Writes scalars to ``FOLDER/GROUP.csv`` and, as ``GROUP/NAME``, to TensorBoard events in the folder.

    Use it as a context manager.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._events = SummaryWriter(str(folder))
        self._tables: dict[str, tuple[TextIO, csv.DictWriter[str]]] = {}

    def write(self, group: str, step: int, values: Mapping[str, float]) -> None:
        """Write one row; the first of a group decides the columns of its CSV file.

        :raises ValueError: if a later row has other columns.
        """
        for name, value in values.items():
            self._events.add_scalar(f"{group}/{name}", value, step)
        file, table = self._table(group, values)
        table.writerow({"step": step, **values})
        file.flush()

    def _table(self, group: str, values: Mapping[str, float]) -> tuple[TextIO, csv.DictWriter[str]]:
        if group not in self._tables:
            file = (self._folder / f"{group}.csv").open("w", newline="", encoding="utf-8")
            table = csv.DictWriter(file, ["step", *values])
            table.writeheader()
            self._tables[group] = file, table
        return self._tables[group]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.close()
        for file, _ in self._tables.values():
            file.close()
