"""A maze that pays nothing before its end: rooms along a winding way, a reward of 1 in the last one.

Importing this module registers ``dl_robotics/Rooms-v0``, for one environment or N side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from dl_robotics.config import require
from dl_robotics.rl.tabular.grid_world import MOVES, GridWorld

ENV_ID = "dl_robotics/Rooms-v0"
Observations = npt.NDArray[np.float32]


def winding_rooms(across: int, down: int, size: int) -> GridWorld:
    """Square rooms in rows that are walked to and fro; the goal lies in the last one's far corner.

    A door one cell wide leads from each room to the next, in turns at one and the other end of the wall between them.

    :param across: rooms in a row.
    :param down: rows of rooms.
    :param size: cells along a room's wall.
    """
    pitch = size + 1
    free = np.zeros((down * pitch - 1, across * pitch - 1), np.bool_)
    way = [(row, column if row % 2 == 0 else across - 1 - column) for row in range(down) for column in range(across)]
    for number, (row, column) in enumerate(way):
        top, left = row * pitch, column * pitch
        free[top : top + size, left : left + size] = True
        if number + 1 < len(way):
            next_row, next_column = way[number + 1]
            along = (size - 1) * (number % 2 == 0)
            door = (top + size, left + along) if next_row > row else (top + along, max(left, next_column * pitch) - 1)
            free[door] = True
    row, column = way[-1]
    goals = np.zeros_like(free)
    goals[row * pitch + size - 1, column * pitch + (size - 1) * (down % 2)] = True
    return GridWorld(free, goals, step_reward=0.0, goal_reward=1.0)


class RoomsVectorEnv(VectorEnv[Any, Any, Any]):
    """N walkers, each in a maze of its own; they begin in the first room's first corner.

    Observed is the cell, as a row of a unit matrix: nothing tells how cells lie to each other. The actions are those of
    :class:`~dl_robotics.rl.tabular.grid_world.GridWorld`. Reaching the goal terminates, ``max_steps`` truncate.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.SAME_STEP}  # noqa: RUF012 (Gymnasium's own form)

    def __init__(self, num_envs: int = 1, across: int = 3, down: int = 3, size: int = 5, max_steps: int = 200) -> None:
        for name, value in (("across", across), ("down", down), ("size", size), ("max_steps", max_steps)):
            require(value >= 1, name, ">= 1", value)
        self.num_envs, self.max_steps = num_envs, max_steps
        self.world = winding_rooms(across, down, size)
        self._seen = np.eye(self.world.mdp.num_states, dtype=np.float32)
        self.single_observation_space = gym.spaces.Box(0.0, 1.0, (len(self._seen),), np.float32)
        self.single_action_space = gym.spaces.Discrete(len(MOVES))
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.states = np.zeros(num_envs, np.int64)  # cells, counted row by row
        self._steps = np.zeros(num_envs, np.int64)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        """Begin N episodes; nothing is drawn."""
        self.states[:] = 0
        self._steps[:] = 0
        return self._seen[self.states], {}

    def step(self, actions: npt.NDArray[Any]) -> tuple[Observations, Any, Any, Any, dict[str, Any]]:
        """Walk; an ended episode begins anew in the same step."""
        mdp = self.world.mdp
        reward = mdp.reward[self.states, actions, 0]
        self.states = mdp.next_state[self.states, actions, 0]
        self._steps += 1
        terminated = mdp.terminal[self.states]
        truncated = (self._steps >= self.max_steps) & ~terminated
        ended = terminated | truncated
        info: dict[str, Any] = {}
        if ended.any():
            info = {"success": terminated, "_success": ended, "final_obs": self._seen[self.states], "_final_obs": ended}
            self.states[ended] = self._steps[ended] = 0
        return self._seen[self.states], reward, terminated, truncated, info

    def state_dict(self) -> dict[str, Any]:
        """Where the walkers are, and for how long they have walked."""
        return {"states": self.states.copy(), "steps": self._steps.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.states[:], self._steps[:] = state["states"], state["steps"]


class RoomsEnv(gym.Env[Any, Any]):
    """One walker; the arguments are those of :class:`RoomsVectorEnv`."""

    def __init__(self, **maze: int) -> None:
        self._walk = RoomsVectorEnv(1, **maze)
        self.observation_space = self._walk.single_observation_space
        self.action_space = self._walk.single_action_space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)
        return self._walk.reset()[0][0], {}

    def step(self, action: Any) -> tuple[Observations, float, bool, bool, dict[str, Any]]:
        """Walk."""
        seen, reward, terminated, truncated, info = self._walk.step(np.asarray(action)[None])
        ended = bool(terminated[0] or truncated[0])
        told = {"success": bool(terminated[0])} if ended else {}
        last = info["final_obs"] if ended else seen
        return last[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), told


if ENV_ID not in gym.registry:
    gym.register(ENV_ID, f"{__name__}:RoomsEnv", vector_entry_point=f"{__name__}:RoomsVectorEnv")
