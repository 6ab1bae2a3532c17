"""``evaluate POLICY --suite --over-topics``: from the command line to the report, with real processes."""

import csv
import json

import pytest
from seeker import save_seeker

from dl_robotics.commands.__main__ import main

SUITE = "worlds: {kind: file, name: empty}\nseed: 3\ntime_limit_s: 20.0\n"


@pytest.fixture
def seeker(tmp_path):
    return str(save_seeker(tmp_path / "seeker.safetensors"))


def test_a_policy_within_the_process_and_over_topics(tmp_path, capsys, seeker):
    suite, out = tmp_path / "easy.yaml", tmp_path / "report"
    suite.write_text(SUITE)
    command = ["evaluate", seeker, "--suite", str(suite), "--over-topics", "--episodes", "2", "--noise", "0"]
    assert main([*command, "--output", str(out)]) == 0
    report = json.loads((out / "report.json").read_text())
    drivers = ["planar", "planar disturbed", "mujoco disturbed", "topics disturbed"]
    assert list(report["suites"]["easy"]) == drivers
    assert "planar against topics disturbed: success" in capsys.readouterr().out
    with (out / "episodes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    ends = {way: [(row["outcome"], row["time_s"]) for row in rows if row["driver"] == way] for way in drivers}
    assert ends["topics disturbed"] == ends["mujoco disturbed"]
    assert "reached" in [outcome for outcome, _ in ends["planar"]]


def test_what_the_simulator_cannot_do_is_refused(tmp_path, capsys, seeker):
    suite = tmp_path / "holes.yaml"
    suite.write_text(SUITE + "randomisation: {lidar_dropout: 0.1}\n")
    assert main(["evaluate", seeker, "--suite", str(suite), "--over-topics", "--episodes", "1"]) == 2
    assert "lidar_dropout: expected 0 over topics" in capsys.readouterr().err
    assert main(["evaluate", seeker, "--suite", "arena", "--over-topics", "--films", "1", "--output", "x"]) == 2
    assert "--films" in capsys.readouterr().err
