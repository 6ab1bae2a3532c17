"""One robot in one world, some physics steps at a time."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import mujoco
import numpy as np

from dl_robotics.ops.geometry import Vector, planar
from dl_robotics.sim.mujoco.body import RobotBody
from dl_robotics.sim.mujoco.compile import CompiledWorld
from dl_robotics.sim.mujoco.drive import DriveLimiter
from dl_robotics.sim.mujoco.frames import Array
from dl_robotics.sim.mujoco.movers import Movers
from dl_robotics.sim.mujoco.robot import drive_of
from dl_robotics.sim.mujoco.touch import hazard_test
from dl_robotics.sim.mujoco.variation import Variation
from dl_robotics.sim.world import Transform

TUMBLE_RAD = 0.5  # a robot whose up axis leans farther than this has fallen over
LEAST_UPRIGHT = math.cos(TUMBLE_RAD)


class Simulation:
    """A world, its robot and its movers.

    After :meth:`reset` and :meth:`advance` frames, contacts and velocities belong to the present moment: a step here is
    MuJoCo's begun in its middle, with forces and integration first, then kinematics and collisions.

    :param compiled: the world; its model is copied, since every simulation scales a robot of its own.

    Attributes: ``model`` and ``data`` of MuJoCo and ``robot``, for sensors; ``collided`` and ``tumbled``, whether the
    robot has touched anything but the floor, or leant over by more than :data:`TUMBLE_RAD`, since the reset.
    """

    def __init__(self, compiled: CompiledWorld) -> None:
        self.world = compiled.world
        self.model = copy.copy(compiled.model)
        self.data = mujoco.MjData(self.model)
        self.physics_step_s = float(self.model.opt.timestep)
        self.robot = RobotBody(self.world.robot, self.model, self.data)
        self._drive = DriveLimiter(drive_of(self.world.robot), self.physics_step_s)
        self._movers = Movers(self.world.movers, compiled.trajectories, self.physics_step_s)
        self._variation = Variation(self.model, self.robot.id)
        self._is_hazard = hazard_test(self.model)
        self.reset(planar(self.world.robot.pose))

    def reset(
        self,
        pose: Vector,
        mover_time_s: Sequence[float] | Array | None = None,
        mover_rate: Sequence[float] | Array | None = None,
        friction: float = 1.0,
        mass: float = 1.0,
    ) -> None:
        """Put the robot at (x, y, yaw) of its model frame, at rest; everything else where the file has it.

        :param mover_time_s: (movers,) how far into its trajectory each mover is; default: at its beginning.
        :param mover_rate: (movers,) factor on each mover's pace; default 1.
        :param friction: factor on the robot's Coulomb coefficients.
        :param mass: factor on the robot's masses and inertias.
        """
        count = len(self.world.movers)
        self._variation.apply(self.data, friction, mass)
        mujoco.mj_resetData(self.model, self.data)
        self.robot.place(pose)
        self._drive.reset()
        self._movers.reset(
            np.zeros(count) if mover_time_s is None else np.asarray(mover_time_s),
            np.ones(count) if mover_rate is None else np.asarray(mover_rate),
        )
        track = self._movers.now()
        self.data.mocap_pos[:], self.data.mocap_quat[:] = track.positions[0], track.quaternions[0]
        mujoco.mj_forward(self.model, self.data)
        self._steps = 0
        self.collided = self._is_hazard(self.data.contact.geom.tobytes())
        self.tumbled = bool(self.robot.frame.rotation[2, 2] < LEAST_UPRIGHT)

    def advance(self, command: Vector, steps: int) -> None:
        """Go on by some physics steps under a command (forward m/s, yaw rate rad/s).

        :raises FloatingPointError: if the simulation diverges.
        """
        model, data = self.model, self.data  # this loop is run 100,000 times a second: no attribute is read twice
        ctrl, mocap_pos, mocap_quat, contact = data.ctrl, data.mocap_pos, data.mocap_quat, data.contact
        collided, tumbled, upright = self.collided, self.tumbled, self.robot.frame.rotation[2]
        track = self._movers.ahead(steps)
        speeds = self._drive.wheel_speeds(command, steps)
        for speed, position, turn in zip(speeds, track.positions, track.quaternions, strict=True):
            ctrl[:] = speed
            mujoco.mj_step2(model, data)
            mocap_pos[:], mocap_quat[:] = position, turn
            mujoco.mj_step1(model, data)
            collided = collided or self._is_hazard(contact.geom.tobytes())
            tumbled = tumbled or bool(upright[2] < LEAST_UPRIGHT)
        self.collided, self.tumbled = collided, tumbled
        self._steps += steps
        if not math.isfinite(self.robot.frame.position[0]):
            raise FloatingPointError(
                f"{self.world.source}: the simulation diverged {self.time_s:.2f} s after its reset"
            )

    def tick(self, command: Vector) -> None:
        """Go on by one physics step under a command."""
        self.advance(command, 1)

    @property
    def time_s(self) -> float:
        """Simulated seconds since the reset."""
        return self._steps * self.physics_step_s

    @property
    def transform(self) -> Transform:
        """(4, 4) of the robot's model frame in the world."""
        return self.robot.frame.transform

    @property
    def pose(self) -> tuple[float, float, float]:
        """x, y, yaw of the robot's model frame."""
        return self.robot.pose

    @property
    def velocity(self) -> tuple[float, float]:
        """Forward m/s and yaw rate rad/s of the axle's centre."""
        return self.robot.velocity

    @property
    def wheel_angles(self) -> Array:
        """(wheels,) joint positions of the wheels, rad, left ones first."""
        return self.robot.wheel_angles

    @property
    def mover_pose(self) -> Array:
        """(movers, 3) x, y, yaw of the movers' model frames."""
        return self._movers.pose
