"""Grid worlds of shipped worlds."""

import numpy as np
import pytest

from dl_robotics.navigation.grid import grid_world
from dl_robotics.rl.tabular.dynamic_programming import value_iteration


def test_the_static_world_is_walked_by_the_shortest_way():
    world = grid_world("static", goal=(1.0, 0.5))
    _, value, _ = value_iteration(world.mdp, gamma=1.0)
    steps = -world.picture(value)
    row, column = np.argwhere(steps == 0.0)[0]
    assert np.nansum(steps == 0.0) == 1
    # Nobody is nearer than in a world without walls, and every cell but the goal has a neighbour one step nearer.
    rows, columns = np.indices(steps.shape)
    assert np.all((steps >= np.abs(rows - row) + np.abs(columns - column))[world.free])
    padded = np.pad(np.nan_to_num(steps, nan=np.inf), 1, constant_values=np.inf)
    around = [np.roll(padded, shift, axis)[1:-1, 1:-1] for shift in (1, -1) for axis in (0, 1)]
    away = world.free & (steps > 0.0)
    np.testing.assert_array_equal(np.min(around, axis=0)[away], steps[away] - 1.0)


def test_a_goal_inside_a_wall_is_refused():
    with pytest.raises(ValueError, match="goal: expected a place that the robot can reach"):
        grid_world("static", goal=(100.0, 0.0))
