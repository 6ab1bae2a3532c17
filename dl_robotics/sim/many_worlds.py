"""N worlds that differ, side by side as one engine: each has an engine of its own."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from dl_robotics.sim.engine import Array, Engine, Indices, Start

ROWS = ("pose", "velocity", "ranges", "collided", "tumbled", "mover_pose")  # what an engine tells of each environment


class ManyWorlds:
    """An :class:`~dl_robotics.sim.engine.Engine` whose environments are in different worlds with equally many movers.

    ``world`` is the one that the first environment began in.

    :param engines: one a world, each of a single environment.
    """

    def __init__(self, engines: list[Engine]) -> None:
        self.engines = list(engines)
        self.num_envs = len(engines)
        first = engines[0]
        self.world, self.beams, self.control_period_s = first.world, first.beams, first.control_period_s
        self.pose, self.velocity, self.ranges, self.collided, self.tumbled, self.mover_pose = (
            np.concatenate([getattr(engine, name) for engine in engines]) for name in ROWS
        )

    def place(self, env: int, engine: Engine) -> None:
        """Put an environment into another world.

        :raises ValueError: if that has another number of movers.
        """
        if engine.mover_pose.shape != (1, *self.mover_pose.shape[1:]):
            movers = self.mover_pose.shape[1]
            raise ValueError(f"{engine.world.name}: expected {movers} movers, got {engine.mover_pose.shape[1]}")
        self.engines[env] = engine
        self._tell(env)

    def reset(self, envs: Indices, start: Start) -> None:
        """Begin an episode in the environments ``envs`` (k,), at rest."""
        for row, env in enumerate(envs):
            one = Start(*(getattr(start, field.name)[row : row + 1] for field in fields(Start)))
            self.engines[env].reset(np.zeros(1, np.int64), one)
            self._tell(env)

    def step(self, commands: Array, delay_s: Array) -> None:
        """Advance all environments by one control period, see :meth:`dl_robotics.sim.engine.Engine.step`."""
        for env, engine in enumerate(self.engines):
            engine.step(commands[env : env + 1], delay_s[env : env + 1])
            self._tell(env)

    def _tell(self, env: int) -> None:
        engine = self.engines[env]
        for name in ROWS:
            getattr(self, name)[env] = getattr(engine, name)[0]
