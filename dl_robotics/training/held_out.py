"""Recorded episodes that nothing learns from, and how far a policy is from what was done in them."""

from __future__ import annotations

import numpy as np

from dl_robotics.data.transitions import Transitions
from dl_robotics.rl.learner import Learner
from dl_robotics.rl.spaces import Discrete


def split_episodes(data: Transitions, held_out: float, seed: int) -> tuple[Transitions, Transitions | None]:
    """What to learn from, and what to judge by: a share of the episodes drawn, at least one if there are several.

    Of a single episode the last part is held out.

    :param held_out: the share; 0 for none.
    """
    if held_out == 0.0:
        return data, None
    numbers = data.episodes
    count = int(numbers[-1]) + 1
    if count == 1:
        chosen = np.arange(len(data)) >= len(data) * (1.0 - held_out)
    else:
        drawn = np.random.default_rng(seed).permutation(count)[: max(1, min(round(held_out * count), count - 1))]
        chosen = np.isin(numbers, drawn)
    return data.where(~chosen), data.where(chosen)


def action_error(learner: Learner, recorded: Transitions) -> float:
    """Mean of (pi(s) - a)^2 over what was recorded, or the share of discrete actions that differ."""
    given, done = learner.act(recorded.batch.obs), recorded.batch.action
    if isinstance(recorded.space, Discrete):
        return float(np.mean(given != done))
    return float(np.mean((given - done) ** 2))
