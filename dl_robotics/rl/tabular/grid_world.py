"""Grid worlds: cells to walk on, walls, goals; as a decision process, and as a Gymnasium environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from dl_robotics.rl.tabular.mdp import MDP

Mask = npt.NDArray[np.bool_]
MOVES = np.array([(-1, 0), (0, 1), (1, 0), (0, -1)])  # row, column of each action: up, right, down, left
WALL, GOAL, FREE = "#", "G", "."


class GridWorld:
    """States are the free cells, row by row; whoever would leave the grid or enter a wall stays where he is.

    :param free: (rows, columns) cells to walk on.
    :param goals: (rows, columns) terminal cells, a part of the free ones.
    :param step_reward: of every step, the one into a goal included.
    :param goal_reward: paid on top when a goal is entered.
    :param slip: probability of each of the two moves at right angles to the one that was chosen.
    :raises ValueError: if there is no free cell, or a goal is none.
    """

    def __init__(
        self, free: Mask, goals: Mask, step_reward: float = -1.0, goal_reward: float = 0.0, slip: float = 0.0
    ) -> None:
        if not free.any() or (goals & ~free).any() or not 0.0 <= slip <= 0.5:
            raise ValueError("grid world: expected free cells, goals among them, and a slip in [0, 0.5]")
        self.free = free
        self.cells = np.argwhere(free)  # (S, 2) row and column
        state_of = np.full(free.shape, -1)
        state_of[free] = np.arange(len(self.cells))
        wished = np.clip(self.cells[:, None] + MOVES, 0, np.array(free.shape) - 1)  # (S, 4, 2)
        reached = state_of[wished[..., 0], wished[..., 1]]
        straight = np.where(reached < 0, np.arange(len(self.cells))[:, None], reached)
        terminal = goals[free]
        next_state = np.stack([straight, np.roll(straight, 1, axis=1), np.roll(straight, -1, axis=1)], axis=2)
        probability = np.broadcast_to([1.0 - 2.0 * slip, slip, slip], next_state.shape)
        reward = step_reward + goal_reward * terminal[next_state]
        self.mdp = MDP(next_state, probability, reward, terminal)

    @classmethod
    def from_text(cls, rows: Sequence[str], **settings: float) -> GridWorld:
        """A world drawn with ``#`` for walls, ``G`` for goals and ``.`` for free cells.

        :raises ValueError: if rows differ in length, or for any other character.
        """
        if len({len(row) for row in rows}) != 1 or set("".join(rows)) - {WALL, GOAL, FREE}:
            raise ValueError(f"grid world: expected rows of equal length, of {WALL}, {GOAL} and {FREE}; got {rows}")
        drawn = np.array([list(row) for row in rows])
        return cls(drawn != WALL, drawn == GOAL, **settings)

    def picture(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Numbers (S,) of the states at their cells (rows, columns); NaN at walls."""
        drawn = np.full(self.free.shape, np.nan)
        drawn[self.free] = values
        return drawn


class GridWorldEnv(gym.Env[int, int]):
    """A grid world to learn in without knowing it; episodes begin in any state that is no goal.

    :param start: the state to begin in, instead.
    """

    def __init__(self, world: GridWorld, start: int | None = None) -> None:
        self.world, self.start = world, start
        self.observation_space = gym.spaces.Discrete(world.mdp.num_states)  # type: ignore[assignment]
        self.action_space = gym.spaces.Discrete(world.mdp.num_actions)  # type: ignore[assignment]
        self._state = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)
        open_states = np.flatnonzero(~self.world.mdp.terminal)
        self._state = int(self.np_random.choice(open_states)) if self.start is None else self.start
        return self._state, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Walk."""
        mdp = self.world.mdp
        outcome = self.np_random.choice(mdp.next_state.shape[2], p=mdp.probability[self._state, action])
        reward = float(mdp.reward[self._state, action, outcome])
        self._state = int(mdp.next_state[self._state, action, outcome])
        return self._state, reward, bool(mdp.terminal[self._state]), False, {}
