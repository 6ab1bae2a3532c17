"""A policy is filmed in the environment that it has learned in, and in no other."""

import gymnasium as gym
import PIL.Image
import pytest
from counting import CountingEnv

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.commands.__main__ import main
from dl_robotics.config import to_dict
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.policy import PolicyConfig

SETTINGS = DQNConfig(hidden=(4,))
ENV = {"id": "Counting-v0", "kwargs": {"length": 5}, "vectorization": "sync"}

if "Counting-v0" not in gym.registry:
    gym.register("Counting-v0", CountingEnv)


@pytest.fixture
def save(tmp_path):
    def save(obs_dim=1, num_actions=2, **training):
        about = PolicyConfig(SETTINGS, obs_dim, num_actions, training=training)
        weights = DQN(SETTINGS, obs_dim, num_actions).policy().state_dict()
        path = tmp_path / "policy.safetensors"
        checkpoint.save(path, Checkpoint("dqn", weights, to_dict(about)))
        return str(path)

    return save


def test_a_film_of_episodes_and_what_is_told_of_them(save, tmp_path, capsys):
    film = tmp_path / "film.gif"
    assert main(["film", save(env=ENV), "--output", str(film), "--episodes", "2", "--seed", "7"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [f"seed {seed}: success 100.0%, return 5.0 ± 0.0, length 5" for seed in (7, 8)]
    assert told[2] == f"{film}: Counting-v0, success 100.0%, return 5.0 ± 0.0, length 5"
    shown = PIL.Image.open(film)
    total_ms, greys = 0, []
    for index in range(shown.n_frames):
        shown.seek(index)
        total_ms += shown.info["duration"]
        greys.append(shown.convert("RGB").getpixel((80, 40))[0])
    # Two episodes of a first image, four steps, and a last one that rests for 0.7 s, at 20 images a second.
    assert total_ms == 2 * (5 * 50 + 14 * 50)
    assert greys == [0, 40, 80, 120, 160, 200] * 2


def test_frames_are_stacked_as_they_were_for_learning(save, tmp_path):
    film = str(tmp_path / "film.gif")
    assert main(["film", save(obs_dim=3, env={**ENV, "frames": 3}), "--output", film]) == 0


def test_settings_of_the_environment(save, tmp_path, capsys):
    film = str(tmp_path / "film.gif")
    assert main(["film", save(env=ENV), "--output", film, "--set", "kwargs.length=2", "--pace", "2"]) == 0
    assert "length 2" in capsys.readouterr().out
    assert PIL.Image.open(film).info["duration"] == 20  # 25 ms, in the units of a GIF


@pytest.mark.parametrize(
    ("policy", "options", "told"),
    [
        ({}, [], "config.training.env: expected the environment of a recipe, or --env, got None"),
        ({"env": {"id": "Nothing-v0"}}, [], "Nothing"),
        ({"env": {"id": "Nothing-v0", "colour": 3}}, [], "config.training.env.colour: unknown key"),
        ({"obs_dim": 2, "env": ENV}, [], "env.id: expected an environment with 2 observed values, got 1"),
        ({"num_actions": 3, "env": ENV}, [], "env.id: expected an environment with actions in Discrete(count=3)"),
        ({"env": ENV}, ["--set", "kwargs.width=3"], "env.id: expected an environment that can be drawn: "),
        ({"env": ENV}, ["--env", "CartPole-v1"], "env.id: expected an environment with 1 observed values, got 4"),
        ({"env": ENV}, ["--episodes", "0"], "--episodes: expected >= 1, got 0"),
        ({"env": ENV}, ["--pace", "0"], "--pace: expected > 0"),
    ],
)
def test_what_cannot_be_filmed_is_told(save, tmp_path, capsys, policy, options, told):
    assert main(["film", save(**policy), "--output", str(tmp_path / "film.gif"), *options]) == 2
    assert told in capsys.readouterr().err


def test_other_checkpoints_are_refused_by_path(tmp_path, capsys):
    path = tmp_path / "other.safetensors"
    checkpoint.save(path, Checkpoint("detector", {}, {"classes": ["a"]}))
    assert main(["film", str(path), "--output", str(tmp_path / "film.gif")]) == 2
    assert f"{path}: expected a checkpoint of kind 'dqn' or 'ddpg'" in capsys.readouterr().err
