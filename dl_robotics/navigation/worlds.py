"""Where worlds come from: a file, or a generator that draws as many as are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from dl_robotics.config import require
from dl_robotics.resources import shipped
from dl_robotics.sim.generated.clutter import Clutter
from dl_robotics.sim.generated.maze import Maze
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import World


@dataclass(frozen=True)
class WorldFile:
    """One world for all scenarios: a file, or the name of a shipped one."""

    name: str
    kind: Literal["file"] = "file"

    def draw(self, rng: np.random.Generator) -> World:
        """The world; nothing is drawn."""
        return read_world(shipped("worlds", self.name, ".sdf"))


Generated: TypeAlias = Clutter | Maze
Worlds: TypeAlias = WorldFile | Clutter | Maze


@dataclass(frozen=True)
class DrawnWorlds:
    """Worlds that an environment goes through, one after the other.

    :param worlds: how they are drawn.
    :param episodes: in each, before the next one is drawn.
    """

    worlds: Generated
    episodes: int = 4

    def __post_init__(self) -> None:
        require(self.episodes >= 1, "episodes", ">= 1", self.episodes)
