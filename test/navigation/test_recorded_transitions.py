"""Transitions out of bags: those of the drive that was recorded, and none across a gap."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.commands.demonstrate import TOPICS, write
from dl_robotics.data.errors import DataError
from dl_robotics.data.recorded_drive import DriveTopics
from dl_robotics.data.recordings import BagWriter
from dl_robotics.messages.contacts import StampedContacts, encode_contacts
from dl_robotics.messages.flag import encode_flag
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.transform import TransformData, encode_tf
from dl_robotics.messages.twist import encode_twist
from dl_robotics.navigation.demonstration import Demonstration, Moment, demonstrate
from dl_robotics.navigation.recorded_transitions import action_of, read_transitions
from dl_robotics.navigation.suite import Suite, WorldFile
from dl_robotics.navigation.task import Task
from dl_robotics.ops.contacts import Contact
from dl_robotics.ops.geometry import transform_from_planar
from dl_robotics.resources import config_file
from dl_robotics.sim.engine import Beams

TASK = config.load(Task, config_file("tasks", "burger.yaml"))
BEAMS = Beams(60, 2.0 * np.pi, 0.12, 3.5)
S = 1_000_000_000
GOAL = np.array([1.0, 0.0])


def moment(x, command=(0.2, 0.0), collided=False):
    """A robot at (x, 0) that looks along x and sees nothing."""
    pose, velocity = np.array([x, 0.0, 0.0]), np.array([0.2, 0.0])
    return Moment(np.full(60, np.inf), pose, velocity, command, collided)


def drive(first, last, collided=False, goal=GOAL):
    """From one x to another at 0.2 m/s."""
    places = np.arange(round((last - first) / 0.02) + 1) * 0.02 + first
    *before, end = [moment(x) for x in places]
    return Demonstration(BEAMS, 0.1, goal, [*before, end._replace(command=None, collided=collided)], not collided)


def record(path: Path, *drives, between_s=10.0):
    stamp_ns = S
    with BagWriter(path) as bag:
        for one in drives:
            stamp_ns = write(bag, one, stamp_ns) + round(between_s * S)
    return path


def test_a_drive_to_its_goal(tmp_path):
    recorded = read_transitions(record(tmp_path / "bag", drive(0.01, 0.81)), TASK, TOPICS)
    assert len(recorded) == 40
    assert recorded.batch.terminated.tolist() == [False] * 39 + [True]
    np.testing.assert_array_equal(recorded.ended, recorded.batch.terminated)
    np.testing.assert_array_equal(recorded.batch.obs[1:], recorded.batch.next_obs[:-1])
    low, high = TASK.action.linear_mps
    np.testing.assert_allclose(recorded.batch.action, [[2.0 * 0.2 / (high - low) - 1.0, 0.0]] * 40, atol=1e-6)
    progress, time, success = TASK.reward.progress, TASK.reward.time, TASK.reward.success
    np.testing.assert_allclose(recorded.batch.reward[1:-1], progress * 0.2 / 0.22 - time, atol=1e-5)
    assert recorded.batch.reward[-1] > success - time


def test_the_recorded_drives_of_a_suite_end_as_they_ended(tmp_path):
    suite = Suite(WorldFile("static"), seed=3, time_limit_s=20.0)
    drives = list(demonstrate(suite, _straight, 12, noise=0.1, seed=0))
    recorded = read_transitions(record(tmp_path / "bag", *drives), TASK, TOPICS)
    steps = [len(one.moments) - 1 for one in drives]
    assert len(recorded) == sum(steps)
    assert np.flatnonzero(recorded.ended).tolist() == (np.cumsum(steps) - 1).tolist()
    ends = recorded.batch.reward[recorded.ended]
    assert (ends > 1.0).tolist() == [one.reached for one in drives]
    assert (ends < -3.0).tolist() == [one.moments[-1].collided for one in drives]
    assert {one.reached for one in drives} == {True, False}


def _straight(task, robot):
    def act(senses):
        away = senses.goal - senses.pose[:, :2]
        bearing = np.arctan2(away[:, 1], away[:, 0]) - senses.pose[:, 2]
        return np.stack([np.full(len(bearing), 0.2), 2.0 * np.sin(bearing)], axis=1)

    return act


def test_a_collision_terminates_and_a_time_out_does_not(tmp_path):
    crash = read_transitions(record(tmp_path / "crash", drive(0.0, 0.5, collided=True)), TASK, TOPICS)
    assert crash.batch.terminated.tolist() == [False] * 24 + [True]
    late = read_transitions(record(tmp_path / "late", drive(0.0, 0.5)), replace(TASK, time_limit_s=1.0), TOPICS)
    assert len(late) == 10  # with the same goal no other episode begins
    assert (late.ended[-1], late.batch.terminated[-1]) == (True, False)


@pytest.mark.parametrize("stamp_s", [3.32, 3.4], ids=["between two scans", "with a scan"])
def test_contacts_tell_of_collisions(tmp_path, stamp_s):
    recorded = read_transitions(record_touch(tmp_path / "bag", drive(0.0, 0.5), stamp_s), TASK, TOPICS)
    assert recorded.batch.terminated.tolist() == [False] * 23 + [True]


def test_a_contact_at_a_scan_between_two_control_periods_counts(tmp_path):
    fast = drive(0.0, 0.5)._replace(period_s=0.05)
    recorded = read_transitions(record_touch(tmp_path / "bag", fast, 2.15), TASK, TOPICS)
    assert recorded.batch.terminated.tolist() == [False] * 11 + [True]


def record_touch(path, one, stamp_s):
    """A drive from 1 s on, and a touch at a time, told by contacts with a list before and one after."""
    touch = Contact("robot", "wall", np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1))
    with BagWriter(path) as bag:
        write(bag, one, S)
        for told_s, touches in ((1.5, ()), (stamp_s, (touch,)), (3.45, ())):
            stamp_ns = round(told_s * S)
            bag.write_message(TOPICS.contacts, encode_contacts(StampedContacts(stamp_ns, "odom", touches)), stamp_ns)
    return path


def test_a_switch_pressed_shortly_counts(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        write(bag, drive(0.0, 0.5), S)
        for stamp_s, pressed in ((3.32, True), (3.36, False)):
            bag.write_message(TOPICS.collision, encode_flag(pressed), round(stamp_s * S))
    recorded = read_transitions(tmp_path / "bag", TASK, TOPICS)
    assert recorded.batch.terminated.tolist() == [False] * 23 + [True]


def test_a_gap_breaks_an_episode_and_so_does_a_robot_put_elsewhere(tmp_path):
    far = np.array([9.0, 0.0])
    gap = record(tmp_path / "gap", drive(0.0, 0.2, goal=far), drive(0.2, 0.4, goal=far), between_s=0.3)
    jump = record(tmp_path / "jump", drive(0.0, 0.2, goal=far), drive(3.0, 3.2, goal=far), between_s=0.0)
    for path in (gap, jump):
        recorded = read_transitions(path, TASK, TOPICS)
        assert len(recorded) == 20
        assert np.flatnonzero(recorded.ended).tolist() == [9, 19]
        assert not recorded.batch.terminated.any()


def test_plain_twists_and_a_goal_in_another_frame(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        world = TransformData(S, "world", "odom", transform_from_planar((5.0, 0.0, 0.0)))
        bag.write_message("/tf_static", encode_tf([world]), 1, latched=True)
        goal = StampedPose(0, "world", transform_from_planar((6.0, 0.0, 0.0)))
        bag.write_message("/goal", encode_pose_stamped(goal), 2)
        write(_OnlySenses(bag), drive(0.01, 0.81), S)
    recorded = read_transitions(tmp_path / "bag", TASK, DriveTopics(goal="/goal", cmd_vel="/twist"))
    assert len(recorded) == 40
    assert recorded.batch.terminated.tolist() == [False] * 39 + [True]


def test_goals_without_a_stamp_are_told_apart(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        end_ns = write(_UnstampedGoals(bag), drive(0.01, 0.81), S)
        write(_UnstampedGoals(bag), drive(0.01, 0.81), end_ns + 10 * S)
    recorded = read_transitions(tmp_path / "bag", TASK, TOPICS)
    assert recorded.batch.terminated.tolist() == 2 * ([False] * 39 + [True])


class _UnstampedGoals:
    """Writes everything as it is, but goals with a stamp of 0, as ROS has it for "now"."""

    def __init__(self, bag):
        self.bag = bag

    def write_message(self, topic, message, stamp_ns):
        if topic == TOPICS.goal:
            message.header.stamp.sec = message.header.stamp.nanosec = 0
        self.bag.write_message(topic, message, stamp_ns)


class _OnlySenses:
    """Writes what a robot senses as it is, its commands a little later and without a stamp."""

    def __init__(self, bag):
        self.bag = bag

    def write_message(self, topic, message, stamp_ns):
        if topic == TOPICS.cmd_vel:
            linear, angular = message.twist.linear, message.twist.angular
            self.bag.write_message("/twist", encode_twist((linear.x, 0.0, 0.0), (0.0, 0.0, angular.z)), stamp_ns + 10)
        elif topic != TOPICS.goal:
            self.bag.write_message(topic, message, stamp_ns)


def test_a_discrete_task_takes_the_nearest_row():
    task = config.load(Task, config_file("tasks", "burger_discrete.yaml"))
    for index, row in enumerate(task.action.table):
        assert action_of(task.action, (row[0] + 0.005, row[1] - 0.05)) == index


@pytest.mark.parametrize(
    ("topics", "told"),
    [
        ({"scan": "/lidar"}, "expected messages of sensor_msgs/msg/LaserScan on /lidar"),
        ({"goal": "/goal"}, "expected messages of geometry_msgs/msg/PoseStamped on /goal"),
        ({"cmd_vel": "/odom"}, "expected messages of geometry_msgs/msg/Twist on /odom"),
    ],
)
def test_what_is_missing_is_named(tmp_path, topics, told):
    with pytest.raises(DataError, match=told):
        read_transitions(record(tmp_path / "bag", drive(0.0, 0.5)), TASK, DriveTopics(**topics))


def test_a_lidar_that_does_not_fit_is_named(tmp_path):
    coarse = drive(0.0, 0.5)._replace(beams=Beams(12, 2.0 * np.pi, 0.12, 3.5))
    coarse = coarse._replace(moments=[one._replace(ranges=one.ranges[:12]) for one in coarse.moments])
    with pytest.raises(DataError, match=r"/scan: scan angle_increment \(rad\): the policy expects at most"):
        read_transitions(record(tmp_path / "bag", coarse), TASK, TOPICS)


def test_a_recording_without_a_drive_says_what_it_has(tmp_path):
    still = drive(0.0, 0.5)
    still = still._replace(moments=[one._replace(command=None) for one in still.moments[:-1]] + [moment(0.5)])
    with pytest.raises(DataError, match="got 26 scans, 1 of them with a command and 26 with a goal"):
        read_transitions(record(tmp_path / "bag", still), TASK, TOPICS)
