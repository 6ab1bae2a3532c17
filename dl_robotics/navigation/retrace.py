"""The state of navigation episodes: how they began, and what was commanded since.

Engines are deterministic: from the same start, the same commands lead to the same place, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from dl_robotics.sim.engine import Array, Engine, Indices, Start


class Way:
    """The way of N running episodes: starts, and the commands of the steps since.

    :param max_steps: after which an episode ends.
    """

    def __init__(self, engine: Engine, max_steps: int) -> None:
        count, movers = engine.num_envs, len(engine.world.movers)
        self._engine = engine
        self._start = Start(
            pose=np.zeros((count, 3)),
            mover_time_s=np.zeros((count, movers)),
            mover_rate=np.ones((count, movers)),
            friction=np.ones(count),
            mass=np.ones(count),
        )
        self._commands = np.zeros((max_steps, count, 2))
        self._delay_s = np.zeros(count)
        self._steps = np.zeros(count, np.int64)
        self._all = np.arange(count)

    def begin(self, envs: Indices, start: Start, delay_s: Array) -> None:
        """Begin episodes in the environments ``envs`` (k,).

        :param delay_s: (k,) how long in each period the last command stays in force.
        """
        self._engine.reset(envs, start)
        for field in fields(Start):
            getattr(self._start, field.name)[envs] = getattr(start, field.name)
        self._delay_s[envs] = delay_s
        self._steps[envs] = 0

    def start(self, envs: Indices) -> Start:
        """How the running episodes of the environments ``envs`` (k,) began, as copies."""
        return Start(**{field.name: getattr(self._start, field.name)[envs] for field in fields(Start)})

    def step(self, commands: Array) -> None:
        """Drive all robots for one control period with ``commands`` (N, 2)."""
        # An episode that has outlived its end (nobody reset it) cannot be retraced; it overwrites its last step.
        self._commands[np.minimum(self._steps, len(self._commands) - 1), self._all] = commands
        self._steps += 1
        self._engine.step(commands, self._delay_s)

    def state_dict(self) -> dict[str, Any]:
        """Starts and commands, as copies."""
        start = {field.name: getattr(self._start, field.name).copy() for field in fields(Start)}
        longest = int(self._steps.max(initial=0))
        commands, steps = self._commands[:longest].copy(), self._steps.copy()
        return {"start": start, "commands": commands, "delay_s": self._delay_s.copy(), "steps": steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go the way of :meth:`state_dict` again; the engine is then where it was."""
        start, delay_s, steps = state["start"], np.asarray(state["delay_s"]), np.asarray(state["steps"])
        longest = len(state["commands"])
        for done in range(longest + 1):
            envs = np.flatnonzero(steps == longest - done)
            if len(envs):
                rows = Start(**{name: np.asarray(value)[envs] for name, value in start.items()})
                self.begin(envs, rows, delay_s[envs])
            if done < longest:
                running = np.minimum(self._steps, longest - 1)
                self.step(np.asarray(state["commands"])[running, self._all])
