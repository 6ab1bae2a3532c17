"""How near points are to what stands and what moves."""

import numpy as np

from dl_robotics.resources import shipped
from dl_robotics.sim.planar.clearance import clearances_among
from dl_robotics.sim.planar.geometry import solid_outlines
from dl_robotics.sim.sdf import read_world


def test_walls_and_movers_count_where_they_are():
    arena = read_world(shipped("worlds", "arena", ".sdf"))
    away = np.array([[5.0, 5.0, 0.0]] * len(arena.movers))
    near = away.copy()
    near[0] = (0.0, -1.0 + 0.3, 1.0)  # the red one, of 0.15 m radius
    points = np.array([[0.0, 2.05], [0.6, -1.0], [0.0, -1.0]])
    poses = np.stack([away, away, near]).reshape(3, -1)
    found = clearances_among(points, solid_outlines(arena), poses)
    assert found[0] == np.float64(2.1) - 2.05
    np.testing.assert_allclose(found[2], 0.15, atol=1e-9)
    assert found[1] > 0.5
