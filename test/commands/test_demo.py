"""The demo in small: a policy learned from scratch in an empty arena, driven over real topics, recorded."""

import time

import pytest
import yaml
from rosbags.highlevel import AnyReader
from seeker import save_seeker

from dl_robotics import checkpoint
from dl_robotics.commands.__main__ import main
from dl_robotics.commands.demo import RECORDED
from dl_robotics.nodes.waiting import ANSWER_TIMEOUT_S
from dl_robotics.resources import config_file

SMALL = {
    "env": {
        "id": "dl_robotics.navigation:dl_robotics/Navigation-v0",
        "kwargs": {"world": "empty", "task": "burger_discrete"},
    },
    "epsilon": {"start": 1.0, "end": 0.05, "steps": 10_000},
    "total_steps": 20_000,
    "learning_starts": 1_000,
    "eval_every": 5_000,
    "eval_episodes": 50,
    "eval_envs": 50,
}


@pytest.fixture
def recipe(tmp_path):
    shipped = yaml.safe_load(config_file("training", "drive_dqn.yaml").read_text())
    algorithm = {**shipped["algorithm"], "learning_rate": 0.001, "target_update_every": 250}
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump({**shipped, **SMALL, "algorithm": algorithm}))
    return path


def test_demo_learns_drives_and_leaves_its_record(recipe, tmp_path, capsys):
    code = main(
        ["demo", "--recipe", str(recipe), "--goals", "3", "--real-time-factor", "20", "--output", str(tmp_path)]
    )
    told = capsys.readouterr().out
    assert code == 0, told
    assert "reached 3 of 3 goals" in told
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert checkpoint.load(folder / "best.safetensors", "dqn").metrics["success_rate"] >= 0.9
    assert (folder / "paths.png").read_bytes()[:4] == b"\x89PNG"
    with AnyReader([folder / "bag"]) as bag:
        assert {connection.topic for connection in bag.connections} == set(RECORDED)
        assert all(connection.msgcount > 0 for connection in bag.connections)


def test_a_simulator_that_does_not_start_ends_the_demo_at_once(tmp_path, capsys):
    policy = save_seeker(tmp_path / "seeker.safetensors")
    began_s = time.monotonic()
    assert main(["demo", "--policy", str(policy), "--real-time-factor", "-1", "--output", str(tmp_path / "runs")]) == 2
    assert time.monotonic() - began_s < ANSWER_TIMEOUT_S
    told = capsys.readouterr().err
    assert "simulator has ended with exit code 1" in told and "real_time_factor out of range" in told


def test_a_demo_without_goals_is_refused(capsys):
    assert main(["demo", "--goals", "0"]) == 2
    assert "--goals: expected >= 1, got 0" in capsys.readouterr().err


def test_a_policy_that_is_not_there_is_named(tmp_path, capsys):
    missing = tmp_path / "none.safetensors"
    assert main(["demo", "--policy", str(missing), "--output", str(tmp_path)]) == 2
    assert str(missing) in capsys.readouterr().err
