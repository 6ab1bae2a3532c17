"""N copies of a world in the horizontal plane: exact geometry, kinematic driving, no contact forces."""

from __future__ import annotations

import numba
import numpy as np

from dl_robotics.ops.geometry import planar
from dl_robotics.sim.engine import Array, Beams, Indices, Mask, Start
from dl_robotics.sim.planar.geometry import seen_outlines, solid_outlines
from dl_robotics.sim.planar.kernels import advance
from dl_robotics.sim.planar.motion import Axis
from dl_robotics.sim.planar.robot import axle_place, lidar_mount, wheel_friction
from dl_robotics.sim.planar.state import Body, Movers, Scene, State
from dl_robotics.sim.robot import drive_of
from dl_robotics.sim.shapes import footprint_radius
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Model, World

ENVS_A_THREAD = 16  # fewer are not worth waking a thread for


class PlanarEngine:
    """The batched planar engine, an :class:`~dl_robotics.sim.engine.Engine`.

    The robot is a disc that encloses its collision geometry; it drives exact arcs with the velocity and acceleration
    limits of its DiffDrive. What it would run into stops it where it was. Moving obstacles follow their trajectories
    and pass through everything; other models stay where the file puts them, also those that are not static.

    A friction factor scales the largest acceleration that the wheels transmit, mu g; a mass factor divides the
    acceleration of the motors. Nothing tumbles here. Steps run on ``numba.get_num_threads()`` threads with the same
    result for any number of them.

    :param world: a world with one robot, which carries a level lidar.
    :param num_envs: N.
    :param beams: the rays to scan, centred on the x axis of the robot's first lidar.
    :param control_period_s: duration of a step.
    :raises ValueError: if the robot, its lidar or a moving obstacle does not fit the plane.
    """

    def __init__(self, world: World, num_envs: int, beams: Beams, control_period_s: float) -> None:
        self.world, self.beams, self.num_envs, self.control_period_s = world, beams, num_envs, control_period_s
        solid, seen = solid_outlines(world), seen_outlines(world)
        self._scene = Scene(_body(world.robot, beams), *axes(world), solid, seen, _rays(beams), _movers(world))
        movers = len(world.movers)
        self.pose: Array = np.tile(planar(world.robot.pose), (num_envs, 1))
        self.velocity: Array = np.zeros((num_envs, 2))
        self.ranges: Array = np.empty((num_envs, beams.count))
        self.collided: Mask = np.zeros(num_envs, dtype=np.bool_)
        self.tumbled: Mask = np.zeros(num_envs, dtype=np.bool_)
        self.mover_pose: Array = np.empty((num_envs, movers, 3))
        self._state = State(
            pose=self.pose,
            velocity=self.velocity,
            command=np.zeros((num_envs, 2)),
            ranges=self.ranges,
            mover_pose=self.mover_pose.reshape(num_envs, 3 * movers),
            mover_time_s=np.zeros((num_envs, movers)),
            mover_rate=np.ones((num_envs, movers)),
            factors=np.ones((num_envs, 2)),
        )
        self._near = np.empty((num_envs, len(solid.polygons) + len(solid.discs)), dtype=np.int64)
        self._all = np.arange(num_envs)
        self._no_delay = np.zeros(num_envs)
        self._advance(self._all, 0.0, self._state.command, self._no_delay)

    def reset(self, envs: Indices, start: Start) -> None:
        """Begin an episode in the environments ``envs`` (k,), at rest."""
        state = self._state
        state.pose[envs] = start.pose
        state.velocity[envs] = 0.0
        state.command[envs] = 0.0
        state.mover_time_s[envs] = start.mover_time_s
        state.mover_rate[envs] = start.mover_rate
        state.factors[envs, 0] = start.friction
        state.factors[envs, 1] = start.mass
        self.collided[envs] = False
        self._advance(np.ascontiguousarray(envs, dtype=np.int64), 0.0, state.command, self._no_delay)

    def step(self, commands: Array, delay_s: Array) -> None:
        """Advance all environments by one control period, see :meth:`dl_robotics.sim.engine.Engine.step`."""
        commands = np.ascontiguousarray(commands, dtype=np.float64)  # another layout would compile a kernel of its own
        delay_s = np.ascontiguousarray(delay_s, dtype=np.float64)
        self._advance(self._all, self.control_period_s, commands, delay_s)

    def _advance(self, envs: Indices, period_s: float, commands: Array, delay_s: Array) -> None:
        threads = numba.get_num_threads()
        numba.set_num_threads(min(threads, 1 + len(envs) // ENVS_A_THREAD))
        advance(envs, period_s, commands, delay_s, self._state, self.collided, self._near, *self._scene)
        numba.set_num_threads(threads)


def _body(model: Model, beams: Beams) -> Body:
    axle_x, axle_y = axle_place(model)
    lidar_x, lidar_y, yaw = planar(lidar_mount(model)[1])
    return Body(
        radius=footprint_radius(model),
        axle_x=axle_x,
        axle_y=axle_y,
        lidar_x=lidar_x,
        lidar_y=lidar_y,
        lidar_yaw=yaw + float(beams.angles[0]),
        increment=beams.increment,
        range_max_m=beams.range_max_m,
    )


def axes(world: World) -> tuple[Axis, Axis]:
    """Limits of driving forward and of turning."""
    drive = drive_of(world.robot)
    grip = wheel_friction(world.robot) * float(np.linalg.norm(world.gravity))
    return Axis(
        low=drive.min_linear_velocity,
        high=drive.max_linear_velocity,
        slow=drive.min_linear_acceleration,
        fast=drive.max_linear_acceleration,
        grip=grip,
    ), Axis(
        low=drive.min_angular_velocity,
        high=drive.max_angular_velocity,
        slow=drive.min_angular_acceleration,
        fast=drive.max_angular_acceleration,
        grip=grip / (drive.wheel_separation_m / 2.0),
    )


def _rays(beams: Beams) -> Array:
    """(2, B) directions in the frame of the first ray."""
    angles = beams.angles - beams.angles[0]
    return np.stack([np.cos(angles), np.sin(angles)])


def _movers(world: World) -> Movers:
    gravity = float(np.linalg.norm(world.gravity))
    trajectories = [trajectory(model, gravity) for model in world.movers]
    rows = np.cumsum([0, *(len(t.table) for t in trajectories)])
    course = [
        (first, end, t.cycle_start_s, t.cycle_s, footprint_radius(model), t.top_speed)
        for first, end, t, model in zip(rows[:-1], rows[1:], trajectories, world.movers, strict=True)
    ]
    return Movers(
        table=np.concatenate([np.empty((0, 3)), *(t.table for t in trajectories)]),
        course=np.array(course, dtype=np.float64).reshape(-1, 6),
    )
