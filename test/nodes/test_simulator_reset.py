"""Resets of the simulator: into other worlds, at any phase of what moves; schedules and noise begin anew."""

import numpy as np
import pytest
from geometry_msgs.msg import Twist
from nav_msgs.msg import Odometry
from rclpy.parameter import Parameter
from rig import Rig
from sensor_msgs.msg import LaserScan
from std_srvs.srv import Trigger

from dl_robotics.messages.laser_scan import decode_scan
from dl_robotics.messages.odometry import decode_odometry
from dl_robotics.messages.twist import encode_twist
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.ops.geometry import planar
from dl_robotics.sim.trajectory import trajectory


def test_a_reset_may_lead_into_another_world(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True)
    scans, truths = rig.hear("scan", LaserScan), rig.hear("simulator/ground_truth", Odometry)
    told = {"world": "arena", "start": "pose", "start_pose": [-1.0, 0.5, 0.0], "mover_time_s": [1.0, 2.0, 3.0, 4.0]}
    results = simulator.set_parameters([Parameter(name, value=value) for name, value in told.items()])
    assert all(result.successful for result in results)
    assert simulator.simulation.world.name == "empty"
    assert rig.call(Trigger, "simulator/reset").success
    assert simulator.simulation.world.name == "arena"
    movers = zip(simulator.simulation.world.movers, told["mover_time_s"], strict=True)
    expected = [trajectory(mover, 9.8).pose(np.array(time_s)) for mover, time_s in movers]
    assert simulator.simulation.mover_pose == pytest.approx(np.array(expected))
    rig.until(lambda: scans and truths, "a scan and the ground truth of the start")
    assert planar(decode_odometry(truths[-1]).pose) == pytest.approx((-1.0, 0.5, 0.0))
    assert decode_scan(scans[-1]).stamp_ns == decode_odometry(truths[-1]).stamp_ns == simulator.stamp_ns


def test_a_reset_that_cannot_be_leaves_the_world_as_it_was(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True)
    for name, value, reason in (("world", "nowhere", "nowhere"), ("mover_rate", [1.0], "0 movers")):
        before = simulator.get_parameter(name).value
        assert simulator.set_parameters([Parameter(name, value=value)])[0].successful
        response = rig.call(Trigger, "simulator/reset")
        assert not response.success and reason in response.message
        simulator.set_parameters([Parameter(name, value=before)])
    assert simulator.simulation.world.name == "empty"
    assert rig.call(Trigger, "simulator/reset").success


def test_schedules_begin_with_the_reset(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True, step_ticks=7)
    scans = rig.hear("scan", LaserScan)
    rig.call(Trigger, "simulator/step")
    rig.call(Trigger, "simulator/reset")
    rig.call(Trigger, "simulator/step")
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(scans) == 2, "a scan at the reset and one a period later")
    assert [decode_scan(message).stamp_ns * 1e-9 for message in scans] == pytest.approx([0.07, 0.17])


def test_another_seed_counts_from_the_next_reset(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True)
    scans = rig.hear("scan", LaserScan)
    for count, seed in enumerate((7, 8, 7), 1):
        simulator.set_parameters([Parameter("seed", value=seed)])
        rig.call(Trigger, "simulator/reset")
        rig.until(lambda count=count: len(scans) == count, "a scan")
    first, other, again = (decode_scan(message).ranges for message in scans)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_wheels_follow_a_command_after_its_delay(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=20, command_delay_s=0.1)
    odometry = rig.hear("odom", Odometry)
    rig.speaker(Twist, "cmd_vel").publish(encode_twist((0.2, 0.0, 0.0), (0.0, 0.0, 0.0)))
    rig.until(lambda: simulator.commands.received, "the command")
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(odometry) == 10, "the odometry of 0.2 s")
    speeds = [decode_odometry(message).linear[0] for message in odometry]
    assert max(map(abs, speeds[:5])) < 0.005 < speeds[5]
