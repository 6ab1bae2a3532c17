"""A worker process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple

from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.threads import compute_threads
from dl_robotics.training.workers.block import Block
from dl_robotics.training.workers.share import Share, Weights


class Opened(NamedTuple):
    """What a share has to do with, and the process that holds it."""

    obs_dim: int
    space: ActionSpace
    pid: int


class Worker:
    """Holds one share of the environments, or more when others are lost; a Ray actor (Moritz et al. 2018)."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._shares = recipe, dict[int, Share]()
        self._threads = ExitStack()
        self._threads.enter_context(compute_threads(recipe.threads))

    def open(self, index: int, state: Mapping[str, Any] | None) -> Opened:
        """Take on a share.

        :param state: to go on from; None for its beginning.
        """
        # A share that moved here keeps its domain: simulators of two shares must not meet.
        os.environ.update(ros_domain(self._recipe, index))
        share = self._shares[index] = Share(self._recipe, index)
        if state is not None:
            share.load_state_dict(state)
        return Opened(share.source.obs_dim, share.source.space, os.getpid())

    def collect(self, index: int, weights: Weights, step: int, count: int) -> Block:
        """See :meth:`Share.collect`."""
        return self._shares[index].collect(weights, step, count)

    def close(self) -> None:
        """Let go of all environments."""
        for share in self._shares.values():
            share.close()
        self._threads.close()


def ros_domain(recipe: Recipe, index: int) -> dict[str, str]:
    """The environment variable that gives a share's simulators a ROS domain of their own."""
    return {"ROS_DOMAIN_ID": str(recipe.distributed.ros_domain_id + index)}
