"""The benchmark of learning, on a few updates."""

from dl_robotics.commands.__main__ import main
from dl_robotics.commands.benchmark.learning import CASES


def test_every_case_gets_a_row(capsys):
    code = main(["benchmark", "learning", "--rounds", "1", "--updates", "2"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["updates/s,", "1", "and", "2", "threads", "ours", "SB3", "ratio", "mark"]
    reached = []
    for case, row in zip(CASES, rows, strict=True):
        assert row.startswith(case.name)
        *rates, ratio, mark = row[28:].removesuffix("  NO").split()
        ours, theirs = (max(map(float, side)) for side in (rates[:2], rates[2:]))
        assert abs(ours / theirs - float(ratio)) < 0.2 + 0.02 * float(ratio)
        assert float(mark) == case.least_ratio
        reached.append(not row.endswith("NO"))
    assert code == (0 if all(reached) else 1)
