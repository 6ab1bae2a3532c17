"""The grid world of a world file: its occupancy map, cell by cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dl_robotics.resources import shipped
from dl_robotics.rl.tabular.grid_world import GridWorld
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.shapes import footprint_radius


def grid_world(
    world: str | Path, goal: tuple[float, float], cell_m: float = 0.1, step_reward: float = -1.0, slip: float = 0.0
) -> GridWorld:
    """A walk of the world's robot to a goal, from cell to neighbouring cell, among what stands still.

    Rows are turned over: the first one lies at the highest y, as on a map.

    :param world: an SDF file, or the name of a shipped one.
    :param goal: (x, y) in m; its cell ends the walk.
    :param cell_m: edge of a cell, at most the robot's radius.
    :raises ValueError: if the goal cannot be reached, or cells are too large.
    """
    described = read_world(shipped("worlds", world, ".sdf"))
    space = FreeSpace(described, footprint_radius(described.robot), cell_m)
    column, row = np.floor((np.array(goal) - space.origin) / cell_m).astype(int)
    rows, columns = space.free.shape
    if not (0 <= row < rows and 0 <= column < columns and space.free[row, column]):
        raise ValueError(f"goal: expected a place that the robot can reach in {described.source}, got {goal}")
    goals = np.zeros_like(space.free)
    goals[row, column] = True
    return GridWorld(space.free[::-1], goals[::-1], step_reward, slip=slip)
