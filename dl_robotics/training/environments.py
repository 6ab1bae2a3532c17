"""Vector environments as the training loop takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import gymnasium as gym
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from gymnasium.wrappers import FlattenObservation, FrameStackObservation

from dl_robotics.config import ConfigError, require
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete
from dl_robotics.training.recipe import EnvRecipe
from dl_robotics.training.retraced import Retraced

VectorEnvironment: TypeAlias = VectorEnv[Any, Any, Any]


def make_environments(recipe: EnvRecipe, num_envs: int, learning: bool = True) -> VectorEnvironment:
    """N environments that reset in the same step and hand out the last observation as ``info["final_obs"]``.

    :param learning: whether a run may be resumed in them. Those that only judge are bare, and faster: they remember no
        way, and Gymnasium does not check them once more.
    :raises ConfigError: if Gymnasium cannot make them, or they reset at another time.
    """
    sync = recipe.vectorization == "sync"
    vector_kwargs = {"autoreset_mode": AutoresetMode.SAME_STEP} if sync else None
    # The way is retraced through the frames, which fill up again.
    wrappers = (*_stacking(recipe.frames), *((Retraced,) if learning else ())) if sync else None
    bare = {"disable_env_checker": True} if sync and not learning else {}
    try:
        kwargs = {**recipe.kwargs, **recipe.while_learning, **bare}
        env = gym.make_vec(recipe.id, num_envs, recipe.vectorization, vector_kwargs, wrappers, **kwargs)
    except (gym.error.Error, ModuleNotFoundError) as error:
        raise ConfigError(f"env.id: {error}") from error
    mode = env.metadata.get("autoreset_mode")
    same_step = "environments that reset in the same step (those of vectorization: sync do)"
    require(mode == AutoresetMode.SAME_STEP, "env.vectorization", same_step, mode)
    return env


def make_environment(recipe: EnvRecipe) -> gym.Env[Any, Any]:
    """A single environment as those that a policy has learned in, drawn by ``render()`` as an RGB image.

    :raises ConfigError: if Gymnasium cannot make it, or it cannot be drawn.
    """
    try:
        env = gym.make(recipe.id, render_mode="rgb_array", disable_env_checker=True, **recipe.kwargs)
    except (gym.error.Error, ModuleNotFoundError, TypeError) as error:
        raise ConfigError(f"env.id: expected an environment that can be drawn: {error}") from error
    require(env.render_mode == "rgb_array", "env.id", "an environment that can be drawn as rgb_array", recipe.id)
    for wrapper in _stacking(recipe.frames if recipe.vectorization == "sync" else 1):
        env = wrapper(env)
    return env


def _stacking(frames: int) -> tuple[Callable[[gym.Env[Any, Any]], gym.Wrapper[Any, Any, Any, Any]], ...]:
    """What shows the last observations as one flat vector; the first one fills all frames."""
    return () if frames == 1 else (partial(FrameStackObservation, stack_size=frames), FlattenObservation)


def spaces(env: VectorEnvironment) -> tuple[int, ActionSpace]:
    """The number of observed values, and what there is to choose from; see :func:`learnable_spaces`."""
    return learnable_spaces(env.single_observation_space, env.single_action_space)


def learnable_spaces(obs: gym.Space[Any], action: gym.Space[Any]) -> tuple[int, ActionSpace]:
    """The number of observed values, and what there is to choose from.

    :raises ConfigError: if the observation is no flat vector, or the actions are neither counted from 0 nor a flat,
        bounded vector.
    """
    if not (isinstance(obs, gym.spaces.Box) and len(obs.shape) == 1):
        raise ConfigError(f"env.id: expected observations in a one-dimensional Box, got {obs}")
    if isinstance(action, gym.spaces.Discrete) and action.start == 0:
        return obs.shape[0], Discrete(int(action.n))
    if isinstance(action, gym.spaces.Box) and len(action.shape) == 1 and action.is_bounded():
        return obs.shape[0], Continuous(tuple(map(float, action.low)), tuple(map(float, action.high)))
    wanted = "actions in a Discrete space from 0 or a bounded one-dimensional Box"
    raise ConfigError(f"env.id: expected {wanted}, got {action}")


def env_state(env: VectorEnvironment) -> dict[str, Any]:
    """All that environments remember.

    :raises ConfigError: if they cannot tell.
    """
    return {name: part.state_dict() for name, part in _parts(env).items()}


def restore_env(env: VectorEnvironment, state: Mapping[str, Any]) -> None:
    """Let environments be as they were when :func:`env_state` was asked."""
    for name, part in _parts(env).items():
        part.load_state_dict(state[name])


def _parts(env: VectorEnvironment) -> dict[str, Any]:
    """What has a state of its own, by name: each environment of Gymnasium's vector form, or all of them together."""
    whole = env.unwrapped
    parts = dict(enumerate(whole.envs)) if isinstance(whole, SyncVectorEnv) else {"all": whole}
    told = all(hasattr(part, "state_dict") for part in parts.values())
    require(told, "env.id", "environments with state_dict, or of vectorization: sync", type(whole).__name__)
    return {str(name): part for name, part in parts.items()}
