"""The navigator node over DDS: goals in, commands out, and every reason to stop."""

import math
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from bench import LATCHED, PERIOD_NS, Bench, odometry_at, scan_at
from hypothesis import given
from hypothesis import strategies as st
from rig import Rig
from tf2_msgs.msg import TFMessage

from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.transform import TransformData, encode_tf
from dl_robotics.navigation.task import ActionSpec
from dl_robotics.nodes.navigator import limited
from dl_robotics.ops.geometry import transform_from_planar

STOP = (0.0, 0.0)
AHEAD = (0.2, 0.0)


@pytest.fixture
def bench(rig: Rig, policy: Path) -> Bench:
    """With a patient watchdog: the machine of a test may be slow."""
    return Bench(rig, policy, input_timeout_s=5.0)


def test_one_command_a_scan_until_the_goal_is_reached(bench: Bench) -> None:
    bench.send_goal(1.0, 0.0)
    for x in (0.0, 0.3, 0.6):
        bench.sense(x)
    bench.until_commands(3)
    bench.sense(0.85)  # within 0.2 m
    bench.until_commands(4)
    bench.sense(0.85)
    assert bench.commands == [AHEAD, AHEAD, AHEAD, STOP]
    assert bench.goal_states == [GoalState.EXECUTING, GoalState.SUCCEEDED]


def test_without_a_goal_the_topic_is_left_to_others(bench: Bench) -> None:
    for _ in range(3):
        bench.sense()
    bench.rig.spin_for(0.4)  # longer than the watchdog
    assert bench.commands == []
    assert bench.navigator.health.frames_in == 3


def test_scans_faster_than_the_task_give_one_command_a_period(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    begin_ns = time.time_ns()
    for number in range(10):  # at 30 Hz
        bench.stamp_ns = begin_ns - PERIOD_NS + number * PERIOD_NS // 3
        bench.odometry.publish(odometry_at(begin_ns + number * PERIOD_NS // 3, 0.0))
        received = bench.navigator.scans.received
        bench.scans.publish(scan_at(begin_ns + number * PERIOD_NS // 3))
        bench.rig.until(lambda received=received: bench.navigator.scans.received > received, "the scan")
    bench.until_commands(1)
    moving = [command for command in bench.commands if command == AHEAD]
    assert len(moving) <= 4
    assert bench.navigator.health.frames_in == 4


@pytest.mark.parametrize("missing", ["scan", "odom"])
def test_the_robot_stops_within_a_fifth_of_a_second_of_the_last_input(rig: Rig, policy: Path, missing: str) -> None:
    bench = Bench(rig, policy)
    bench.send_goal(5.0, 0.0)
    last_s: dict[str, float] = {}

    def send(name: str) -> None:
        last_s[name] = time.monotonic()
        if name == "scan":
            bench.scans.publish(scan_at(time.time_ns()))
        else:
            bench.odometry.publish(odometry_at(time.time_ns(), 0.0))

    sources = {name: rig.client.create_timer(0.05, partial(send, name)) for name in ("odom", "scan")}
    rig.until(lambda: bench.twists and bench.commands[-1] == AHEAD, "motion")
    sources[missing].cancel()
    begun, now_s = len(bench.twists), time.monotonic()
    hiccup_s = 0.0  # the longest that this process, in which the navigator runs as well, was held up
    while STOP not in bench.commands[begun:]:
        rig.executor.spin_once(timeout_sec=0.01)
        hiccup_s = max(hiccup_s, time.monotonic() - now_s)
        now_s = time.monotonic()
        assert now_s - last_s[missing] < 5.0
    assert now_s - last_s[missing] < 0.2 + 2.0 * hiccup_s
    assert f"/{missing} is silent" in bench.navigator.silent()


def test_stale_stamps_stop_the_robot(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense(age_ns=80 * PERIOD_NS)
    bench.until_commands(1)
    assert bench.commands == [STOP]
    assert bench.navigator.blocked.reason.startswith("stale stamp on /scan: ")


def test_stamps_of_another_clock_are_named(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense(age_ns=-3_600_000_000_000)
    bench.until_commands(1)
    assert bench.commands == [STOP]
    assert "in the future; check use_sim_time" in bench.navigator.blocked.reason


def test_the_robot_stops_on_deactivation_and_when_the_node_ends(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense()
    bench.until_commands(1)
    bench.navigator.trigger_deactivate()
    bench.until_commands(2)
    assert bench.goal_states[-1] == GoalState.ABORTED
    bench.navigator.trigger_activate()
    bench.rig.until(bench.goals.get_subscription_count, "the topics to open again")
    bench.send_goal(5.0, 0.0)
    bench.sense()
    bench.until_commands(3)
    bench.rig.stop(bench.navigator)
    bench.until_commands(4)
    assert bench.commands == [AHEAD, STOP, AHEAD, STOP]


def test_a_newer_goal_replaces_the_older(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0, stamp_ns=1)
    bench.send_goal(6.0, 0.0, stamp_ns=2)
    bench.rig.until(lambda: len(bench.states) == 3, "three states")
    assert bench.goal_states == [GoalState.EXECUTING, GoalState.ABORTED, GoalState.EXECUTING]
    assert [message.goal_info.stamp.nanosec for message in bench.states] == [1, 1, 2]


def test_a_goal_in_another_frame_is_transformed_at_its_stamp(bench: Bench) -> None:
    tf = bench.rig.speaker(TFMessage, "/tf")
    second, now_ns = 1_000_000_000, time.time_ns()
    for age_s, x in ((2, 1.0), (0, 3.0)):  # half way, a second ago, the map's origin was at x = 2 m
        stamp_ns = now_ns - age_s * second
        tf.publish(encode_tf([TransformData(stamp_ns, "odom", "map", transform_from_planar((x, 0.0, math.pi / 2)))]))
    bench.send_goal(0.0, -4.0, frame="map", stamp_ns=now_ns - second)
    bench.sense()
    bench.until_commands(1)
    while bench.commands[-1] == STOP:  # the transforms were not there yet
        bench.sense()
    assert bench.navigator.goals.position == pytest.approx((6.0, 0.0), abs=1e-6)


def test_a_goal_without_a_stamp_follows_its_frame(bench: Bench) -> None:
    static = bench.rig.speaker(TFMessage, "/tf_static", LATCHED)
    for x in (1.0, 2.0):
        static.publish(encode_tf([TransformData(0, "odom", "map", transform_from_planar((x, 0.0, 0.0)))]))
        if x == 1.0:
            bench.send_goal(4.0, 0.0, frame="map")
        expected = (4.0 + x, 0.0)
        for _ in range(20):
            bench.sense()
            if bench.navigator.goals.position == pytest.approx(expected):
                break
        assert bench.navigator.goals.position == pytest.approx(expected)


@given(
    command=st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)),
    low=st.floats(-1.0, 0.0),
    high=st.floats(0.1, 2.0),
)
def test_no_command_leaves_the_limits_of_the_task(command: tuple[float, float], low: float, high: float) -> None:
    limits = ActionSpec("continuous", (low, high), (-2.0 * high, high))
    linear, angular = limited(command, limits)
    assert low <= linear <= high
    assert -2.0 * high <= angular <= high
    if low <= command[0] <= high and -2.0 * high <= command[1] <= high:
        assert (linear, angular) == command


@pytest.mark.parametrize("bad", [(math.nan, 0.0), (0.0, math.inf)])
def test_a_policy_that_answers_nonsense_is_refused(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        limited(bad, ActionSpec("continuous"))


def test_simulated_ranges_beyond_the_scan_are_not_a_wall(bench: Bench) -> None:
    ranges = np.full(360, 1.0, np.float32)
    ranges[:90] = np.inf
    ranges[90:100] = -np.inf
    ranges[100:110] = 0.0
    bench.send_goal(5.0, 0.0)
    bench.sense(scan=scan_at(bench.stamp_ns, ranges))
    bench.until_commands(1)
    assert bench.commands == [AHEAD]
