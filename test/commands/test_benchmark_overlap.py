"""The benchmark trains both ways."""

import argparse

import pytest

from dl_robotics.commands.benchmark import overlap


def test_an_engine_trains_both_ways(capsys):
    parser = argparse.ArgumentParser()
    overlap.add_arguments(parser)
    assert overlap.run(parser.parse_args(["--engines", "planar", "--rounds", "1", "--seconds", "0.2"])) == 0
    _, (engine, turns, overlapping, gain) = (line.split() for line in capsys.readouterr().out.splitlines())
    assert engine == "planar"
    assert float(overlapping) == pytest.approx(float(gain) * float(turns), rel=0.1, abs=1.0)
