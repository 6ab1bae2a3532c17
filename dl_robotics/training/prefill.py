"""Recorded transitions in the replay before a robot has moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dl_robotics.config import require
from dl_robotics.data.errors import DataError
from dl_robotics.rl.policy import PolicyConfig
from dl_robotics.training.agents import Agent
from dl_robotics.training.transitions import TransitionsConfig, open_transitions


def prefill(agent: Agent, told: TransitionsConfig, task: Mapping[str, Any], policy: PolicyConfig) -> str:
    """Let an agent take in recorded transitions as if it had made them, one environment's at a time.

    :param task: of the environment, as plain data.
    :param policy: what the agent's policy sees and chooses from.
    :returns: what was taken in, in words.
    :raises DataError: naming what cannot be used or is not of the same robot and task.
    """
    recorded = open_transitions(told, task)
    for what, ours, theirs in (
        ("observations", policy.obs_dim, recorded.obs_dim),
        ("actions", policy.space, recorded.space),
        ("task", dict(task) or recorded.task, recorded.task or dict(task)),
    ):
        if ours != theirs:
            raise DataError(f"prefill: {what}: expected those of the environment, {ours}; got {theirs}")
    copies = policy.training["num_envs"]
    require(len(recorded) >= copies, "prefill.paths", f"at least {copies} transitions", len(recorded))
    columns = np.array_split(np.arange(len(recorded)), copies)
    shortest = min(map(len, columns))
    ended = recorded.ended.copy()
    ended[[column[shortest - 1] for column in columns]] = True
    for at in range(shortest):
        rows = np.array([column[at] for column in columns])
        agent.store(recorded.rows(rows), ended[rows])
    return f"{shortest * copies} recorded transitions of {len(told.paths)} recordings taken in"
