"""``evaluate POLICY --suite``: from the command line to the report."""

import csv
import json

import cv2

from dl_robotics.commands.__main__ import main

SHORT = ["--set", "time_limit_s=4.0"]


def test_baselines_in_two_suites(tmp_path, capsys):
    out = tmp_path / "report"
    command = ["evaluate", "follow_the_gap", "--suite", "arena", "corridor", "--episodes", "6", "--films", "1"]
    assert main([*command, "--output", str(out), *SHORT]) == 0
    table = capsys.readouterr().out
    assert table.count("dynamic_window") >= 6  # two suites, together, and compared in each
    report = json.loads((out / "report.json").read_text())
    assert set(report["suites"]) == {"arena", "corridor", "together"}
    assert report["suites"]["together"]["follow_the_gap"]["episodes"] == 12
    assert report["seeds"] == {"arena": 9001, "corridor": 9002}
    low, high = report["suites"]["arena"]["follow_the_gap"]["success"][1:]
    assert 0.0 <= low < high <= 1.0
    assert report["comparisons"]["arena"][0]["second"] == "dynamic_window"
    with (out / "episodes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 2 * 6 and {row["outcome"] for row in rows} <= {"reached", "collision", "time-out"}
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


def test_what_is_no_suite_and_no_policy_is_said_in_a_line(tmp_path, capsys):
    assert main(["evaluate", "follow_the_gap", "--suite", "nowhere"]) == 2
    assert "arena" in capsys.readouterr().err
    assert main(["evaluate", "follow_the_gap", "bag", "--suite", "arena"]) == 2
    assert "DATA" in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.safetensors"), "--suite", "arena"]) == 2
    assert "none.safetensors" in capsys.readouterr().err
    for option, value in (("--episodes", "0"), ("--films", "2")):
        assert main(["evaluate", "follow_the_gap", "--suite", "arena", option, value]) == 2
        assert option in capsys.readouterr().err
