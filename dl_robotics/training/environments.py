"""Vector environments as the training loop takes them."""

from __future__ import annotations

from typing import Any, TypeAlias

import gymnasium as gym
from gymnasium.vector import AutoresetMode, VectorEnv

from dl_robotics.config import ConfigError, require
from dl_robotics.training.recipe import EnvRecipe

VectorEnvironment: TypeAlias = VectorEnv[Any, Any, Any]


def make_environments(recipe: EnvRecipe, num_envs: int) -> VectorEnvironment:
    """N environments that reset in the same step and hand out the last observation as ``info["final_obs"]``.

    :raises ConfigError: if Gymnasium cannot make them, or they reset at another time.
    """
    vector_kwargs = {"autoreset_mode": AutoresetMode.SAME_STEP} if recipe.vectorization == "sync" else None
    try:
        env = gym.make_vec(recipe.id, num_envs, recipe.vectorization, vector_kwargs, **recipe.kwargs)
    except (gym.error.Error, ModuleNotFoundError) as error:
        raise ConfigError(f"env.id: {error}") from error
    mode = env.metadata.get("autoreset_mode")
    same_step = "environments that reset in the same step (those of vectorization: sync do)"
    require(mode == AutoresetMode.SAME_STEP, "env.vectorization", same_step, mode)
    return env


def sizes(env: VectorEnvironment) -> tuple[int, int]:
    """Numbers of observed values and of discrete actions.

    :raises ConfigError: if the observation is no flat vector, or the actions are not counted from 0.
    """
    obs, action = env.single_observation_space, env.single_action_space
    if not (isinstance(obs, gym.spaces.Box) and len(obs.shape) == 1):
        raise ConfigError(f"env.id: expected observations in a one-dimensional Box, got {obs}")
    if not (isinstance(action, gym.spaces.Discrete) and action.start == 0):
        raise ConfigError(f"env.id: expected actions in a Discrete space from 0, got {action}")
    return obs.shape[0], int(action.n)
