"""The report of drives from goal to goal."""

import numpy as np

from dl_robotics.navigation.legs import Leg, draw, table
from dl_robotics.navigation.view import TopView
from dl_robotics.resources import config_file
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.sdf import read_world

LEGS = [
    Leg(np.array([1.0, 1.0]), np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), 12.0, 1.6, "reached"),
    Leg(np.array([0.0, 1.5]), np.array([[1.0, 1.0], [1.0, 1.2]]), 60.0, 1.0, "time-out"),
]


def test_table_tells_time_length_ratio_and_outcome():
    _, first, second, last = table(LEGS).splitlines()
    assert first.split() == ["1", "1.00", "1.00", "12.0", "2.00", "1.25", "reached"]
    assert second.split() == ["2", "0.00", "1.50", "60.0", "0.20", "0.20", "time-out"]
    assert last == "reached 1 of 2 goals"


def test_picture_is_written(tmp_path):
    world = read_world(config_file("worlds", "empty.sdf"))
    draw(TopView(world, FreeSpace(world, 0.15), 0.105), LEGS, "two legs", tmp_path / "legs.png")
    assert (tmp_path / "legs.png").read_bytes()[:4] == b"\x89PNG"
