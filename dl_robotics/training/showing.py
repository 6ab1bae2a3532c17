"""A policy at work in its environment, to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gymnasium as gym
import numpy as np

from dl_robotics.config import from_dict, require
from dl_robotics.ops.draw_text import BLACK, draw_text
from dl_robotics.ops.film import Image
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.training.environments import learnable_spaces, make_environment
from dl_robotics.training.episodes import Episode
from dl_robotics.training.recipe import EnvRecipe

REST_S = 0.7  # what an episode ends with is looked at for so long
FPS = 30.0  # of environments that name none


def recorded_env(config: Mapping[str, Any]) -> EnvRecipe:
    """The environment that a policy was judged in, by the recipe in its checkpoint.

    :param config: the checkpoint's.
    :raises ConfigError: if it tells none.
    """
    training = config.get("training")
    told = training.get("eval_env") or training.get("env") if isinstance(training, Mapping) else None
    require(isinstance(told, Mapping), "config.training.env", "the environment of a recipe, or --env", told)
    return from_dict(EnvRecipe, told, "config.training.env").for_judging()


def open_stage(recipe: EnvRecipe, policy: GreedyPolicy) -> gym.Env[Any, Any]:
    """An environment for a policy to be seen in.

    :raises ConfigError: if there is no such environment, it cannot be drawn, or the policy is for other spaces.
    """
    env = make_environment(recipe)
    obs_dim, space = learnable_spaces(env.observation_space, env.action_space)
    require(policy.obs_dim == obs_dim, "env.id", f"an environment with {policy.obs_dim} observed values", obs_dim)
    require(policy.space == space, "env.id", f"an environment with actions in {policy.space}", space)
    return env


def images_per_s(env: gym.Env[Any, Any]) -> float:
    """How many images make a second of the environment's time."""
    return float(env.metadata.get("render_fps") or FPS)


def show(policy: GreedyPolicy, env: gym.Env[Any, Any], seed: int, add: Callable[[Image], None]) -> Episode:
    """Let a policy act greedily for an episode.

    :param add: takes an image of every step.
    """
    policy.reset()
    obs, _ = env.reset(seed=seed)
    total, length, over, info = 0.0, 0, False, dict[str, Any]()
    image = _drawn(env, length, total)
    while not over:
        add(image)
        action = policy(np.asarray(obs, np.float32)[None])[0]
        obs, reward, terminated, truncated, info = env.step(action)
        total, length, over = total + float(reward), length + 1, terminated or truncated
        image = _drawn(env, length, total)
    for _ in range(round(REST_S * images_per_s(env))):
        add(image)
    return Episode(0, total, length, bool(info["success"]) if "success" in info else None)


def _drawn(env: gym.Env[Any, Any], step: int, total: float) -> Image:
    image = np.array(env.render(), np.uint8)
    draw_text(image, (0, 0), f"step {step}, return {total:.1f}", BLACK)
    return image
