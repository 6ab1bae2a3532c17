"""Leaving out one person after the other: the command and the benchmark, on clips made here."""

import numpy as np
import pytest
import yaml

from dl_robotics import checkpoint
from dl_robotics.commands.__main__ import USER_ERROR, main

TINY = ("steps=2", "epochs=null", "batch_size=4", "model.channels=[4]", "model.strides=[1]", "model.frames=4")
SETTINGS = [word for setting in TINY for word in ("--set", setting)]


@pytest.fixture
def data(tmp_path):
    """Three people, four clips each, of two activities."""
    rng = np.random.default_rng(0)
    (tmp_path / "utkinect").mkdir()
    np.savez(
        tmp_path / "utkinect/utkinect.npz",
        joints=rng.normal(0.0, 1.0, (12 * 5, 20, 3)).astype(np.float32),
        lengths=np.full(12, 5),
        labels=np.arange(12) % 2,
        subjects=np.repeat([4, 7, 9], 4),
        classes=np.array(["walk", "sit"]),
    )
    return tmp_path


def test_the_benchmark_leaves_out_every_person(data, capsys):
    arguments = ["--data", str(data), "--output", str(data / "runs"), "--seeds", "0", "1", *SETTINGS]
    code = main(["benchmark", "utkinect", *arguments])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0][:2] == ["person", "top-1"]
    assert sorted(line[0] for line in lines[1:4]) == ["4", "7", "9"]
    shown = float(lines[4][1].rstrip(","))
    assert code == (0 if shown >= 0.93 else 1)
    assert (data / "runs/seed_1/fold_2/last.safetensors").exists()


def test_the_command(data, capsys):
    recipe = {
        "task": "action",
        "data": {"paths": [str(data / "utkinect/utkinect.npz")], "layout": "kinect20"},
        "model": {"coordinates": 3, "sampling": "clip", "frames": 4, "channels": [4], "strides": [1]},
        "steps": 2,
        "batch_size": 4,
    }
    (data / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    arguments = ["cross_validate", str(data / "recipe.yaml"), "--output", str(data / "runs")]
    assert main([*arguments, "--leave-one-out"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0][:3] == ["fold", "samples", "mean_recall"]
    assert [line[:2] for line in lines[1:]] == [["0", "4"], ["1", "4"], ["2", "4"], ["mean", "12"]]
    column = lines[0].index("top1")
    shares = [float(line[column]) for line in lines[1:]]
    assert shares[3] == pytest.approx(np.mean(shares[:3]), abs=1e-3)
    saved = checkpoint.load(data / "runs/fold_1/last.safetensors")
    assert saved.task["recipe"]["validation"]["fold"] == 1
    assert saved.metrics["top1"] == pytest.approx(shares[1], abs=1e-4)
    assert main([*arguments, "--folds", "4"]) == USER_ERROR
    assert "expected 2 to 3 folds, as there are 3 blocks, got 4" in capsys.readouterr().err


def test_a_recogniser_is_evaluated(data, capsys):
    arguments = ["--data", str(data), "--output", str(data / "runs"), *SETTINGS]
    main(["benchmark", "utkinect", *arguments])
    capsys.readouterr()
    trained, clips = data / "runs/seed_0/fold_0/last.safetensors", data / "utkinect/utkinect.npz"
    output = data / "report"
    assert main(["evaluate", str(trained), str(clips), "--backend", "torch", "--output", str(output)]) == 0
    printed = capsys.readouterr().out
    assert "top1 after 25%" in printed
    assert "12 clips, torch:" in printed
    assert (output / "confusion.png").exists()
