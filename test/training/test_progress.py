"""What a run shows while it goes on."""

import io
import math

import pytest

from dl_robotics.training.progress import Progress


class Terminal(io.StringIO):
    """Text kept in memory that says it is a terminal."""

    def isatty(self):
        return True


def test_lines_where_there_is_no_terminal():
    stream = io.StringIO()
    with Progress(1_000, stream, period_s=0.0) as progress:
        progress.update(250, {"return": 12.345, "success": math.nan, "other": -1_234.5})
        progress.note("evaluation")
        progress.update(1_000, {"return": 20.0, "success": 0.5})
    first, note, last = stream.getvalue().splitlines()
    assert first.startswith("250/1000 steps, return 12.3, other -1234 [")
    assert " left, " in first
    assert " steps/s]" in first
    assert note == "evaluation"
    assert last.startswith("1000/1000 steps, return 20, success 0.5 [")
    assert "00:00 left" in last


def test_lines_come_at_a_modest_rate_but_the_last_always():
    stream = io.StringIO()
    with Progress(100, stream, period_s=3_600.0) as progress:
        for step in range(10, 101, 10):
            progress.update(step, {})
    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["100/100"]


def test_a_run_that_goes_on_counts_only_its_own_steps_for_the_rate():
    stream = io.StringIO()
    with Progress(1_000_000, stream, period_s=0.0, done=999_999) as progress:
        progress.update(1_000_000, {})
    rate = float(stream.getvalue().split(", ")[-1].split()[0].removesuffix("steps/s]"))
    assert rate < 1_000_000.0


@pytest.mark.parametrize("text", ["100%", "100/100 steps", "success 0.75", " left", "an evaluation\n"])
def test_a_bar_on_a_terminal(text):
    stream = Terminal()
    with Progress(100, stream) as progress:
        progress.update(50, {})
        progress.note("an evaluation")
        progress.update(100, {"success": 0.75})
    assert text in stream.getvalue()
