"""Where a moving obstacle is at any time: Gazebo's TrajectoryFollower, integrated once and kept as a table of poses.

The law (``gz::sim::systems::TrajectoryFollower``), once per millisecond: within ``range_tolerance`` of the waypoint
take the next one and do nothing else; while its bearing lies within ``bearing_tolerance`` push along the link's x axis
with ``force``; otherwise turn with ``torque`` towards it. With ``zero_velocity_on_bearing`` turning stops from the time
the bearing is below 0.1 degree until it leaves the tolerance again.

The obstacle is a rigid body in the plane. It is slowed by its :class:`~dl_robotics.sim.world.Drag`, and, if gravity
acts on it, by Coulomb's friction mu m g against a floor that is at least as rough as itself. Friction of a sliding and
turning body follows the ellipsoidal limit surface (Howe and Cutkosky 1996) of a disc: full friction torque is
2/3 mu m g r. Nothing else acts on it: it passes through whatever stands in its way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import Vector, inverse, planar
from dl_robotics.sim.follower import SAME_STATE, TABLE_STEP_S, Body, Law, follow, poses_at, seam
from dl_robotics.sim.shapes import collisions, footprint_radius, height_range
from dl_robotics.sim.world import Drag, Link, Model, TrajectoryFollower

Array: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]

PHYSICS_STEP_S = 0.001
STEPS_A_ROW = round(TABLE_STEP_S / PHYSICS_STEP_S)
TIME_LIMIT_S = 600.0
MAX_LAPS = 12
SEAM_LIMIT = 0.3  # farther apart, and the movement has no cycle


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The movement of one obstacle.

    :param table: (k, 3) x, y in m and unwrapped yaw in rad of the model frame in the world, every
        :data:`TABLE_STEP_S` from the start; it reaches one row past the end of the cycle.
    :param cycle_start_s: when the movement begins to repeat itself, or has ended.
    :param cycle_s: duration of a repetition; 0 for a movement that ends.
    """

    table: Array
    cycle_start_s: float
    cycle_s: float

    def pose(self, time_s: npt.ArrayLike) -> Array:
        """(..., 3) x, y, yaw of the model frame in the world at the times (...) s, >= 0."""
        times = np.asarray(time_s, dtype=np.float64)
        poses = poses_at(self.table, self.cycle_start_s, self.cycle_s, times.ravel())
        return np.asarray(poses.reshape(*times.shape, 3))

    @property
    def top_speed(self) -> float:
        """Largest speed of the model frame, m/s."""
        return float(np.linalg.norm(np.diff(self.table[:, :2], axis=0), axis=1).max()) / TABLE_STEP_S


@lru_cache(maxsize=1024)  # sampler and engine of a world both ask
def trajectory(model: Model, gravity: float = 9.8) -> Trajectory:
    """Integrate the movement of a model with a TrajectoryFollower.

    :param gravity: m/s^2, presses the model onto the floor.
    :raises ValueError: naming the model, if it has no follower, is not rigid, does not reach a waypoint within
        :data:`TIME_LIMIT_S`, or does not settle into a cycle (or, without loop, to rest).
    """
    follower = model.follower
    if follower is None or not follower.waypoints:
        raise ValueError(f"model {model.name!r}: expected a TrajectoryFollower system with waypoints, found {follower}")
    if not all(joint.fixed for joint in model.joints):
        raise ValueError(f"model {model.name!r}: a model with a TrajectoryFollower must be rigid, it has moving joints")
    link = model.link(follower.link)
    law = _law(follower)
    states, laps, ended = _simulate(model, law, _body(model, link, gravity), planar(model.pose @ link.pose))
    poses = _model_poses(states[:, :3], planar(link.pose))
    if ended:
        table = np.concatenate([poses[::STEPS_A_ROW], poses[-1:]])
        return Trajectory(table, (len(table) - 1) * TABLE_STEP_S, 0.0)
    start, end = _cycle(model, states, laps)
    return Trajectory(_close(poses, start, end), float(start * PHYSICS_STEP_S), float((end - start) * PHYSICS_STEP_S))


def _simulate(model: Model, law: Law, body: Body, start: Vector) -> tuple[Array, Integers, bool]:
    """(steps, 6) states and the (k,) steps at which laps begin; whether the movement ended."""
    states = np.empty((round(TIME_LIMIT_S / PHYSICS_STEP_S), 6))
    states[0] = (*start, 0.0, 0.0, 0.0)
    laps = np.empty(MAX_LAPS, dtype=np.int64)
    rows, count, target, ended = follow(body, law, PHYSICS_STEP_S, states, laps)
    if not ended and count < 2:
        x, y = law.waypoints[target]
        raise ValueError(
            f"model {model.name!r}: expected it to reach waypoint {target} at ({x:g}, {y:g}) and go on, or rest there, "
            f"within {TIME_LIMIT_S:g} s; check force, torque, tolerances, drag and friction"
        )
    return states[:rows], laps[:count], ended


def _cycle(model: Model, states: Array, laps: Integers) -> tuple[int, int]:
    """The first two steps at which laps begin alike; the two most alike if none are the same."""
    pairs = [(start, end) for i, end in enumerate(laps) for start in laps[:i]]
    seams = [seam(states[start], states[end]) for start, end in pairs]
    same = [pair for pair, gap in zip(pairs, seams, strict=True) if gap < SAME_STATE]
    if same:
        return same[0]
    if min(seams) > SEAM_LIMIT:
        raise ValueError(
            f"model {model.name!r}: expected its laps to settle into a cycle, they differ by {min(seams):.3f} "
            f"(m, rad, m/s or rad/s) or more after {len(laps)} of them; check force, torque, tolerances and drag"
        )
    return pairs[int(np.argmin(seams))]


def _law(follower: TrajectoryFollower) -> Law:
    return Law(
        waypoints=np.array(follower.waypoints, dtype=np.float64).reshape(-1, 2),
        loop=follower.loop,
        force=follower.force,
        torque=follower.torque,
        range_tolerance_m=follower.range_tolerance_m,
        bearing_tolerance=math.radians(follower.bearing_tolerance_deg),
        zero_velocity=follower.zero_velocity_on_bearing,
    )


def _body(model: Model, link: Link, gravity: float) -> Body:
    """All links of the model as one body, seen from ``link``, which follows."""
    to_link = inverse(link.pose)
    frames = [to_link @ part.pose @ part.inertial.pose for part in model.links]  # centres of mass
    masses = np.array([part.inertial.mass for part in model.links])
    centres = np.array([frame[:2, 3] for frame in frames])
    centre = masses @ centres / masses.sum()
    turning = [f[2, :3] @ p.inertial.inertia @ f[2, :3] for f, p in zip(frames, model.links, strict=True)]
    push = link.inertial.pose
    push_yaw = planar(push)[2]
    arm = push[:2, 3] - centre  # Gazebo pushes at the centre of mass of the link that follows
    drag = model.drag or Drag(link.name)
    mu = _floor_friction(model) if link.gravity else 0.0
    return Body(
        mass=float(masses.sum()),
        inertia=float(sum(turning) + masses @ ((centres - centre) ** 2).sum(axis=1)),
        centre_x=float(centre[0]),
        centre_y=float(centre[1]),
        push_yaw=push_yaw,
        lever=float(arm[0] * math.sin(push_yaw) - arm[1] * math.cos(push_yaw)),
        surge=drag.surge,
        sway=drag.sway,
        yaw=drag.yaw,
        friction=mu * gravity,
        friction_radius=2.0 / 3.0 * footprint_radius(model) if mu > 0.0 else 0.0,
    )


def _floor_friction(model: Model) -> float:
    """Coulomb's coefficient of the lowest collision, which carries the model; 0 if the model has none."""
    parts = [(height_range(part.shape, model.pose @ pose)[0], part.friction) for part, pose in collisions(model)]
    return min(parts)[1] if parts else 0.0


def _model_poses(link_poses: Array, link_in_model: tuple[float, float, float]) -> Array:
    """(k, 3) poses of the model frame from those of its link."""
    x, y, yaw = link_in_model
    turned = link_poses[:, 2] - yaw
    cos, sin = np.cos(turned), np.sin(turned)
    return np.stack([link_poses[:, 0] - cos * x + sin * y, link_poses[:, 1] - sin * x - cos * y, turned], axis=1)


def _close(poses: Array, start: int, end: int) -> Array:
    """Table of poses up to the end of the cycle and one row on; what is left of the seam is spread over the cycle."""
    gap = poses[end] - poses[start]
    turns = 2.0 * math.pi * round(float(gap[2]) / (2.0 * math.pi))
    gap[2] -= turns
    fraction = np.linspace(0.0, 1.0, end - start + 1)
    poses[start : end + 1] -= fraction[:, None] * gap
    rows = np.arange(0, end + 2 * STEPS_A_ROW, STEPS_A_ROW)
    again = np.maximum(rows - end, 0)  # steps into the repetition
    table = poses[np.where(rows > end, start + again, rows)]
    table[rows > end, 2] += turns
    return table
