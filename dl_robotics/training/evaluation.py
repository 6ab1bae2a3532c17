"""How good a policy is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.training.environments import VectorEnvironment
from dl_robotics.training.episodes import Episode, EpisodeStatistics, EpisodeTracker

Policy: TypeAlias = Callable[[npt.NDArray[np.float32]], npt.NDArray[Any]]  # (N, D) observations to N actions


def evaluate(policy: Policy, env: VectorEnvironment, episodes: int, seed: int) -> EpisodeStatistics:
    """Run a policy for a number of episodes, beginning with a reset by ``seed``.

    Each environment contributes a share that is fixed beforehand: the first episodes to end would be the short ones.
    """
    share = (episodes + np.arange(env.num_envs)) // env.num_envs
    tracker, ended = EpisodeTracker(env.num_envs), [list[Episode]() for _ in range(env.num_envs)]
    obs, _ = env.reset(seed=seed)
    while any(len(done) < wanted for done, wanted in zip(ended, share, strict=True)):
        obs, reward, terminated, truncated, info = env.step(policy(np.asarray(obs, np.float32)))
        for episode in tracker.add(reward, terminated | truncated, info):
            ended[episode.env].append(episode)
    return EpisodeStatistics.of([e for done, wanted in zip(ended, share, strict=True) for e in done[:wanted]])
