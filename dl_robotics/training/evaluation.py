"""How good a policy is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.training.environments import VectorEnvironment
from dl_robotics.training.episodes import Episode, EpisodeStatistics, EpisodeTracker
from dl_robotics.training.soundness import check_numbers

Policy: TypeAlias = Callable[[npt.NDArray[np.float32]], npt.NDArray[Any]]  # (N, D) observations to N actions


def evaluate(policy: Policy, env: VectorEnvironment, episodes: int, seed: int) -> EpisodeStatistics:
    """Run a policy for a number of episodes, beginning with a reset by ``seed``.

    Each environment contributes a share that is fixed beforehand: the first episodes to end would be the short ones.

    :raises TrainingError: if an environment gives numbers that are none.
    """
    share = (episodes + np.arange(env.num_envs)) // env.num_envs
    tracker, ended = EpisodeTracker(env.num_envs), [list[Episode]() for _ in range(env.num_envs)]
    remembers = policy if isinstance(policy, GreedyPolicy) else None
    if remembers:
        remembers.reset()
    obs, _ = env.reset(seed=seed)
    while any(len(done) < wanted for done, wanted in zip(ended, share, strict=True)):
        obs, reward, terminated, truncated, info = env.step(policy(np.asarray(obs, np.float32)))
        check_numbers("evaluation", observation=obs, reward=reward)
        over = terminated | truncated
        if remembers:
            remembers.reset(over)
        for episode in tracker.add(reward, over, info):
            ended[episode.env].append(episode)
    return EpisodeStatistics.of([e for done, wanted in zip(ended, share, strict=True) for e in done[:wanted]])
