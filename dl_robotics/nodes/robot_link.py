"""One robot as its topics and services show it, for somebody who waits for each next scan."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import rclpy
from geometry_msgs.msg import PoseStamped
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.context import Context
from rclpy.duration import Duration
from rclpy.node import Node
from ros_gz_interfaces.msg import Contacts
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool

from dl_robotics.config import require
from dl_robotics.messages.contacts import decode_contacts
from dl_robotics.messages.flag import decode_flag
from dl_robotics.messages.laser_scan import Scan, decode_scan
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.transform_errors import TransformException
from dl_robotics.nodes.cmd_vel import STOP, Command, command_output
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.live_config import LiveConfig, RobotAddress
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.reset_service import ResetService, SilenceError, reset_type
from dl_robotics.nodes.run import make_executor
from dl_robotics.nodes.touches import Touches
from dl_robotics.nodes.transforms import listen
from dl_robotics.ops.geometry import Array

SCANS, ODOMETRIES = 50, 500  # kept until they are asked for
LOOK_S = 0.1  # of real time without a message, between looks at whether the simulator is alive, and stops
IDLE_SPINS = 5  # without a scan or odometry, after which nothing more is taken to wait
FAREWELL = Duration(nanoseconds=200_000_000)  # for the last command to reach the robot
TRANSFORM_S = 1.0  # of real time in which a transform that was sent arrives


class Seen(NamedTuple):
    """A scan, and the newest odometry that is not newer."""

    scan: Scan
    odometry: Odometry


class RobotLink:
    """A node of its own in the robot's ROS domain, spun while somebody waits: by events, never by polling.

    Whatever the order in which messages arrive, a scan is handed out with the same odometry and the same ``touches``:
    when all up to its stamp are there. ``newest_ns`` is the stamp of the newest scan that came, -1 before any.
    While it is ``standing``, every scan is answered by a stop at once, and while nothing comes one is sent at times:
    simulators that wait for commands go on.

    :param death: tells how the simulator has ended; empty while it runs.
    :raises MessageTypeError: if the type of the reset service is not installed.
    """

    def __init__(self, robot: RobotAddress, config: LiveConfig, death: Callable[[], str]) -> None:
        kind = reset_type(config.reset.kind)
        self._death, self._silence_s, topics = death, config.silence_s, config.topics
        self._context = Context()
        # Not the process's arguments: they are another node's.
        rclpy.init(args=[], context=self._context, domain_id=robot.domain)
        self.node = Node("learner", namespace=robot.namespace, context=self._context, use_global_arguments=False)
        self._executor = make_executor(self._context)
        self._executor.add_node(self.node)
        self._scans, self._odometries = deque[Scan](maxlen=SCANS), deque[Odometry](maxlen=ODOMETRIES)
        self.newest_ns, self.touches, self.standing = -1, Touches(), True
        node = self.node
        self._scan = Input(node, topics.scan, LaserScan, decode_scan, self._on_scan, reliable=True, depth=SCANS)
        odometry = Input(
            node,
            topics.odom,
            OdometryMessage,
            decode_odometry,
            self._odometries.append,
            reliable=True,
            depth=ODOMETRIES,
        )
        self._inputs: list[Input[Any]] = [self._scan, odometry]
        stream = partial(Input[Any], node, reliable=True, depth=ODOMETRIES, optional=True)
        if topics.contacts:
            self._inputs.append(stream(topics.contacts, Contacts, decode_contacts, self.touches.hear))
        if topics.collision:
            self._inputs.append(stream(topics.collision, Bool, decode_flag, self.touches.press))
        for source in self._inputs:
            source.open()
        self._transforms = listen(node)
        self._commands = command_output(node, topics.stamped_cmd_vel)
        self._goals = Output(node, topics.goal, PoseStamped, encode_pose_stamped)
        self._reset = ResetService(node, kind, config.reset.service, config.reset.limit_s, self._wait)

    def command(self, command: Command, stamp_ns: int) -> None:
        """Send a velocity command."""
        frame = self._odometries[-1].child_frame_id if self._odometries else ""
        self._commands(stamp_ns, frame, command)

    def announce(self, goal: StampedPose) -> None:
        """Send a goal, for those who record."""
        self._goals(goal)

    def poll(self) -> None:
        """Take in what has come."""
        idle = 0
        while idle < IDLE_SPINS:
            heard = self._heard()
            self._executor.spin_once(timeout_sec=0.0)
            idle = 0 if self._heard() > heard else idle + 1

    def next(self, due_ns: int) -> Seen:
        """The first scan that is not older.

        :raises SilenceError: if none comes, or no odometry with it.
        """
        self._wait(lambda: self._is_there(due_ns), f"{self._scan.topic}: silent", self._silence_s)
        return Seen(scan := self._scans.popleft(), self._odometry_at(scan.stamp_ns))

    def latest(self, due_ns: int, limit_s: float | None = None) -> Seen:
        """The newest scan, once there is one that is not older; those before it are forgotten."""
        limit_s = self._silence_s if limit_s is None else limit_s
        self._wait(lambda: self._is_there(due_ns), f"{self._scan.topic}: silent", limit_s)
        while len(self._scans) > 1 and self._is_complete(self._scans[1].stamp_ns):
            self._scans.popleft()
        return Seen(scan := self._scans.popleft(), self._odometry_at(scan.stamp_ns))

    def locate(self, target: str, source: str, time_ns: int) -> Array | None:
        """(4, 4) pose of a frame in another; None if it does not come to be known."""
        if target == source:
            return self._transforms.lookup(target, source)
        try:
            self._wait(lambda: self._looked_up(target, source, time_ns) is not None, "transform", TRANSFORM_S)
        except SilenceError:
            return None
        return self._looked_up(target, source, time_ns)

    def reset(self) -> str:
        """Have the robot put back.

        :returns: why that was refused; empty if it was not.
        :raises SilenceError: if nobody answers.
        """
        return self._reset()

    def forget(self) -> None:
        """Begin anew with a simulator whose time may begin anew."""
        self._scans.clear()
        self._odometries.clear()
        self.newest_ns = -1
        self.touches.clear()
        self._transforms.clear()

    def stirs(self, limit_s: float) -> bool:
        """Whether another scan comes within so much real time."""
        with suppress(SilenceError):
            self._wait(lambda: len(self._scans) > 0, "scan", limit_s)
        return len(self._scans) > 0

    def check_alone(self, limit_s: float) -> None:
        """Refuse a second robot on the same topics: its scans would be taken for this one's.

        :param limit_s: real time that a publisher which has died may still be counted.
        :raises ConfigError: naming the topic.
        """
        topic, count = self._scan.topic, self.node.count_publishers
        with suppress(SilenceError):
            self._wait(lambda: count(topic) <= 1, f"{topic}: not alone", limit_s)
        require(count(topic) <= 1, topic, "one publisher: is another simulator running?", count(topic))

    def close(self) -> None:
        """Leave the robot, once it has heard the last command."""
        self._commands.publisher.wait_for_all_acked(FAREWELL)
        self._executor.remove_node(self.node)
        self.node.destroy_node()
        self._executor.shutdown()
        rclpy.shutdown(context=self._context)

    def _wait(self, condition: Callable[[], bool], what: str, limit_s: float) -> None:
        begin_s = quiet_s = time.monotonic()
        while not condition():
            heard = self._heard()
            self._executor.spin_once(timeout_sec=min(LOOK_S, limit_s))
            now_s = time.monotonic()
            if self._heard() > heard:
                quiet_s = now_s
            elif self.standing and now_s - quiet_s >= LOOK_S:
                self.command(STOP, self.newest_ns)
                quiet_s = now_s
            silent_s = now_s - begin_s
            if death := self._death():
                raise SilenceError(f"the simulator {death}")
            if silent_s > limit_s:
                why = next((text for text in (source.silence() for source in self._inputs) if text), "")
                raise SilenceError(f"{what} for {silent_s:.1f} s{f' ({why})' if why else ''}")

    def _heard(self) -> int:
        return sum(source.received for source in self._inputs)

    def _is_there(self, due_ns: int) -> bool:
        first_ns = self._odometries[0].stamp_ns if self._odometries else due_ns
        while self._scans and self._scans[0].stamp_ns < max(due_ns, first_ns):
            self._scans.popleft()
        return bool(self._scans) and self._is_complete(self._scans[0].stamp_ns)

    def _is_complete(self, stamp_ns: int) -> bool:
        """Whether nothing up to this stamp is still to come."""
        return self.touches.complete(stamp_ns) and self._has_odometry(stamp_ns)

    def _has_odometry(self, stamp_ns: int) -> bool:
        known = self._odometries
        if len(known) < 2 or known[0].stamp_ns > stamp_ns:
            return bool(known) and known[0].stamp_ns <= stamp_ns <= known[-1].stamp_ns
        return known[-1].stamp_ns + (known[-1].stamp_ns - known[-2].stamp_ns) > stamp_ns

    def _odometry_at(self, stamp_ns: int) -> Odometry:
        while len(self._odometries) > 2 and self._odometries[1].stamp_ns <= stamp_ns:
            self._odometries.popleft()
        return max((one for one in self._odometries if one.stamp_ns <= stamp_ns), key=lambda one: one.stamp_ns)

    def _looked_up(self, target: str, source: str, time_ns: int) -> Array | None:
        try:
            return self._transforms.lookup(target, source, time_ns)
        except TransformException:
            return None

    def _on_scan(self, scan: Scan) -> None:
        self._scans.append(scan)
        self.newest_ns = scan.stamp_ns
        if self.standing:
            self.command(STOP, scan.stamp_ns)
