"""The nodes as processes: started as users start them, ended as the system ends them."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench import odometry_at, scan_at
from geometry_msgs.msg import PoseStamped, Twist
from nav_msgs.msg import Odometry
from rig import Rig
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan
from shared_memory import mapped, own, shared

from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.twist import decode_twist
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.ops.geometry import transform_from_planar
from dl_robotics.resources import config_file

END_S = 15.0  # a loaded machine included

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a node's module with the shipped parameter file and further parameters."""
    running: list[subprocess.Popen[str]] = []

    def start(module: str, **parameters: object) -> subprocess.Popen[str]:
        options = [word for name, value in parameters.items() for word in ("-p", f"{name}:={value}")]
        files = ["--params-file", str(config_file("drive.yaml"))]
        command = [sys.executable, "-m", f"dl_robotics.nodes.{module}", "--ros-args", *files, *options]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def left_behind() -> Iterator[set[Path]]:
    """Shared memory of a killed process: removed when the other participants, who share it, are gone."""
    before = shared()
    files: set[Path] = set()
    yield files
    for path in files & shared() - before:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}_el").unlink(missing_ok=True)  # its lock


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_simulator_ends_cleanly_on_a_signal(rig: Rig, start: Start, number: signal.Signals) -> None:
    before = shared()
    process = start("simulator", world="empty", real_time_factor=5)
    clock = rig.hear("/clock", Clock)
    rig.until(lambda: clock, "the clock")
    its_own = own(process.pid, before)
    assert its_own
    process.send_signal(number)
    assert process.wait(END_S) == 0
    assert not its_own & shared()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_navigator_stops_the_robot_before_it_ends(
    rig: Rig, start: Start, policy: Path, number: signal.Signals
) -> None:
    before = shared()
    process = start("navigator", model=policy, autostart=True, use_sim_time=False)
    twists = rig.hear("cmd_vel", Twist)
    its_own = own(process.pid, before)
    assert its_own
    scans, odometry = rig.speaker(LaserScan, "scan"), rig.speaker(Odometry, "odom")
    rig.client.create_timer(0.02, lambda: odometry.publish(odometry_at(time.time_ns(), 0.0)))
    rig.client.create_timer(0.1, lambda: scans.publish(scan_at(time.time_ns())))
    goal = StampedPose(0, "odom", transform_from_planar((5.0, 0.0, 0.0)))
    rig.speaker(PoseStamped, "goal_pose").publish(encode_pose_stamped(goal))
    rig.until(lambda: twists and decode_twist(twists[-1]).linear[0] > 0.0, "motion")
    process.send_signal(number)
    rig.until(lambda: decode_twist(twists[-1]).linear[0] == 0.0, "the last stop")
    assert process.wait(END_S) == 0
    assert not its_own & shared()


def test_a_simulator_that_is_killed_leaves_a_robot_that_stops(
    left_behind: set[Path], rig: Rig, start: Start, policy: Path
) -> None:
    process = start("simulator", world="empty", real_time_factor=5, start="pose", start_pose="[-1.5, 0.0, 0.0]")
    navigator = rig.start(Navigator, model=str(policy), autostart=True, use_sim_time=True)
    twists = rig.hear("cmd_vel", Twist)
    goal = StampedPose(0, "world", transform_from_planar((1.9, 0.0, 0.0)))
    rig.speaker(PoseStamped, "goal_pose").publish(encode_pose_stamped(goal))
    rig.until(lambda: twists and decode_twist(twists[-1]).linear[0] > 0.0, "motion")
    left_behind |= mapped(process.pid)
    process.kill()
    killed_s = time.monotonic()
    rig.until(lambda: decode_twist(twists[-1]).linear[0] == 0.0, "the stop")
    assert time.monotonic() - killed_s < 1.0
    assert "ROS time stands still" in navigator.silent()
    process.wait()


@pytest.mark.parametrize(
    ("module", "parameters", "reason"),
    [
        ("simulator", {"world": "no_such_world"}, "no_such_world"),
        ("simulator", {"real_time_factor": -1.0}, "real_time_factor"),
        ("navigator", {"input_timeout_s": "soon"}, "input_timeout_s"),
    ],
)
def test_what_cannot_start_says_why_and_fails(
    start: Start, module: str, parameters: dict[str, object], reason: str
) -> None:
    process = start(module, **parameters)
    _, errors = process.communicate(timeout=60.0)
    assert process.returncode == 1
    assert "cannot start" in errors
    assert reason in errors
    assert "Traceback" not in errors
