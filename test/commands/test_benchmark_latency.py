"""The latency benchmark's figures and verdicts; the measurement itself takes minutes and an idle machine."""

import pytest

from dl_robotics.commands.benchmark.latency import Row, verdict


def test_overhead_is_what_the_model_did_not_take() -> None:
    assert Row(age=12.5, own=10.0).overhead == 2.5


@pytest.mark.parametrize(
    ("value", "most", "kept"), [(0.9, True, True), (1.1, True, False), (1.1, False, True), (0.9, False, False)]
)
def test_a_figure_is_printed_beside_its_limit(
    capsys: pytest.CaptureFixture[str], value: float, most: bool, kept: bool
) -> None:
    assert verdict("figure", value, 1.0, most) is kept
    printed = capsys.readouterr().out.split()
    assert printed == ["figure", f"{value:.3f}", "<=" if most else ">=", "1:", "yes" if kept else "NO"]
