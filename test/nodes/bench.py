"""A navigator on the bench: the test plays lidar, odometry and motors."""

import math
import time
from pathlib import Path

import numpy as np
from action_msgs.msg import GoalStatus
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped, Twist
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from sensor_msgs.msg import LaserScan

from dl_robotics.messages.diagnostics import Status, decode_diagnostics
from dl_robotics.messages.goal_status import GoalState, decode_goal_status
from dl_robotics.messages.laser_scan import Scan, encode_scan
from dl_robotics.messages.odometry import Odometry, encode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.twist import decode_twist
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.ops.geometry import transform_from_planar

LATCHED = QoSProfile(depth=10, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PERIOD_NS = 100_000_000


class Bench:
    """An active navigator, what it publishes, and everything that it needs."""

    def __init__(self, rig: Rig, policy: Path, **parameters: object) -> None:
        self.rig = rig
        self.navigator: Navigator = rig.start(Navigator, model=str(policy), autostart=True, **parameters)
        rig.until(lambda: self.navigator.active, "the navigator to start")
        self.scans = rig.speaker(LaserScan, "scan")
        self.odometry = rig.speaker(OdometryMessage, "odom")
        self.goals = rig.speaker(PoseStamped, "goal_pose")
        self.twists = rig.hear("cmd_vel", Twist)
        self.states = rig.hear("navigator/status", GoalStatus, LATCHED)
        self.stamp_ns = time.time_ns()

    @property
    def commands(self) -> list[tuple[float, float]]:
        """Forward speeds and yaw rates that came out so far."""
        velocities = [decode_twist(message) for message in self.twists]
        return [(float(v.linear[0]), float(v.angular[2])) for v in velocities]

    @property
    def goal_states(self) -> list[GoalState]:
        """The states of goals so far."""
        return [decode_goal_status(message).state for message in self.states]

    def send_goal(self, x: float, y: float, frame: str = "odom", stamp_ns: int = 0) -> None:
        """Give a goal and wait until it is taken."""
        before = self.navigator.goals.goal
        pose = StampedPose(stamp_ns, frame, transform_from_planar((x, y, 0.0)))
        self.goals.publish(encode_pose_stamped(pose))
        self.rig.until(lambda: self.navigator.goals.goal is not before, "the goal to be taken")

    def sense(self, x: float = 0.0, scan: LaserScan | None = None, age_ns: int = 0) -> None:
        """One control period later: odometry at (x, 0), then a scan, both taken in; stamps go on in real time."""
        self.stamp_ns = max(self.stamp_ns + PERIOD_NS, time.time_ns())
        heard, frames = self.navigator.odometries.received, self.navigator.scans.received
        self.odometry.publish(odometry_at(self.stamp_ns - age_ns, x))
        self.rig.until(lambda: self.navigator.odometries.received > heard, "the odometry to be taken")
        self.scans.publish(scan or scan_at(self.stamp_ns - age_ns))
        self.rig.until(lambda: self.navigator.scans.received > frames, "the scan to be taken")

    def until_commands(self, count: int) -> None:
        """Wait for that many commands in all."""
        self.rig.until(lambda: len(self.twists) >= count, f"{count} commands, got {self.commands}")

    def report(self) -> Status:
        """The navigator's next diagnostics."""
        heard = self.rig.hear("/diagnostics", DiagnosticArray)
        self.rig.until(lambda: heard, "diagnostics")
        return decode_diagnostics(heard[0])[0]


def scan_at(stamp_ns: int, ranges: np.ndarray | None = None, **fields: float) -> LaserScan:
    """A scan of 360 rays that sees nothing, or these ranges; ``fields`` are set in the message without a check."""
    seen = np.full(360, np.inf, np.float32) if ranges is None else ranges
    message = encode_scan(Scan(stamp_ns, "base_scan", -math.pi, 2.0 * math.pi / 360, 0.12, 3.5, seen))
    for name, value in fields.items():
        setattr(message, name, value)
    return message


def odometry_at(stamp_ns: int, x: float) -> OdometryMessage:
    """Odometry of a robot that stands at (x, 0)."""
    still = np.zeros(3)
    return encode_odometry(
        Odometry(stamp_ns, "odom", "base_footprint", transform_from_planar((x, 0.0, 0.0)), still, still)
    )
