"""What a robot sensed and was told while a bag was recorded: each scan with all that was known when it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.recording import Recording
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.recorded_goals import GoalFrames, RecordedGoal
from dl_robotics.data.series.stamped import Stamped, Stamps, read_topic
from dl_robotics.messages.contacts import decode_contacts
from dl_robotics.messages.flag import decode_flag
from dl_robotics.messages.laser_scan import Scan, decode_scan
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import decode_pose_stamped
from dl_robotics.messages.transform import decode_tf
from dl_robotics.messages.twist import decode_twist, decode_twist_stamped

SCAN, ODOMETRY, GOAL = "sensor_msgs/msg/LaserScan", "nav_msgs/msg/Odometry", "geometry_msgs/msg/PoseStamped"
TWIST, TWIST_STAMPED, FLAG = "geometry_msgs/msg/Twist", "geometry_msgs/msg/TwistStamped", "std_msgs/msg/Bool"
CONTACTS, TF = "ros_gz_interfaces/msg/Contacts", "tf2_msgs/msg/TFMessage"
WANTED = (SCAN, ODOMETRY, GOAL, TWIST, TWIST_STAMPED, FLAG, CONTACTS, TF)

Command = tuple[float, float]  # forward m/s, yaw rate rad/s
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DriveTopics:
    """Where a drive was recorded; ``tf`` and ``tf_static`` are needed for goals in another frame than the odometry's.

    :param contacts: a ``ros_gz_interfaces/Contacts`` of what does not stand on the floor, as Gazebo's contact sensors
        send it. Either this or ``collision`` is enough; without both no step counts as a collision.
    :param collision: a ``std_msgs/Bool``, true while the robot is in touch with something.
    """

    scan: str = "/scan"
    odom: str = "/odom"
    cmd_vel: str = "/cmd_vel"
    goal: str = "/goal_pose"
    contacts: str = "/simulator/contacts"
    collision: str = "/simulator/collision"
    tf: str = "/tf"
    tf_static: str = "/tf_static"


class Instant(NamedTuple):
    """A scan, and what was known when it came.

    :param odometry: the newest that is not newer than the scan.
    :param goal: None without one, or where it was not known in the frame of the odometry.
    :param collided: whether the robot was in touch with something, now or since the scan before.
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
        read_topic(bag, topics.goal, GOAL, decode_pose_stamped, notes, readable_part, by_arrival=True),
        [read_if_there(topic, TF, lambda message: decode_tf(message)[0]) for topic in (topics.tf_static, topics.tf)],
        notes,
    )
    contacts = read_if_there(topics.contacts, CONTACTS, lambda message: bool(decode_contacts(message).contacts))
    switch = read_if_there(topics.collision, FLAG, decode_flag)
    if contacts is None and switch is None:
        notes.add("topics missing, so no step counts as a collision", f"{topics.contacts!r}, {topics.collision!r}")
    touched, commands = _touched(scans, contacts, switch), _commands(bag, topics.cmd_vel, scans, read)
    instants = list(_instants(scans, odometry, frames, touched, commands))
    notes.tell()
    return instants


def _instants(
    scans: Stamped, odometry: Stamped, frames: GoalFrames, touched: Mask, commands: list[Command | None]
) -> Iterator[Instant]:
    newest = np.searchsorted(odometry.stamps_ns, scans.stamps_ns, side="right") - 1
    for number, scan in enumerate(scans.values):
        if newest[number] < 0:
            continue
        odom, received_ns = odometry.values[newest[number]], int(scans.received_ns[number])
        goal = frames.goal_at(received_ns, odom.frame_id)
        yield Instant(scan, odom, goal, bool(touched[number]), commands[number])


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


def _touched(scans: Stamped, contacts: Stamped | None, switch: Stamped | None) -> Mask:
    """(n,) whether the robot was in touch with something at each scan, or since the one before."""
    touched = np.zeros(len(scans.values), bool)
    if contacts is not None:
        touched |= _since_before(scans.stamps_ns, contacts.stamps_ns[np.array(contacts.values)])
    if switch is not None:
        pressed = np.array([False, *switch.values])  # as it was before it said anything, and as it then said
        touched |= pressed[np.searchsorted(switch.received_ns, scans.received_ns, side="right")]
        touched |= _since_before(scans.received_ns, switch.received_ns[pressed[1:]])
    return touched


def _since_before(scans_ns: Stamps, told_ns: Stamps) -> Mask:
    """(n,) whether something was told later than the scan before and not later than this one; both in order."""
    return np.diff(np.searchsorted(told_ns, scans_ns, side="right"), prepend=0) > 0


def _check_order(path: Path, topic: str, heard: Stamped) -> None:
    """Refuse a recording in which a simulator was started again: its stamps would be shuffled together."""
    back = np.flatnonzero(np.diff(heard.received_ns) < 0)
    if len(back):
        stamp_ns = int(heard.stamps_ns[back[0]])
        raise DataError(f"{path}: {topic}: expected stamps in the order of arrival, got them mixed at {stamp_ns} ns")
