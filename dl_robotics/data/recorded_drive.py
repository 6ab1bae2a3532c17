"""What a robot sensed and was told while a bag was recorded: each scan with all that was known when it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dl_robotics.data.bags.recording import Recording
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.recorded_goals import GoalFrames, RecordedGoal
from dl_robotics.data.series.stamped import Stamped, read_topic
from dl_robotics.messages.flag import decode_flag
from dl_robotics.messages.laser_scan import Scan, decode_scan
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import decode_pose_stamped
from dl_robotics.messages.transform import decode_tf
from dl_robotics.messages.twist import decode_twist, decode_twist_stamped

SCAN, ODOMETRY, GOAL = "sensor_msgs/msg/LaserScan", "nav_msgs/msg/Odometry", "geometry_msgs/msg/PoseStamped"
TWIST, TWIST_STAMPED, FLAG = "geometry_msgs/msg/Twist", "geometry_msgs/msg/TwistStamped", "std_msgs/msg/Bool"
TF = "tf2_msgs/msg/TFMessage"
WANTED = (SCAN, ODOMETRY, GOAL, TWIST, TWIST_STAMPED, FLAG, TF)

Command = tuple[float, float]  # forward m/s, yaw rate rad/s


@dataclass(frozen=True)
class DriveTopics:
    """Where a drive was recorded; ``tf`` and ``tf_static`` are needed for goals in another frame than the odometry's.

    :param collision: empty where the robot cannot tell.
    """

    scan: str = "/scan"
    odom: str = "/odom"
    cmd_vel: str = "/cmd_vel"
    goal: str = "/goal_pose"
    collision: str = "/simulator/collision"
    tf: str = "/tf"
    tf_static: str = "/tf_static"


class Instant(NamedTuple):
    """A scan, and what was known when it came.

    :param odometry: the newest that is not newer than the scan.
    :param goal: None without one, or where it was not known in the frame of the odometry.
    :param collided: whether the robot was in touch with something.
    :param command: the answer to the scan; None if there was none.
    """

    scan: Scan
    odometry: Odometry
    goal: RecordedGoal | None
    collided: bool
    command: Command | None


def read_drive(path: Path, topics: DriveTopics, readable_part: bool = False) -> list[Instant]:
    """The scans of a bag in the order of their stamps.

    :raises DataError: naming bag and topic of what is missing or cannot be used, or if time jumps back.
    """
    bag, notes = Recording(path, WANTED, readable_part), Notes(path)

    def read(topic: str, message_type: str, decode: Callable[[Any], Any]) -> Stamped:
        return read_topic(bag, topic, message_type, decode, notes, readable_part)

    def read_if_there(topic: str, message_type: str, decode: Callable[[Any], Any]) -> Stamped | None:
        return read(topic, message_type, decode) if topic in bag.topics and bag.topics[topic].messages else None

    scans, odometry = read(topics.scan, SCAN, decode_scan), read(topics.odom, ODOMETRY, decode_odometry)
    for topic, heard in ((topics.scan, scans), (topics.odom, odometry)):
        _check_order(path, topic, heard)
    frames = GoalFrames(
        read(topics.goal, GOAL, decode_pose_stamped),
        [read_if_there(topic, TF, lambda message: decode_tf(message)[0]) for topic in (topics.tf_static, topics.tf)],
        notes,
    )
    touched = read_if_there(topics.collision, FLAG, decode_flag)
    if touched is None:
        notes.add("topic missing, so no step counts as a collision", topics.collision or "collision")
    instants = list(_instants(scans, odometry, frames, touched, _commands(bag, topics.cmd_vel, scans, read)))
    notes.tell()
    return instants


def _instants(
    scans: Stamped, odometry: Stamped, frames: GoalFrames, touched: Stamped | None, commands: list[Command | None]
) -> Iterator[Instant]:
    newest = np.searchsorted(odometry.stamps_ns, scans.stamps_ns, side="right") - 1
    for number, scan in enumerate(scans.values):
        if newest[number] < 0:
            continue
        odom, received_ns = odometry.values[newest[number]], int(scans.received_ns[number])
        collided = touched is not None and bool(_last_before(touched, received_ns, False))
        yield Instant(scan, odom, frames.goal_at(received_ns, odom.frame_id), collided, commands[number])


def _commands(bag: Recording, topic: str, scans: Stamped, read: Any) -> list[Command | None]:
    """The answer to each scan: the command of its stamp or, without stamps, the first one before the next scan."""
    if topic in bag.topics and bag.topics[topic].type == TWIST_STAMPED:
        stamped = read(topic, TWIST_STAMPED, lambda message: decode_twist_stamped(message).velocity)
        by_stamp = dict(zip(stamped.stamps_ns.tolist(), map(_planar, stamped.values), strict=True))
        return [by_stamp.get(stamp_ns) for stamp_ns in scans.stamps_ns.tolist()]
    plain = read(topic, TWIST, decode_twist)
    first = np.searchsorted(plain.received_ns, scans.received_ns, side="left")
    ends = np.append(scans.received_ns[1:], np.iinfo(np.int64).max)
    within = [at < len(plain.values) and plain.received_ns[at] < end for at, end in zip(first, ends, strict=True)]
    return [_planar(plain.values[at]) if inside else None for at, inside in zip(first, within, strict=True)]


def _planar(velocity: Any) -> Command:
    return float(velocity.linear[0]), float(velocity.angular[2])


def _last_before(heard: Stamped, received_ns: int, default: Any) -> Any:
    """What was last said at a time, by the recorder's clock."""
    at = int(np.searchsorted(heard.received_ns, received_ns, side="right")) - 1
    return heard.values[at] if at >= 0 else default


def _check_order(path: Path, topic: str, heard: Stamped) -> None:
    """Refuse a recording in which a simulator was started again: its stamps would be shuffled together."""
    back = np.flatnonzero(np.diff(heard.received_ns) < 0)
    if len(back):
        stamp_ns = int(heard.stamps_ns[back[0]])
        raise DataError(f"{path}: {topic}: expected stamps in the order of arrival, got them mixed at {stamp_ns} ns")
