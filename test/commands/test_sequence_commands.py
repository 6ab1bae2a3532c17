"""Sequence models from the command line: train, evaluate, export, and the benchmark on made-up series."""

import json

import numpy as np
import pytest
from tiny_series import save_model, save_waves, waves

from dl_robotics.commands.__main__ import USER_ERROR, main

RECIPE = """
task: sequences
data: {{paths: [{path}], rate_hz: 20.0, window: {window}}}
model: {{goal: {goal}, horizon: {horizon}, network: {{kind: gru, hidden: 8}}}}
steps: 4
batch_size: 8
evaluate_every: 4
channels_last: false
"""


@pytest.fixture
def data(tmp_path):
    return save_waves(tmp_path / "waves.npz")


@pytest.mark.parametrize(
    ("goal", "horizon", "figures"),
    [
        ("classify", 0, {"top1", "top1/commonest"}),
        ("forecast", 4, {"skill", "mae", "rmse", "mae/naive", "mae/moving_average", "mae/seasonal"}),
        ("anomaly", 4, {"auroc", "found", "false alarms"}),
    ],
)
def test_from_a_recipe_to_a_report(data, tmp_path, capsys, goal, horizon, figures):
    recipe, best = tmp_path / "recipe.yaml", tmp_path / "run" / "best.safetensors"
    recipe.write_text(RECIPE.format(path=data, goal=goal, horizon=horizon, window=0))
    assert main(["train", str(recipe), "--output", str(tmp_path / "run")]) == 0
    assert best.with_suffix(".onnx").exists()
    arguments = [str(best), str(data), "--backend", "onnxruntime", "--output", str(tmp_path / "report")]
    assert main(["evaluate", *arguments]) == 0
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert set(report["figures"]) == figures
    assert "48" in capsys.readouterr().out


def test_a_recognisers_report_counts_every_class(data, tmp_path, capsys):
    path = save_model(tmp_path / "model.safetensors", classes=("run", "walk"), channels=("a", "b"), signals=())
    assert main(["evaluate", str(path), str(data), "--backend", "torch", "--output", str(tmp_path / "report")]) == 0
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    counts = np.array(report["confusion"]["counts"])
    words = waves(48)[1]
    assert counts.sum(1).tolist() == [(words == "run").sum(), (words == "walk").sum()]
    assert report["figures"]["top1"] == pytest.approx(np.trace(counts) / 48)
    assert (tmp_path / "report" / "confusion.png").exists()
    assert "recall" in capsys.readouterr().out


def test_the_benchmark_trains_every_seed_and_keeps_to_what_is_promised(tmp_path, capsys):
    (tmp_path / "uea").mkdir()
    series, words = waves(40)
    numbers = np.where(words == "run", "1.0", "2.0")
    np.savez(tmp_path / "uea" / "RacketSports.npz", series=series, labels=numbers, train_size=20)
    small = [f"--set={one}" for one in ("model.network.hidden=6", "model.network.layers=1", "epochs=null", "steps=2")]
    arguments = ["--data", str(tmp_path), "--output", str(tmp_path / "runs"), "--sets", "RacketSports"]
    assert main(["benchmark", "uea", *arguments, "--seeds", "0", "3", *small]) == 1  # it has learned nothing
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["RacketSports", "0"], ["RacketSports", "3"]]
    assert "commonest class" in lines[3]
    assert (tmp_path / "runs" / "RacketSports" / "seed_3" / "last.safetensors").exists()


def test_without_the_data_the_benchmark_says_where_it_looked(tmp_path, capsys):
    arguments = ["benchmark", "uea", "--data", str(tmp_path), "--output", str(tmp_path / "runs")]
    assert main(arguments) == USER_ERROR
    assert str(tmp_path / "uea") in capsys.readouterr().err
