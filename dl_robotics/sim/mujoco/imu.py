"""An inertial measurement unit."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from dl_robotics.ops.geometry import quaternion
from dl_robotics.sim.mujoco.body import SITE
from dl_robotics.sim.mujoco.frames import Array, SiteFrame
from dl_robotics.sim.mujoco.names import sensor_name
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Imu, Link


@dataclass(frozen=True, eq=False)
class ImuReading:
    """What an imu measures, in its own frame.

    :param orientation: (4,) quaternion x, y, z, w of the sensor's frame in the world.
    :param angular_velocity: (3,) rad/s.
    :param linear_acceleration: (3,) proper acceleration, m/s^2: at rest it points up and is as large as gravity.
    """

    orientation: Array
    angular_velocity: Array
    linear_acceleration: Array


class InertialUnit:
    """One of the robot's imus, without noise."""

    def __init__(self, simulation: Simulation, link: Link, sensor: Imu) -> None:
        self._model, self._data = simulation.model, simulation.data
        self._frame = SiteFrame(self._model, self._data, sensor_name(simulation.world.robot, link, sensor))

    def read(self) -> ImuReading:
        """The measurement now; the acceleration is the mean over the last physics step."""
        model, data = self._model, self._data
        mujoco.mj_rnePostConstraint(model, data)
        velocity, acceleration = np.empty(6), np.empty(6)  # rotation first, then translation
        mujoco.mj_objectVelocity(model, data, SITE, self._frame.id, velocity, True)
        mujoco.mj_objectAcceleration(model, data, SITE, self._frame.id, acceleration, True)
        return ImuReading(quaternion(self._frame.transform), velocity[:3], acceleration[3:])
