"""Curves over seeds: mean, band, what cannot be drawn."""

import cv2
import numpy as np
import pytest

from dl_robotics.commands.__main__ import main
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.seed_curves import seed_curve


@pytest.fixture
def runs(tmp_path):
    for seed, last in enumerate((0.7, 0.8, 0.9)):
        folder = tmp_path / f"seed_{seed}"
        folder.mkdir()
        rows = f"step,success_rate,mean_return\n100,0.5,1.0\n200,{last},2.0\n" + ("300,1.0,3.0\n" if seed else "")
        (folder / "evaluation.csv").write_text(rows)
    return sorted(tmp_path.iterdir())


def test_mean_and_students_interval_at_common_steps(runs):
    curve = seed_curve(runs, "success_rate")
    assert (curve.step.tolist(), curve.runs) == ([100.0, 200.0], 3)
    np.testing.assert_allclose(curve.mean, [0.5, 0.8])
    np.testing.assert_array_equal(curve.each, [[0.5, 0.7], [0.5, 0.8], [0.5, 0.9]])
    half = 4.3027 * 0.1 / np.sqrt(3.0)  # Student's t with 2 degrees of freedom
    np.testing.assert_allclose(curve.high - curve.mean, [0.0, half], atol=1e-5)
    np.testing.assert_allclose(curve.mean - curve.low, [0.0, half], atol=1e-5)


def test_a_single_run_has_no_band(runs):
    curve = seed_curve(runs[:1], "mean_return")
    np.testing.assert_array_equal(curve.low, curve.high)


def test_what_is_missing_is_named(runs, tmp_path):
    for folders, score, named in (
        ([tmp_path], "success_rate", "evaluation.csv"),
        (runs, "spl", "'spl'"),
        ([], "x", "one"),
    ):
        with pytest.raises(TrainingError, match=named):
            seed_curve(folders, score)


def test_the_command_draws_and_tells(runs, tmp_path, capsys):
    picture = tmp_path / "curves.png"
    command = ["curves", "--runs", "dqn", *map(str, runs), "--runs", "one", str(runs[1])]
    assert main([*command, "--output", str(picture)]) == 0
    assert "dqn: success_rate 0.800 [0.552, 1.048] after 200 steps" in capsys.readouterr().out
    image = cv2.imread(str(picture))
    assert image.shape == (450, 700, 3) and image.std() > 5.0
