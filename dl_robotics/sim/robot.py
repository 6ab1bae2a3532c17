"""What engines and nodes have to know of a robot: its free body, its axle and its wheels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dl_robotics.sim.tree import Branch, branches
from dl_robotics.sim.world import DiffDrive, Joint, Link, Model, Transform


def drive_of(robot: Model) -> DiffDrive:
    """The robot's drive.

    :raises ValueError: if it has none.
    """
    if robot.drive is None:
        raise ValueError(f"model {robot.name!r}: expected a DiffDrive system, found none")
    return robot.drive


def base_link(robot: Model) -> Link:
    """The one link that is free to move and carries all others.

    :raises ValueError: if the robot is static, stands in several parts or hangs on the world.
    """
    roots = () if robot.static else branches(robot)
    if len(roots) != 1 or roots[0].joint is not None:
        found = ", ".join(root.link.name for root in roots) or "a static model"
        raise ValueError(f"model {robot.name!r}: expected one free link that carries all others, found {found}")
    return roots[0].link


def driven_joints(robot: Model) -> tuple[Joint, ...]:
    """The drive's joints, left ones first, then right ones.

    :raises ValueError: if the drive names a joint that the robot does not have, or one that does not turn.
    """
    drive = drive_of(robot)
    joints = {joint.name: joint for joint in robot.joints if not joint.fixed}
    unknown = [name for name in drive.left_joints + drive.right_joints if name not in joints]
    if unknown:
        raise ValueError(
            f"model {robot.name!r}: expected a revolute joint {unknown[0]!r}, which its DiffDrive names, "
            f"found {', '.join(joints) or 'none'}"
        )
    return tuple(joints[name] for name in drive.left_joints + drive.right_joints)


def driven_links(robot: Model) -> frozenset[str]:
    """Names of the links that the drive turns: the wheels."""
    return frozenset(joint.child for joint in driven_joints(robot))


def rigid_links(robot: Model) -> frozenset[str]:
    """Names of the links that cannot move against the base link."""
    return frozenset(_rigid(branches(robot)[0]))


def _rigid(branch: Branch) -> Iterator[str]:
    yield branch.link.name
    for below in branch.branches:
        if below.joint is not None and below.joint.fixed:
            yield from _rigid(below)


def axle_centre(robot: Model) -> Transform:
    """The middle between the driven joints, with the model frame's axes, in the model frame."""
    result = np.eye(4)
    result[:3, 3] = np.mean([joint.pose[:3, 3] for joint in driven_joints(robot)], axis=0)
    return result


def support_height(robot: Model) -> float:
    """Height of the lowest point of the wheels in the world, where the file puts the robot, m."""
    return float((robot.pose @ axle_centre(robot))[2, 3]) - drive_of(robot).wheel_radius_m
