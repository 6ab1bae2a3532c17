"""The simulator node over DDS."""

import math

import numpy as np
import pytest
from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from rig import Rig
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan
from std_srvs.srv import SetBool, Trigger

from dl_robotics.messages.clock import decode_clock
from dl_robotics.messages.laser_scan import decode_scan
from dl_robotics.messages.odometry import decode_odometry
from dl_robotics.messages.twist import encode_twist, encode_twist_stamped
from dl_robotics.nodes.simulator import Simulator

FAST = {"world": "empty", "real_time_factor": 20.0}


def test_clock_scan_and_odometry_tell_the_same_time(rig: Rig) -> None:
    rig.start(Simulator, **FAST)
    clock, scans, odometry = rig.hear("/clock", Clock), rig.hear("scan", LaserScan), rig.hear("odom", Odometry)
    rig.until(lambda: len(scans) > 10 and len(odometry) > 50 and len(clock) > 50, "scans, odometry and clock")
    clock_ns = [decode_clock(message) for message in clock]
    scan_ns = [decode_scan(message).stamp_ns for message in scans]
    odometry_ns = [decode_odometry(message).stamp_ns for message in odometry]
    assert set(np.diff(clock_ns)) == {20_000_000}
    assert set(np.diff(scan_ns)) == {100_000_000}
    assert set(np.diff(odometry_ns)) == {20_000_000}
    assert set(scan_ns) <= {*clock_ns, clock_ns[-1] + 20_000_000}


def test_one_step_call_is_exactly_its_ticks_and_answers_after_their_messages(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=30)
    clock, scans = rig.hear("/clock", Clock), rig.hear("scan", LaserScan)
    rig.until(lambda: clock, "the clock of a paused simulation")
    clock.clear()
    for total_s in (0.3, 0.6):
        response = rig.call(Trigger, "simulator/step")
        assert response.success
        assert response.message == f"simulated to {total_s:.3f} s"
    rig.until(lambda: len(scans) == 6, "the scans of 0.6 s")
    assert [decode_scan(message).stamp_ns * 1e-9 for message in scans] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert simulator.simulation.time_s == pytest.approx(0.6)


def test_step_is_refused_while_time_runs(rig: Rig) -> None:
    rig.start(Simulator, world="empty")
    response = rig.call(Trigger, "simulator/step")
    assert not response.success
    assert "expected a paused simulation" in response.message


def test_pause_stops_time_and_resume_goes_on(rig: Rig) -> None:
    simulator = rig.start(Simulator, **FAST)
    scans = rig.hear("scan", LaserScan)
    rig.until(lambda: scans, "a scan")
    assert rig.call(SetBool, "simulator/pause", data=True).message == "paused"
    tick = simulator.tick
    rig.spin_for(0.2)  # 4 s of simulated time
    assert simulator.tick == tick
    assert rig.call(SetBool, "simulator/pause", data=False).message == "running"
    rig.until(lambda: simulator.tick > tick + 100, "time after the pause")
    stamps = [decode_scan(message).stamp_ns for message in scans]
    assert set(np.diff(stamps)) == {100_000_000}


def test_time_goes_on_only_for_an_answer_to_the_newest_scan(rig: Rig) -> None:
    waiting = {"real_time_factor": 0.0, "command_wait_s": 600.0, "stamped_cmd_vel": True}
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=10, **waiting)
    scans, speaker = rig.hear("scan", LaserScan), rig.speaker(TwistStamped, "cmd_vel")

    def answer(scan: int, leads_to: int) -> None:
        count = simulator.commands.received
        stamp_ns = decode_scan(scans[scan]).stamp_ns
        speaker.publish(encode_twist_stamped(stamp_ns, "base_footprint", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))
        rig.until(lambda: simulator.commands.received > count and simulator.tick >= leads_to, f"tick {leads_to}")
        rig.spin_for(0.1)  # 100 s of simulated time, if it were to go on
        assert simulator.tick == leads_to

    for _ in range(2):
        rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(scans) == 2, "two scans")
    answer(0, leads_to=20)
    rig.call(SetBool, "simulator/pause", data=False)
    answer(0, leads_to=25)  # the command's latency after the second scan
    answer(1, leads_to=35)
    rig.until(lambda: len(scans) == 3, "the third scan")
    rig.call(Trigger, "simulator/reset")
    rig.until(lambda: len(scans) == 4, "the scan after the reset")
    answer(2, leads_to=40)  # was on its way
    answer(3, leads_to=50)
    rig.until(lambda: len(scans) == 5, "the last scan")
    stamps_ms = [decode_scan(scan).stamp_ns * 1e-6 for scan in scans]
    assert stamps_ms == [100, 200, 300, 350, 450]


@pytest.mark.parametrize("stamped", [False, True])
def test_the_robot_follows_cmd_vel(rig: Rig, stamped: bool) -> None:
    simulator = rig.start(
        Simulator, world="empty", paused=True, step_ticks=100, cmd_vel_timeout_s=2.0, stamped_cmd_vel=stamped
    )
    odometry, truth = rig.hear("odom", Odometry), rig.hear("simulator/ground_truth", Odometry)
    linear, angular = (0.2, 0.0, 0.0), (0.0, 0.0, 0.5)
    if stamped:
        rig.speaker(TwistStamped, "cmd_vel").publish(encode_twist_stamped(0, "base_footprint", linear, angular))
    else:
        rig.speaker(Twist, "cmd_vel").publish(encode_twist(linear, angular))
    rig.until(lambda: simulator.commands.received, "the command")
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(odometry) == 50, "the odometry of one second")
    there = decode_odometry(odometry[-1])
    assert there.linear[0] == pytest.approx(0.2, abs=0.01)
    assert there.angular[2] == pytest.approx(0.5, abs=0.03)
    assert math.hypot(*there.pose[:2, 3]) == pytest.approx(0.2, abs=0.02)
    moved = decode_odometry(truth[-1]).pose[:2, 3] - decode_odometry(truth[0]).pose[:2, 3]
    assert np.linalg.norm(moved) == pytest.approx(0.2, abs=0.02)


def test_the_robot_stops_when_commands_cease(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=50, cmd_vel_timeout_s=0.5)
    odometry = rig.hear("odom", Odometry)
    rig.speaker(Twist, "cmd_vel").publish(encode_twist((0.2, 0.0, 0.0), (0.0, 0.0, 0.0)))
    rig.until(lambda: simulator.commands.received, "the command")
    for _ in range(2):
        rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(odometry) == 50, "the odometry of one second")
    speeds = [decode_odometry(message).linear[0] for message in odometry]
    assert speeds[24] == pytest.approx(0.2, abs=0.01)  # after 0.5 s
    assert speeds[-1] == pytest.approx(0.0, abs=0.01)


def test_reset_puts_the_robot_back_while_time_goes_on(rig: Rig) -> None:
    simulator = rig.start(
        Simulator, world="empty", paused=True, step_ticks=100, start="pose", start_pose=[0.5, -0.5, 1.0]
    )
    truth, odometry = rig.hear("simulator/ground_truth", Odometry), rig.hear("odom", Odometry)
    rig.speaker(Twist, "cmd_vel").publish(encode_twist((0.2, 0.0, 0.0), (0.0, 0.0, 0.0)))
    rig.until(lambda: simulator.commands.received, "the command")
    rig.call(Trigger, "simulator/step")
    assert rig.call(Trigger, "simulator/reset").message == "start at x 0.500 m, y -0.500 m, yaw 1.000 rad"
    rig.call(Trigger, "simulator/step")
    for heard, expected in ((truth, [0.5, -0.5]), (odometry, [0.0, 0.0])):
        rig.until(lambda heard=heard: decode_odometry(heard[-1]).stamp_ns == 2_000_000_000, "two seconds")
        assert decode_odometry(heard[-1]).pose[:2, 3] == pytest.approx(expected, abs=0.01)
