"""The coordinate frames of a robot in a world file: their names and where they are."""

from __future__ import annotations

import numpy as np

from dl_robotics.messages.transform import TransformData
from dl_robotics.ops.geometry import Array, inverse, transform
from dl_robotics.sim.world import Camera, Link, Model, Sensor

# A camera of SDF looks along its x axis; an optical frame has z forward, x right, y down (REP-103).
OPTICAL = transform(rpy=(-np.pi / 2.0, 0.0, -np.pi / 2.0))


def base_frame(robot: Model) -> str:
    """The frame that odometry is about: what the DiffDrive system calls the child frame."""
    return robot.drive.child_frame_id if robot.drive else robot.links[0].name


def base_in_model(robot: Model) -> Array:
    """(4, 4) of the base frame in the model frame: the link of that name, or the model frame itself."""
    poses = {link.name: link.pose for link in robot.links}
    return poses.get(base_frame(robot), np.eye(4))


def sensor_frame(link: Link, sensor: Sensor) -> str:
    """The frame of a sensor's data: its link's own where it sits in the link's origin; a camera's is optical."""
    plain = link.name if np.allclose(sensor.pose, np.eye(4)) else f"{link.name}/{sensor.name}"
    return f"{plain}_optical_frame" if isinstance(sensor, Camera) else plain


def static_transforms(robot: Model, stamp_ns: int) -> list[TransformData]:
    """Every link that cannot move against the base, and every sensor, as children of the base and of their links.

    Wheels turn and are left out.
    """
    base, to_base = base_frame(robot), inverse(base_in_model(robot))
    turning = {joint.child for joint in robot.joints if not joint.fixed}
    found = [
        TransformData(stamp_ns, base, link.name, to_base @ link.pose)
        for link in robot.links
        if link.name != base and link.name not in turning
    ]
    for link, sensor in robot.sensors():
        name = sensor_frame(link, sensor)
        if name != link.name:
            pose = sensor.pose @ OPTICAL if isinstance(sensor, Camera) else sensor.pose
            found.append(TransformData(stamp_ns, link.name, name, pose))
    return found
