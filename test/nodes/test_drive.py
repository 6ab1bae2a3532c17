"""Simulator and navigator together."""

import time
from pathlib import Path

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from bench import LATCHED
from geometry_msgs.msg import PoseStamped, Twist
from nav_msgs.msg import Odometry
from rig import Rig
from std_srvs.srv import SetBool

from dl_robotics.messages.goal_status import GoalState, decode_goal_status
from dl_robotics.messages.odometry import decode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.twist import decode_twist
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.ops.geometry import transform_from_planar


class Drive:
    """A robot at (-1.5, 0) that looks along x, and a policy that drives straight on."""

    def __init__(self, rig: Rig, policy: Path, pace: float) -> None:
        self.rig = rig
        self.simulator: Simulator = rig.start(
            Simulator, world="empty", real_time_factor=pace, start="pose", start_pose=[-1.5, 0.0, 0.0]
        )
        self.navigator: Navigator = rig.start(Navigator, model=str(policy), autostart=True, use_sim_time=True)
        self.twists = rig.hear("cmd_vel", Twist)
        self.truth = rig.hear("simulator/ground_truth", Odometry)
        self.states = rig.hear("navigator/status", GoalStatus, LATCHED)
        self.goals = rig.speaker(PoseStamped, "goal_pose")

    def send_goal(self, x: float) -> None:
        goal = StampedPose(0, "world", transform_from_planar((x, 0.0, 0.0)))
        self.goals.publish(encode_pose_stamped(goal))

    @property
    def speeds(self) -> list[float]:
        return [float(decode_twist(message).linear[0]) for message in self.twists]


@pytest.mark.parametrize("pace", [20.0, 0.0])
def test_a_goal_in_the_world_is_reached_faster_than_real_time(rig: Rig, policy: Path, pace: float) -> None:
    drive = Drive(rig, policy, pace)
    drive.send_goal(1.0)
    rig.until(lambda: len(drive.states) == 2, "the end of the goal", limit_s=60.0)
    assert decode_goal_status(drive.states[-1]).state is GoalState.SUCCEEDED
    end = decode_odometry(drive.truth[-1]).pose[:2, 3]
    assert np.linalg.norm(end - (1.0, 0.0)) < 0.25
    rig.until(lambda: drive.speeds[-1] == 0.0, "the stop at the goal")
    moving = [index for index, speed in enumerate(drive.speeds) if speed > 0.0]
    # 2.3 m at 0.2 m/s and 10 Hz: one command a scan, and no stop on the way.
    assert len(moving) == pytest.approx(115, abs=8)
    assert moving[-1] - moving[0] == len(moving) - 1


def test_a_simulator_that_stands_still_stops_the_robot(rig: Rig, policy: Path) -> None:
    drive = Drive(rig, policy, 20.0)
    drive.send_goal(1.5)
    rig.until(lambda: len(drive.twists) > 5, "commands")
    rig.call(SetBool, "simulator/pause", data=True)
    begin_s = time.monotonic()
    rig.until(lambda: drive.speeds[-1] == 0.0, "the stop")
    assert time.monotonic() - begin_s < 2.0
    assert "ROS time stands still" in drive.navigator.silent()
    rig.call(SetBool, "simulator/pause", data=False)
    rig.until(lambda: drive.speeds[-1] > 0.0, "the drive to go on")


def test_a_simulator_that_ends_stops_the_robot(rig: Rig, policy: Path) -> None:
    drive = Drive(rig, policy, 5.0)
    drive.send_goal(1.5)
    rig.until(lambda: len(drive.twists) > 5, "commands")
    rig.stop(drive.simulator)
    rig.until(lambda: drive.speeds[-1] == 0.0, "the stop")
    assert drive.navigator.goals.goal is not None
