"""Velocity servos at the wheels."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from dl_robotics.sim.mujoco.names import scoped
from dl_robotics.sim.robot import drive_of, driven_joints
from dl_robotics.sim.world import Joint, Model

ROTOR = 2.0  # inertia of the motors, as a multiple of the robot's mass as its wheels feel it


def add_servos(spec: Any, robot: Model) -> None:
    """Add a motor with a velocity servo, torque = kv (target - speed), to every driven joint.

    Gazebo sets a wheel's speed within a step of 1 ms, whatever resists. With steps of 10 ms a servo that stiff throws a
    light wheel about. The rotor of a geared motor, which a real robot has too, makes it heavy enough: kv then brings a
    wheel in the air to its target in one step, and the robot on the floor in about one and a half.
    """
    driven = driven_joints(robot)
    mass = sum(link.inertial.mass for link in robot.links)
    rotor = ROTOR * mass * drive_of(robot).wheel_radius_m ** 2 / len(driven)  # kg m^2 a wheel
    for driven_joint in driven:
        name = scoped(robot.name, driven_joint.name)
        joint = spec.joint(name)
        joint.armature = rotor
        joint.damping[0], joint.frictionloss = 0.0, 0.0  # the motor makes up for both
        actuator = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        actuator.set_to_velocity(rotor / spec.option.timestep)
        _limit(actuator, driven_joint)


def _limit(actuator: Any, joint: Joint) -> None:
    """The joint's greatest torque and speed, where the file sets them."""
    actuator.forcelimited, actuator.ctrllimited = bool(np.isfinite(joint.effort)), bool(np.isfinite(joint.velocity))
    if actuator.forcelimited:
        actuator.forcerange = (-joint.effort, joint.effort)
    if actuator.ctrllimited:
        actuator.ctrlrange = (-joint.velocity, joint.velocity)
