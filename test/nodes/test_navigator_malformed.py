"""Nothing that a message holds ends the navigator; what is refused is counted and named."""

import math
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bench import Bench, odometry_at, scan_at
from geometry_msgs.msg import PoseStamped
from nav_msgs.msg import Odometry
from rclpy.serialization import serialize_message
from rig import Rig
from sensor_msgs.msg import LaserScan

NAN, INF = math.nan, math.inf


@pytest.fixture
def bench(rig: Rig, policy: Path) -> Bench:
    return Bench(rig, policy, input_timeout_s=10.0)


def ranges(*values: float) -> Callable[[LaserScan], None]:
    def change(message: LaserScan) -> None:
        message.ranges = array("f", values)

    return change


def put(path: str, value: object) -> Callable[[object], None]:
    """Set a field, given by its dotted name."""

    def change(message: object) -> None:
        *parents, name = path.split(".")
        for parent in parents:
            message = getattr(message, parent)
        setattr(message, name, value)

    return change


BAD_SCANS = {
    "ranges[1]": ranges(1.0, NAN),
    "ranges[2]": ranges(1.0, INF, -1.0),
    "ranges": ranges(),
    "angle_min": put("angle_min", NAN),
    "angle_increment": put("angle_increment", 0.0),
    "range_min": put("range_min", -INF),
    "range_max": put("range_max", 0.0),
    "header.stamp.nanosec": put("header.stamp.nanosec", 4_000_000_000),
}
BAD_ODOMETRY = {
    "pose.pose.position.x": put("pose.pose.position.x", NAN),
    "pose.pose.orientation": put("pose.pose.orientation.w", 0.0),
    "twist.twist.angular.z": put("twist.twist.angular.z", -INF),
}
BAD_GOALS = {
    "pose.position.y": put("pose.position.y", INF),
    "pose.orientation": put("pose.orientation.w", 0.0),
    "header.frame_id": put("header.frame_id", ""),
}


@pytest.mark.parametrize("field", BAD_SCANS)
def test_a_bad_scan_is_refused_by_field(bench: Bench, field: str, capfd: pytest.CaptureFixture[str]) -> None:
    message = scan_at(time.time_ns())
    BAD_SCANS[field](message)
    bench.scans.publish(message)
    bench.rig.until(lambda: bench.navigator.scans.refused == 1, "a refusal")
    assert f"/scan: message refused (1 so far): {field}: expected" in capfd.readouterr().err
    drives_still(bench)


@pytest.mark.parametrize("field", BAD_ODOMETRY)
def test_bad_odometry_is_refused_by_field(bench: Bench, field: str, capfd: pytest.CaptureFixture[str]) -> None:
    message = odometry_at(time.time_ns(), 0.0)
    BAD_ODOMETRY[field](message)
    bench.odometry.publish(message)
    bench.rig.until(lambda: bench.navigator.odometries.refused == 1, "a refusal")
    assert f"/odom: message refused (1 so far): {field}" in capfd.readouterr().err
    drives_still(bench)


@pytest.mark.parametrize("field", BAD_GOALS)
def test_a_bad_goal_is_refused_by_field(bench: Bench, field: str, capfd: pytest.CaptureFixture[str]) -> None:
    message = PoseStamped()
    message.header.frame_id = "odom"
    BAD_GOALS[field](message)
    bench.goals.publish(message)
    bench.rig.until(lambda: bench.navigator.goal_poses.refused == 1, "a refusal")
    assert f"/goal_pose: message refused (1 so far): {field}" in capfd.readouterr().err
    assert bench.navigator.goals.goal is None
    drives_still(bench)


def test_broken_bytes_harm_nobody(bench: Bench) -> None:
    good = {bench.scans: scan_at(1), bench.odometry: odometry_at(1, 0.0), bench.goals: PoseStamped()}
    generator = np.random.default_rng(0)
    for publisher, message in good.items():
        data = serialize_message(message)
        for broken in (b"", data[:4], data[: len(data) // 2], generator.bytes(len(data)), data[:4] + b"\xff" * 100):
            publisher.publish(broken)
    drives_still(bench)


EXTREME_SCANS = [
    {"angle_min": 1e30},
    {"angle_increment": 1e-30},
    {"angle_increment": 1e30},
    {"angle_increment": -0.0174},
    {"range_max": 1e38},
    {"range_max": 0.2},
]


@pytest.mark.parametrize("fields", EXTREME_SCANS, ids=str)
def test_extreme_but_finite_scans_never_exceed_the_limits(bench: Bench, fields: dict[str, float]) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense(scan=scan_at(time.time_ns(), **fields))
    bench.until_commands(1)
    assert bench.commands[0] in [(0.0, 0.0), (0.2, 0.0)]
    drives_still(bench)


@pytest.mark.parametrize("x", [1e300, -1e300, 1e-300])
def test_extreme_but_finite_poses_never_exceed_the_limits(bench: Bench, x: float) -> None:
    bench.send_goal(-x, 0.0)
    bench.sense(x)
    bench.until_commands(1)
    assert bench.commands[0] in [(0.0, 0.0), (0.2, 0.0)]
    drives_still(bench)


def drives_still(bench: Bench) -> None:
    """A good goal and good senses give a good command."""
    bench.stamp_ns = max(bench.stamp_ns, time.time_ns())
    bench.send_goal(5.0, 0.0)
    seen = len(bench.twists)
    bench.sense()
    bench.until_commands(seen + 1)
    assert bench.commands[-1] == (0.2, 0.0), bench.navigator.blocked


def test_types_are_the_ones_of_the_topics() -> None:
    """The cases above set fields that exist: a misspelt one would test nothing."""
    for kind, cases in ((LaserScan, BAD_SCANS), (Odometry, BAD_ODOMETRY), (PoseStamped, BAD_GOALS)):
        for change in cases.values():
            change(kind())
