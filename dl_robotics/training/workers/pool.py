"""Transitions that workers collect."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np

from dl_robotics.rl.a2c import A2CConfig
from dl_robotics.rl.algorithms import OffPolicyConfig
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.collection import RECENT_EPISODES, Actor, Collected
from dl_robotics.training.episodes import Episode, EpisodeStatistics
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.workers.block import Block, Row, joined, rows, stacked
from dl_robotics.training.workers.fleet import Fleet
from dl_robotics.training.workers.session import RaySession
from dl_robotics.training.workers.share import weights_of


class Round(NamedTuple):
    """A block of every share, asked for and not yet there.

    :param weights: that all of them act by, as Ray has them.
    :param step: of the training, once its first step is done.
    :param asked: the block of each share.
    """

    weights: Any
    step: int
    asked: list[Any]


class WorkerPool:
    """A :class:`~dl_robotics.training.collection.Source` whose environments are workers'.

    Rounds: all workers take the same number of steps by the same weights, and their blocks are joined in the order of
    the shares. Which weights a round acts by depends on nothing but the recipe. So a run is repeated, and resumed, bit
    for bit. So it is when workers are lost: each block tells how its environments were left, and the block that is
    missing is collected anew from there.

    :param say: is told of lost workers.
    :raises ConfigError: if Ray is missing, the machines are too small, or the environments cannot be made.
    """

    obs_dim: int
    space: ActionSpace

    def __init__(self, recipe: Recipe, say: Callable[[str], None]) -> None:
        self._recipe = recipe
        self._block_steps, self._staleness = _rhythm(recipe)
        self._rounds, self._ready = deque[Round](), deque[Row]()
        self._asked, self._given = 0, 0  # rounds asked for, and steps handed out
        self.episodes: Sequence[Episode] = ()
        self._recent = deque[Episode](maxlen=RECENT_EPISODES)
        self._states: list[Mapping[str, Any] | None] = [None] * recipe.workers
        with ExitStack() as stack:
            session = stack.enter_context(RaySession())
            self._ray = session.ray
            self.fleet = Fleet(recipe, session, say)
            stack.callback(self.fleet.close)
            self.obs_dim, self.space, _ = self.fleet.opened[0]
            self._open = stack.pop_all()

    def begin(self, actor: Actor, step: int) -> None:
        """Ask for rounds, unless enough are under way."""
        beginning, into = divmod(self._given, self._block_steps)
        if into:
            return
        stride = self._recipe.num_envs
        while self._asked <= beginning + self._staleness:
            first = step + (self._asked - beginning) * self._block_steps * stride
            weights = self._ray.put(weights_of(actor))
            shares = range(self._recipe.workers)
            asked = [self.fleet.collect(share, weights, first, self._block_steps) for share in shares]
            self._rounds.append(Round(weights, first, asked))
            self._asked += 1

    def finish(self) -> Collected:
        """The next step of all environments."""
        if not self._ready:
            self._receive()
        row = self._ready.popleft()
        self._given, self.episodes = self._given + 1, row.episodes
        self._recent.extend(row.episodes)
        return row.collected

    def statistics(self) -> EpisodeStatistics:
        """Averages over the last episodes that ended."""
        return EpisodeStatistics.of(self._recent)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs; waits for the rounds under way."""
        while self._rounds:
            self._receive()
        columns = stacked([row.collected for row in self._ready]) if self._ready else {}
        return {
            "ready": columns,
            "episodes": [[list(episode) for episode in row.episodes] for row in self._ready],
            "recent": [list(episode) for episode in self._recent],
            "shares": {str(share): state for share, state in enumerate(self._states)},
            "asked": self._asked,
            "given": self._given,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        episodes = [[Episode(*row) for row in ended] for ended in state["episodes"]]
        self._rounds.clear()
        self._ready = deque(rows({name: np.asarray(column) for name, column in state["ready"].items()}, episodes))
        self._recent.clear()
        self._recent.extend(Episode(*row) for row in state["recent"])
        self._asked, self._given = int(state["asked"]), int(state["given"])
        self._states = [state["shares"][str(share)] for share in range(self._recipe.workers)]
        self.fleet.open_all(self._states)

    def close(self) -> None:
        """End the workers."""
        self._open.close()

    def _receive(self) -> None:
        """Wait for the oldest round."""
        blocks = [self._block(share) for share in range(self._recipe.workers)]
        self._rounds.popleft()
        self._ready.extend(joined(blocks))

    def _block(self, share: int) -> Block:
        """A share's block of the oldest round, by whoever holds the share in the end."""
        while True:
            try:
                block: Block = self.fleet.block(self._rounds[0].asked[share])
            except self._ray.exceptions.RayError as error:
                self.fleet.replace(share, self._states[share], error)
                for waiting in self._rounds:
                    waiting.asked[share] = self.fleet.collect(share, waiting.weights, waiting.step, self._block_steps)
            else:
                self._states[share] = block.state
                return block


def _rhythm(recipe: Recipe) -> tuple[int, int]:
    """Steps of a block and staleness; see :class:`WorkersConfig`."""
    config = recipe.distributed
    if isinstance(recipe.algorithm, OffPolicyConfig):
        return config.block_steps, config.staleness
    return (recipe.algorithm.rollout_steps if isinstance(recipe.algorithm, A2CConfig) else config.block_steps), 0
