"""The gate that new policies pass, or do not."""

from pathlib import Path

import pytest
import torch

from dl_robotics import checkpoint, config
from dl_robotics.config import ConfigError
from dl_robotics.navigation.gate import Gate, GateConfig
from dl_robotics.navigation.observation import size
from dl_robotics.navigation.task import Task
from dl_robotics.rl.actor_critic import actor_network
from dl_robotics.rl.policy import PolicyConfig
from dl_robotics.rl.spaces import Continuous
from dl_robotics.rl.td3 import TD3Config

TASK = Task("tiny")
SUITE = "worlds: {kind: file, name: empty}\ntime_limit_s: 30.0\ngoal_distance_m: [0.8, 3.0]\n"


def save_policy(path: Path, turns_to_goal: bool) -> Path:
    """A policy that drives at full speed, towards the goal or straight on."""
    settings = TD3Config(hidden=())
    network = actor_network(settings, size(TASK), 2)
    linear = network[0]
    with torch.no_grad():
        linear.weight.zero_()
        linear.bias.copy_(torch.tensor([3.0, 0.0]))
        linear.weight[1, size(TASK) - 5] = 2.0 * turns_to_goal  # the sine of the goal's bearing
    policy = PolicyConfig(settings, size(TASK), actions=Continuous((-1.0, -1.0), (1.0, 1.0)))
    saved = checkpoint.Checkpoint("td3", network.state_dict(), config.to_dict(policy), config.to_dict(TASK))
    checkpoint.save(path, saved)
    return path


@pytest.fixture
def gate(tmp_path):
    (tmp_path / "suite.yaml").write_text(SUITE)
    return Gate(GateConfig(str(tmp_path / "suite.yaml"), episodes=8, success=0.7))


def test_who_reaches_the_goals_passes_and_who_does_not_is_told_why(tmp_path, gate):
    good = save_policy(tmp_path / "good.safetensors", turns_to_goal=True)
    bad = save_policy(tmp_path / "bad.safetensors", turns_to_goal=False)
    assert gate.success_rate(good) >= 0.75
    passed, reason = gate.judge(good, None)
    assert passed
    assert "70.0% are enough" in reason
    passed, reason = gate.judge(bad, None)
    assert not passed
    assert reason.endswith("expected 70.0%")
    assert gate.judge(good, bad).passed


def test_none_passes_that_falls_behind_the_one_that_drives(tmp_path):
    (tmp_path / "suite.yaml").write_text(SUITE)
    good = save_policy(tmp_path / "good.safetensors", turns_to_goal=True)
    bad = save_policy(tmp_path / "bad.safetensors", turns_to_goal=False)
    settings = {"suite": str(tmp_path / "suite.yaml"), "episodes": 8, "success": 0.0}
    passed, reason = Gate(GateConfig(**settings)).judge(bad, good)
    assert not passed
    assert "the policy that drives" in reason
    assert Gate(GateConfig(**settings, slack=1.0)).judge(bad, good).passed


def test_files_that_are_no_policies(tmp_path, gate):
    good = save_policy(tmp_path / "good.safetensors", turns_to_goal=True)
    nothing = tmp_path / "nothing.safetensors"
    assert not gate.judge(nothing, good).passed
    passed, reason = gate.judge(good, nothing)
    assert passed
    assert str(nothing) in reason


def test_settings_are_checked():
    with pytest.raises(ConfigError, match=r"success: expected in \[0, 1\], got 80"):
        GateConfig("arena", success=80.0)
