"""How far a run is: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

from tqdm import tqdm
from typing_extensions import Self

LINE = "{n_fmt}/{total_fmt} steps{postfix} [{elapsed}, {remaining} left, {rate_fmt}]"
BAR = "{percentage:3.0f}% |{bar}| " + LINE


class Progress:
    """Shows steps done, figures of merit, steps a second and the time left. Use it as a context manager.

    :param total: steps of the whole run.
    :param done: steps that an earlier, interrupted part of the run has done.
    :param stream: where to; a terminal gets a bar, anything else a line every ``period_s`` of wall-clock time.
    """

    def __init__(self, total: int, stream: TextIO | None = None, period_s: float = 10.0, done: int = 0) -> None:
        self._stream = stream or sys.stderr
        self._total, self._period_s = total, period_s
        self._bar = tqdm(
            total=total,
            initial=done,
            file=self._stream,
            bar_format=BAR,
            unit=" steps",
            disable=not self._stream.isatty(),
        )
        self._started_s = self._shown_s = time.monotonic()
        self._shown_steps = done

    def update(self, step: int, values: Mapping[str, float]) -> None:
        """Show that ``step`` steps are done; values that are not a number are left out."""
        figures = ", ".join(f"{name} {_short(value)}" for name, value in values.items() if not math.isnan(value))
        if not self._bar.disable:
            self._bar.set_postfix_str(figures, refresh=False)
            self._bar.update(step - self._bar.n)
        elif time.monotonic() - self._shown_s >= self._period_s or step >= self._total:
            self._print_line(step, figures)

    def note(self, text: str) -> None:
        """Show a line of its own."""
        self._bar.write(text, file=self._stream)

    def _print_line(self, step: int, figures: str) -> None:
        now_s = time.monotonic()
        rate = (step - self._shown_steps) / (now_s - self._shown_s)
        elapsed_s = now_s - self._started_s
        self.note(
            tqdm.format_meter(step, self._total, elapsed_s, rate=rate, postfix=figures, bar_format=LINE, unit=" steps")
        )
        self._shown_s, self._shown_steps = now_s, step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()


def _short(value: float) -> str:
    """Three digits, but no powers of ten where whole numbers are as short."""
    return f"{value:.0f}" if 1e3 <= abs(value) < 1e6 else f"{value:.3g}"
