"""One robot in one world, some physics steps at a time."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import mujoco
import numpy as np

from dl_robotics.ops.contacts import Contact
from dl_robotics.ops.geometry import Vector, planar
from dl_robotics.sim.mujoco.body import RobotBody
from dl_robotics.sim.mujoco.compile import CompiledWorld
from dl_robotics.sim.mujoco.drive import DriveLimiter
from dl_robotics.sim.mujoco.frames import Array
from dl_robotics.sim.mujoco.movers import Movers
from dl_robotics.sim.mujoco.stepper import Stepper
from dl_robotics.sim.mujoco.touched import robot_contacts
from dl_robotics.sim.mujoco.variation import Variation
from dl_robotics.sim.mujoco.watch import touches_and_leans
from dl_robotics.sim.robot import drive_of
from dl_robotics.sim.world import Transform


class Simulation:
    """A world, its robot and its movers.

    After :meth:`reset` and :meth:`advance` frames, contacts and velocities belong to the present moment.

    :param compiled: the world; its model is copied, since every simulation scales a robot of its own.

    Attributes: ``model`` and ``data`` of MuJoCo and ``robot``, for sensors; ``collided`` and ``tumbled``, whether the
    robot has touched anything but the floor, or leant over by more than ``watch.TUMBLE_RAD``,
    in any physics step since the reset; ``touching``, whether it has touched anything since the last call.
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
        self._stepper = Stepper(self.model, self.data)
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
        sensed = self._stepper.place(self._movers.ahead(1)[0])
        self._steps = 0
        self.collided, self.tumbled = touches_and_leans(sensed)
        self.touching = self.collided

    def advance(self, command: Vector, steps: int) -> None:
        """Go on by some physics steps under a command (forward m/s, yaw rate rad/s).

        :raises FloatingPointError: if the simulation diverges.
        """
        sensed = self._stepper.step(self._drive.wheel_speeds(command, steps), self._movers.ahead(steps))
        self.touching, leans = touches_and_leans(sensed)
        self.collided, self.tumbled = self.collided or self.touching, self.tumbled or leans
        self._steps += steps
        if self.data.time < self.time_s - self.physics_step_s / 2.0 or not math.isfinite(self.robot.frame.position[0]):
            raise FloatingPointError(
                f"{self.world.source}: the simulation diverged {self.time_s:.2f} s after its reset"
            )

    def contacts(self) -> list[Contact]:
        """What the robot touches at present, the floor aside."""
        return robot_contacts(self.model, self.data)

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
