"""Many physics steps at once do what they do one by one, and miss nothing that happens in between."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from mujoco_worlds import model, shipped_compiled, simulate

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.mujoco.contacts import Touch
from dl_robotics.sim.mujoco.geoms import Group
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.mujoco.watch import LEAST_UPRIGHT
from dl_robotics.sim.world import Box

WALL = model("wall", Box((0.1, 2.0, 0.5)), transform((0.3, 0.0, 0.25)))
COMMANDS = [(0.2 * math.sin(0.7 * k) + 0.1, 2.0 * math.sin(0.3 * k)) for k in range(60)]


@pytest.fixture
def log_folder(tmp_path):
    """MuJoCo writes its warnings to a file in the working directory."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def touches(simulation):
    """Whether a contact is one of the robot and something solid, from MuJoCo's list of contacts."""
    robot = simulation.model.geom_group == Group.ROBOT_COLLISION
    solid = simulation.model.geom_contype & (Touch.OBSTACLE | Touch.DYNAMIC) != 0
    first, second = simulation.data.contact.geom.reshape(-1, 2).T
    return bool(np.any(robot[first] & solid[second] | solid[first] & robot[second]))


@pytest.mark.parametrize("build", [lambda: simulate(WALL), lambda: Simulation(shipped_compiled("arena"))])
def test_steps_at_once_equal_single_ones(build):
    at_once, single = build(), build()
    periods = 0
    for command in COMMANDS:
        at_once.collided = False
        at_once.advance(command, 10)
        touched = False
        for _ in range(10):
            single.tick(command)
            touched = touched or touches(single)
        assert at_once.collided is touched
        periods += touched
        for name in ("qpos", "qvel", "qacc_warmstart", "mocap_pos", "mocap_quat", "site_xpos", "time", "ncon"):
            np.testing.assert_array_equal(getattr(at_once.data, name), getattr(single.data, name), name)
        np.testing.assert_array_equal(at_once.mover_pose, single.mover_pose)
    assert 0 < periods < len(COMMANDS)


def test_a_lean_in_between_is_a_tumble():
    """Pushed over far enough and set upright again by a spin about its x axis, within one command."""
    at_once, single = simulate(), simulate()
    for simulation in (at_once, single):
        simulation.data.qpos[2] += 1.0
        simulation.data.qvel[3] = 2.0 * math.pi / 0.3
    heights = []
    for _ in range(30):
        single.tick((0.0, 0.0))
        heights.append(single.transform[2, 2])
    at_once.advance((0.0, 0.0), 30)
    assert min(heights) < LEAST_UPRIGHT < heights[-1]
    assert at_once.tumbled


@pytest.mark.parametrize("steps", [1, 2, 10])
def test_divergence_is_an_error(steps, log_folder):
    simulation = simulate()
    simulation.data.qvel[:] = 1e200
    with pytest.raises(FloatingPointError, match=r"test.sdf: the simulation diverged"):
        for _ in range(3):
            simulation.advance((0.0, 0.0), steps)
