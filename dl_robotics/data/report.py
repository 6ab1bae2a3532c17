"""What reports of all tasks share: the table, the JSON, the worst images."""

from __future__ import annotations

import heapq
import itertools
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
ByClass: TypeAlias = Mapping[str, Mapping[str, float]]  # figures by class and name

REPORT = "report.json"


class Report(Protocol):
    """Gathers what a stage made of labelled samples, then tells."""

    def add(self, truth: Any, found: Any) -> None:
        """Add a sample, and what was made of it.

        :raises DataError: if what is needed to judge it is not labelled.
        """

    def figures(self) -> dict[str, float]:
        """Figures of merit over all classes."""

    def table(self) -> str:
        """For the terminal."""

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json`` and PNG files.

        :param about: what else belongs into the JSON.
        """


class WorstImages:
    """Keeps pictures of the samples with the greatest errors.

    :param count: so many of them.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._kept: list[tuple[float, int, Callable[[], Image]]] = []
        self._numbers = itertools.count()

    def offer(self, error: float, draw: Callable[[], Image]) -> None:
        """Keep a sample if it is among the worst so far; of equals the first.

        :param error: 0 for a sample without mistakes, which is never kept.
        :param draw: makes its picture, (height, width, 3) uint8, red first; called by :meth:`write`.
        """
        if error > 0.0 and self._count:
            heapq.heappush(self._kept, (error, -next(self._numbers), draw))
            if len(self._kept) > self._count:
                heapq.heappop(self._kept)

    def write(self, folder: Path) -> None:
        """Write ``worst_1.png`` and so on, the worst first."""
        for place, (_, _, draw) in enumerate(sorted(self._kept, key=lambda kept: kept[:2], reverse=True), 1):
            _, data = cv2.imencode(".png", cv2.cvtColor(draw(), cv2.COLOR_RGB2BGR))
            (folder / f"worst_{place}.png").write_bytes(data.tobytes())


def format_table(figures: Mapping[str, float], rows: ByClass, what: str = "class") -> str:
    """Figures, then a line for each class, for the terminal.

    :param what: the rows are.
    """
    name_width = max(map(len, [*figures, *rows, what]))
    lines = [f"{name:<{name_width}}  {_number(value)}" for name, value in figures.items()]
    columns = list(dict.fromkeys(itertools.chain.from_iterable(rows.values())))
    widths = [max(9, len(column)) for column in columns]
    table = {what: columns, **{name: [_number(row.get(c, math.nan)) for c in columns] for name, row in rows.items()}}
    for name, cells in table.items() if rows else ():
        line = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        lines.append(f"{name:<{name_width}}{line}")
    return "\n".join(lines)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write plain data as JSON; what is not a number (nan) becomes null."""
    path.write_text(json.dumps(_finite(content), indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
