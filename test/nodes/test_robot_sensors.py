"""Sensors take their noise from the world file."""

import dataclasses

import numpy as np
import pytest

from dl_robotics.nodes.robot_sensors import CameraSensor
from dl_robotics.resources import config_file
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import Camera, Noise


def test_camera_noise_has_the_deviation_of_the_file():
    simulation = Simulation(compile_world(read_world(config_file("worlds", "empty.sdf"))))
    link, camera = next(pair for pair in simulation.world.robot.sensors() if isinstance(pair[1], Camera))
    noisy = dataclasses.replace(camera, noise=Noise(stddev=0.02))
    pictures = [
        CameraSensor(simulation, link, sensor, np.random.default_rng(0)).picture().astype(float)
        for sensor in (camera, noisy)
    ]
    away_from_the_ends = (pictures[0] > 30) & (pictures[0] < 225)
    difference = (pictures[1] - pictures[0])[away_from_the_ends]
    assert away_from_the_ends.mean() > 0.3
    assert difference.std() == pytest.approx(0.02 * 255, rel=0.05)
    assert difference.mean() == pytest.approx(0.0, abs=0.1)
