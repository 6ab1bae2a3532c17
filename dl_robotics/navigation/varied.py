"""Episodes in worlds that are drawn on the way: every robot drives in one of its own, a few episodes long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np

from dl_robotics.navigation.scenario import Scenarios, ScenarioSampler
from dl_robotics.navigation.worlds import DrawnWorlds
from dl_robotics.sim.engine import Engine, Indices, Start
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.many_worlds import ManyWorlds
from dl_robotics.sim.world import World

SEEDS = 2**62
REMEMBERED_WORLDS = 128  # evaluations come back to the same ones
Place: TypeAlias = tuple[Engine, ScenarioSampler]


class VariedSampler:
    """Draws scenarios as :class:`~.scenario.ScenarioSampler` does, and a new world after every few of them.

    A world is known by the seed that draws it.

    :param drawn: how worlds are drawn, and how often.
    :param make: builds the engine, of a single environment, and the sampler for a world.
    :param num_envs: N.
    """

    def __init__(self, drawn: DrawnWorlds, make: Callable[[World], Place], num_envs: int) -> None:
        self.drawn, self._make = drawn, make
        self._places = OrderedDict[int, Place]()
        self._seeds = np.zeros(num_envs, np.int64)
        self._left = np.zeros(num_envs, np.int64)  # episodes before the next world
        engine, sampler = self._place(0)  # until each begins in a world of its own
        self._samplers = [sampler] * num_envs
        self.engine = ManyWorlds([engine] * num_envs)

    def draw(self, rng: np.random.Generator, envs: Indices, given: Mapping[str, Any] | None = None) -> Scenarios:
        """Scenarios for the environments ``envs`` (k,); see :meth:`.scenario.ScenarioSampler.draw`."""
        for env in envs[self._left[envs] == 0]:
            self._enter(env, int(rng.integers(SEEDS)))
            self._left[env] = self.drawn.episodes
        self._left[envs] -= 1
        return _joined([self._samplers[env].draw(rng, envs[:1], given) for env in envs])

    def where(self, env: int) -> tuple[World, FreeSpace]:
        """The world that an environment is in."""
        return self._samplers[env].where(env)

    def renew(self) -> None:
        """Let every environment begin in a new world."""
        self._left[:] = 0

    def state_dict(self) -> dict[str, Any]:
        """Where every environment is, and for how long."""
        return {"seeds": self._seeds.copy(), "left": self._left.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go back there; episodes begin anew."""
        for env, seed in enumerate(state["seeds"]):
            self._enter(env, int(seed))
        self._left[:] = state["left"]

    def _enter(self, env: int, seed: int) -> None:
        self._seeds[env] = seed
        engine, self._samplers[env] = self._place(seed)
        self.engine.place(env, engine)

    def _place(self, seed: int) -> Place:
        place = self._places.pop(seed, None) or self._make(self.drawn.worlds.draw(np.random.default_rng(seed)))
        self._places[seed] = place
        if len(self._places) > REMEMBERED_WORLDS:
            self._places.popitem(last=False)
        return place


def _joined(parts: list[Scenarios]) -> Scenarios:
    start = Start(*(np.concatenate([getattr(p.start, field.name) for p in parts]) for field in fields(Start)))
    goal, latency_s = (np.concatenate([getattr(p, name) for p in parts]) for name in ("goal", "latency_s"))
    return Scenarios(start, goal, latency_s)
