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

    :param done: the step after which an interrupted run goes on: later rows are dropped, earlier ones kept; None for a
        new run, which begins new files.
    """

    def __init__(self, folder: Path, done: int | None = None) -> None:
        self._folder, self._done = folder, done
        self._events = SummaryWriter(str(folder), purge_step=None if done is None else done + 1)
        self._tables: dict[str, tuple[TextIO, csv.DictWriter[str]]] = {}

    def write(self, group: str, step: int, values: Mapping[str, float]) -> None:
        """Write one row. What an earlier row did not tell is an empty cell there, and the other way round."""
        for name, value in values.items():
            self._events.add_scalar(f"{group}/{name}", value, step)
        file, table = self._table(group, values)
        table.writerow({"step": step, **values})
        file.flush()

    def note(self, step: int, text: str) -> None:
        """Write a line to ``FOLDER/notes.txt`` and to TensorBoard's texts."""
        self._events.add_text("notes", text, step)
        with (self._folder / "notes.txt").open("a", encoding="utf-8") as file:
            file.write(f"step {step}: {text}\n")

    def _table(self, group: str, values: Mapping[str, float]) -> tuple[TextIO, csv.DictWriter[str]]:
        path, kept = self._folder / f"{group}.csv", list[dict[str, str]]()
        if group in self._tables:
            file, table = self._tables[group]
            if values.keys() <= set(table.fieldnames):
                return file, table
            file.close()
            kept = _rows(path)
        elif self._done is not None and path.exists():
            kept = [row for row in _rows(path) if int(row["step"]) <= self._done]
        self._tables[group] = _begin(path, list(dict.fromkeys(["step", *(kept[0] if kept else ()), *values])), kept)
        return self._tables[group]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.close()
        for file, _ in self._tables.values():
            file.close()


class NoLog:
    """Keeps nothing, for processes that are not to log."""

    def write(self, group: str, step: int, values: Mapping[str, float]) -> None:
        """Nothing."""


def _begin(path: Path, columns: list[str], rows: list[dict[str, str]]) -> tuple[TextIO, csv.DictWriter[str]]:
    # Under another name until it is whole: an interruption now must not cost the rows there were.
    whole = path.with_suffix(".new")
    file = whole.open("w", newline="", encoding="utf-8")
    table = csv.DictWriter(file, columns)
    table.writeheader()
    table.writerows(rows)
    file.flush()
    whole.replace(path)
    return file, table


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, without one that was broken off."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if None not in row.values()]
