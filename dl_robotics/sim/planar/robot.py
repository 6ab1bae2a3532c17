"""What the planar engine needs to know of a robot: where it stands, where its lidar and its wheels are."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import planar
from dl_robotics.sim.robot import axle_centre, drive_of, driven_joints
from dl_robotics.sim.shapes import Disc, Outline, collisions, height_range, project
from dl_robotics.sim.world import Lidar, Model, Plane, Shape, Transform, World

Array: TypeAlias = npt.NDArray[np.float64]

GROUND_CLEARANCE_M = 0.005  # lower things are driven over
SUNK_M = 0.01  # a robot placed this deep in a floor still stands on it


def collision_band(world: World) -> tuple[float, float]:
    """Heights between which the standing robot's body meets obstacles, m in the world frame."""
    low, high = _heights(world.robot)
    drop = _floor(world, low) - low
    return low + drop + GROUND_CLEARANCE_M, high + drop


def lidar_height(world: World) -> float:
    """Height of the standing robot's first lidar, m in the world frame."""
    low, _ = _heights(world.robot)
    _, pose = lidar_mount(world.robot)
    return float((world.robot.pose @ pose)[2, 3]) + _floor(world, low) - low


def lidar_mount(robot: Model) -> tuple[Lidar, Transform]:
    """The robot's first lidar and its pose in the model frame.

    :raises ValueError: if the robot has none, or it is not mounted upright: its rays would leave the plane.
    """
    for link, sensor in robot.sensors():
        if isinstance(sensor, Lidar):
            pose = link.pose @ sensor.pose
            up = (robot.pose @ pose)[:3, 2]
            if up[2] < 1.0 - 1e-6:
                raise ValueError(
                    f"robot {robot.name!r}: lidar {sensor.name!r} must be level and upright for the planar engine, "
                    f"its z axis points along {np.round(up, 3).tolist()} of the world"
                )
            return sensor, pose
    raise ValueError(f"robot {robot.name!r}: expected a gpu_lidar, found none")


def axle_place(robot: Model) -> tuple[float, float]:
    """The point midway between the driven wheels, in the model frame, m.

    :raises ValueError: if the left wheels do not lie to the left: the robot would not drive along its x axis.
    """
    joints, count = driven_joints(robot), len(drive_of(robot).left_joints)
    left, right = (np.mean([j.pose[:2, 3] for j in side], axis=0) for side in (joints[:count], joints[count:]))
    across = left - right
    if across[1] <= 0.0 or abs(across[0]) > 1e-3 * across[1]:
        raise ValueError(
            f"robot {robot.name!r}: expected the left wheels straight to the left (+y) of the right ones, "
            f"they lie at {left.tolist()} and {right.tolist()}"
        )
    x, y, _ = planar(axle_centre(robot))
    return x, y


def wheel_friction(robot: Model) -> float:
    """The smallest Coulomb coefficient among the driven wheels; 1 if they have no collision."""
    wheels = [robot.link(joint.child) for joint in driven_joints(robot)]
    return min((part.friction for wheel in wheels for part in wheel.collisions), default=1.0)


def _heights(robot: Model) -> tuple[float, float]:
    """Lowest and highest point of the robot where the file puts it.

    :raises ValueError: if it has no bounded collision geometry.
    """
    ranges = [height_range(part.shape, robot.pose @ pose) for part, pose in collisions(robot)]
    if not ranges or not np.isfinite(ranges).all():
        raise ValueError(f"robot {robot.name!r}: expected bounded collision geometry, found heights {ranges}")
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _floor(world: World, lowest: float) -> float:
    """Height of what the robot comes to stand on: files often put robots a little above the floor."""
    place = world.robot.pose[:2, 3]
    tops = (
        _top(part.shape, model.pose @ pose, place)
        for model in world.models
        if model is not world.robot and model.follower is None
        for part, pose in collisions(model)
    )
    return max((top for top in tops if top <= lowest + SUNK_M), default=lowest)


def _top(shape: Shape, pose: Transform, place: Array) -> float:
    """Height of a shape's top above a place (x, y) that it covers, else ``inf``; of a plane the height there."""
    if isinstance(shape, Plane):
        normal = pose[:3, :3] @ np.asarray(shape.normal)
        level = abs(normal[2]) > np.hypot(normal[0], normal[1])
        return float(pose[2, 3] - normal[:2] @ (place - pose[:2, 3]) / normal[2]) if level else np.inf
    outline = project(shape, pose, -np.inf, np.inf)
    return height_range(shape, pose)[1] if outline is not None and _covers(outline, place) else np.inf


def _covers(outline: Outline, point: Array) -> bool:
    """Whether a point lies within an outline."""
    if isinstance(outline, Disc):
        return bool(np.hypot(point[0] - outline.x, point[1] - outline.y) <= outline.radius)
    along = np.roll(outline.vertices, -1, axis=0) - outline.vertices
    towards = point - outline.vertices
    return bool(np.all(along[:, 0] * towards[:, 1] - along[:, 1] * towards[:, 0] >= 0.0))
