"""Small worlds around the shipped robot, whose numbers the tests can work out by hand."""

import dataclasses
import functools

import numpy as np

from dl_robotics.ops.geometry import transform
from dl_robotics.resources import config_file
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import Collision, Inertial, Link, Material, Model, Plane, Visual, World

SHIPPED = sorted(path.stem for path in config_file("worlds").glob("*.sdf"))
GREY = (0.5, 0.5, 0.5, 1.0)
UNIT = Inertial(1.0, np.eye(4), np.eye(3) * 0.01)


@functools.cache
def shipped_world(name):
    return read_world(config_file("worlds", f"{name}.sdf"))


@functools.cache
def shipped_compiled(name):
    return compile_world(shipped_world(name))


ROBOT = shipped_world("empty").robot


def model(name, shape, pose, static=True, friction=1.0, inertial=UNIT, colour=GREY, label=0):
    link = Link(
        "link",
        np.eye(4),
        inertial,
        (Collision("collision", np.eye(4), shape, friction),),
        (Visual("visual", np.eye(4), shape, Material(diffuse=colour), label),),
    )
    return Model(name, pose, static, (link,))


def floor(lean=0.0, friction=1.0):
    return model("floor", Plane(size=(20.0, 20.0)), transform(rpy=(0.0, lean, 0.0)), friction=friction)


def robot_at(pose, **drive):
    return dataclasses.replace(ROBOT, pose=pose, drive=dataclasses.replace(ROBOT.drive, **drive))


def world_of(*models):
    return World("test", "test.sdf", models)


def simulate(*models):
    """The robot at the origin of a floor, and the models given."""
    return Simulation(compile_world(world_of(floor(), robot_at(np.eye(4)), *models)))


def sensor_of(simulation, kind):
    """(link, sensor) of the robot's first sensor of a kind."""
    return next(pair for pair in simulation.world.robot.sensors() if isinstance(pair[1], kind))


def drive(simulation, command, seconds):
    simulation.advance(command, round(seconds / simulation.physics_step_s))
