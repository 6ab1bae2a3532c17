"""``evaluate POLICY --suite``: from the command line to the report."""

import csv
import json

import cv2
import pytest
from tiny_policy import TASK, save_policy

from dl_robotics import checkpoint
from dl_robotics.commands.__main__ import main
from dl_robotics.resources import config_file

SHORT = ["--set", "time_limit_s=4.0"]


def test_baselines_in_two_suites(tmp_path, capsys):
    out = tmp_path / "report"
    command = ["evaluate", "follow_the_gap", "--beside", "dynamic_window", "foresight", "--films", "1"]
    command += ["--suite", "arena", "corridor", "--episodes", "6"]
    assert main([*command, "--output", str(out), *SHORT]) == 0
    table = capsys.readouterr().out
    assert table.count("dynamic_window") >= 6  # two suites, together, and compared in each
    assert "corridor: foresight lost" in table
    report = json.loads((out / "report.json").read_text())
    assert set(report["suites"]) == {"arena", "corridor", "together"}
    assert report["suites"]["together"]["follow_the_gap"]["episodes"] == 12
    assert report["seeds"] == {"arena": 9001, "corridor": 9002}
    low, high = report["suites"]["arena"]["follow_the_gap"]["success"][1:]
    assert 0.0 <= low < high <= 1.0
    assert report["comparisons"]["arena"][0]["second"] == "dynamic_window"
    with (out / "episodes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 3 * 6 and {row["outcome"] for row in rows} <= {"reached", "collision", "time-out"}
    picture = cv2.imread(str(out / "worst" / "follow_the_gap" / "arena" / "worst_1.png"))
    assert picture.shape[2] == 3 and picture.std() > 10.0
    films = sorted((out / "films").iterdir())
    assert [film.name.split("_")[:4] for film in films] == [
        ["follow", "the", "gap", "arena"],
        ["follow", "the", "gap", "corridor"],
    ]
    number, outcome = films[0].stem.split("_")[4:]
    filmed = next(row for row in rows if row["driver"] == "follow_the_gap" and row["number"] == number)
    assert filmed["outcome"] == outcome
    frames = cv2.VideoCapture(str(films[0])).get(cv2.CAP_PROP_FRAME_COUNT)
    assert frames == round(float(filmed["time_s"]) * 10.0) + 1


def test_a_map_for_all_who_do_not_know_the_world_already(tmp_path):
    command = ["evaluate", "follow_the_gap", "--beside", "foresight", "--map", "--suite", "office", "--episodes", "2"]
    assert main([*command, "--output", str(tmp_path), *SHORT]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert list(report["suites"]["office"]) == ["follow_the_gap", "foresight", "follow_the_gap+map"]


def test_training_seeds_are_told_apart_and_pooled(tmp_path, capsys):
    for seed in range(3):
        (tmp_path / f"seed_{seed}").mkdir()
        save_policy(tmp_path / f"seed_{seed}" / "best.safetensors", TASK, seed % 2)
    first, *others = (str(tmp_path / f"seed_{seed}" / "best.safetensors") for seed in range(3))
    command = ["evaluate", first, "--other-seeds", *others, "--beside", "--suite", "arena", "--episodes", "4"]
    assert main([*command, "--output", str(tmp_path / "report"), *SHORT]) == 0
    table = capsys.readouterr().out
    assert "arena: 3 training seeds (seed_0/best, seed_1/best, seed_2/best): success" in table
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert list(report["suites"]["arena"]) == ["seed_0/best", "seed_1/best", "seed_2/best"]
    spread = report["spread"]["arena"]
    rates = [report["suites"]["arena"][name]["success"][0] for name in spread["policies"]]
    assert spread["mean"] == pytest.approx(sum(rates) / 3) and spread["least"] == min(rates)


def test_what_is_no_suite_and_no_policy_is_said_in_a_line(tmp_path, capsys):
    assert main(["evaluate", "follow_the_gap", "--suite", "nowhere"]) == 2
    assert "arena" in capsys.readouterr().err
    assert main(["evaluate", "follow_the_gap", "bag", "--suite", "arena"]) == 2
    assert "DATA" in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.safetensors"), "--suite", "arena"]) == 2
    assert "none.safetensors" in capsys.readouterr().err
    assert main(["evaluate", str(config_file("models", "detector.safetensors")), "--suite", "arena"]) == 2
    assert "expected a checkpoint of kind 'dqn' or 'ddpg'" in capsys.readouterr().err
    checkpoint.save(tmp_path / "pendulum.safetensors", checkpoint.Checkpoint("ddpg", {}, {}))
    assert main(["evaluate", str(tmp_path / "pendulum.safetensors"), "--suite", "arena"]) == 2
    assert "pendulum.safetensors: expected a policy with the navigation task" in capsys.readouterr().err
    for option, value in (("--episodes", "0"), ("--films", "2")):
        assert main(["evaluate", "follow_the_gap", "--suite", "arena", option, value]) == 2
        assert option in capsys.readouterr().err
