"""How a simulated robot moves: as its wheels tell, and as it truly does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dl_robotics.messages.odometry import Odometry
from dl_robotics.nodes.robot_frames import base_frame, base_in_model
from dl_robotics.ops.geometry import Array, inverse, transform_from_planar
from dl_robotics.sim.mujoco.odometry import Odometry as WheelOdometry
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.robot import axle_centre, drive_of


class RobotMotion:
    """Odometry and ground truth of the base frame of a simulation's robot.

    :param world_frame: the name of the frame in which ground truth is given.
    """

    def __init__(self, simulation: Simulation, world_frame: str) -> None:
        robot = simulation.world.robot
        self._simulation, self._world_frame = simulation, world_frame
        self._drive, self._base_frame = drive_of(robot), base_frame(robot)
        self._wheels = WheelOdometry(self._drive)
        self._base_in_model = base_in_model(robot)
        # Dead reckoning follows the middle of the axle, messages are about the base.
        self._axle_in_base = inverse(self._base_in_model) @ axle_centre(robot)
        self._base_in_axle = inverse(self._axle_in_base)
        self.reset()

    def reset(self) -> None:
        """Begin the odometry anew, where the robot stands."""
        self._time_s = self._simulation.time_s
        self._wheels.reset(*self._wheel_angles())

    def odometry(self, stamp_ns: int) -> Odometry:
        """The base in the odometry frame, from the wheels alone; velocity is the mean since the last call."""
        elapsed_s = self._simulation.time_s - self._time_s
        if elapsed_s > 0.0:
            self._wheels.update(*self._wheel_angles(), elapsed_s)
            self._time_s = self._simulation.time_s
        pose = self._axle_in_base @ transform_from_planar(self._wheels.pose) @ self._base_in_axle
        return Odometry(stamp_ns, self._drive.frame_id, self._base_frame, pose, *self._twist(self._wheels.velocity))

    def truth(self, stamp_ns: int) -> Odometry:
        """The base in the world, as it is."""
        pose = self._simulation.transform @ self._base_in_model
        twist = self._twist(self._simulation.velocity)
        return Odometry(stamp_ns, self._world_frame, self._base_frame, pose, *twist)

    def _wheel_angles(self) -> tuple[float, float]:
        """Mean angles of the left and the right wheels, rad."""
        angles, left = self._simulation.wheel_angles, len(self._drive.left_joints)
        return float(angles[:left].mean()), float(angles[left:].mean())

    def _twist(self, axle: Sequence[float] | Array) -> tuple[Array, Array]:
        """Linear (3,) m/s and angular (3,) rad/s of the base, from forward speed and yaw rate of the axle's centre."""
        forward, yaw_rate = float(axle[0]), float(axle[1])
        x, y = self._base_in_axle[:2, 3]
        return np.array([forward - yaw_rate * y, yaw_rate * x, 0.0]), np.array([0.0, 0.0, yaw_rate])
