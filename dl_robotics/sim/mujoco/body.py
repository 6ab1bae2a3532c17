"""The robot's state in MuJoCo: placed, and read back as planar pose, velocity, lean and wheel angles."""

from __future__ import annotations

import math
from typing import Any

import mujoco
import numpy as np

from dl_robotics.ops.geometry import Vector
from dl_robotics.sim.mujoco.frames import Array, SiteFrame, frame, standing, turned
from dl_robotics.sim.mujoco.names import axle_site, frame_site, scoped
from dl_robotics.sim.robot import base_link, driven_joints
from dl_robotics.sim.world import Model

SITE = mujoco.mjtObj.mjOBJ_SITE.value
SINK_M = 6.6e-5  # how deep the wheels stand in the floor at rest: a robot placed that deep does not fall first
FORWARD, YAW_RATE = 3, 2  # places of v_x and w_z in MuJoCo's spatial velocity, which has the rotation first


class RobotBody:
    """The robot in an ``MjData``.

    Attributes: ``id`` of its base in MuJoCo; ``frame``, the model frame.
    """

    def __init__(self, robot: Model, model: Any, data: Any) -> None:
        base = base_link(robot)
        placed = frame(standing(robot.pose) @ base.pose)
        self._offset, self._tilt = placed["pos"], placed["quat"]
        self._model, self._data = model, data
        self.id = model.body(scoped(robot.name, base.name)).id
        self.frame = SiteFrame(model, data, frame_site(robot))
        self._axle = model.site(axle_site(robot)).id
        start = model.jnt_qposadr[model.body_jntadr[self.id]]
        self._free = data.qpos[start : start + 7]  # x, y, z and a quaternion w, x, y, z
        self._wheels = [model.joint(scoped(robot.name, joint.name)).qposadr[0] for joint in driven_joints(robot)]
        self._spatial = np.empty(6)

    def place(self, pose: Vector) -> None:
        """Put the model frame at (x, y, yaw), at the height and tilt that the world file gives it."""
        x, y, yaw = pose
        cos, sin = math.cos(yaw), math.sin(yaw)
        ahead, left, up = self._offset
        self._free[:3] = x + cos * ahead - sin * left, y + sin * ahead + cos * left, up - SINK_M
        self._free[3:] = turned(self._tilt, yaw)

    @property
    def pose(self) -> tuple[float, float, float]:
        """x, y, yaw of the model frame in the world."""
        x, y, _ = self.frame.position.tolist()
        return x, y, math.atan2(self.frame.rotation[1, 0], self.frame.rotation[0, 0])

    @property
    def velocity(self) -> tuple[float, float]:
        """Forward m/s and yaw rate rad/s of the axle's centre, along the model frame's axes."""
        mujoco.mj_objectVelocity(self._model, self._data, SITE, self._axle, self._spatial, True)
        return float(self._spatial[FORWARD]), float(self._spatial[YAW_RATE])

    @property
    def wheel_angles(self) -> Array:
        """(wheels,) of the driven joints, rad, left ones first."""
        return np.asarray(self._data.qpos[self._wheels])
