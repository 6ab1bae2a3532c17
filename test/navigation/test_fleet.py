"""Suites: fixed scenarios, the same for every driver and any number of episodes."""

import dataclasses

import numpy as np
import pytest
import torch

from dl_robotics.config import ConfigError
from dl_robotics.navigation.baselines import BASELINES
from dl_robotics.navigation.driver import policy_maker
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import Suite, load_suite, shipped_suites
from dl_robotics.navigation.task import ActionSpec, Task
from dl_robotics.navigation.worlds import WorldFile
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.spaces import Discrete
from dl_robotics.sim.generated.maze import Maze
from dl_robotics.sim.shapes import footprint_radius

SHORT = {"time_limit_s": 3.0}
ARENA = dataclasses.replace(load_suite("arena"), **SHORT)


def drives(suite, makers, episodes):
    found = {name: [] for name in makers}
    for name, _, some in run_suite(suite, makers, episodes):
        found[name] += some
    return found


def beginnings(some):
    return np.array([[*drive.path[0], drive.yaw[0], *drive.goal, drive.shortest_m] for drive in some])


@pytest.mark.parametrize("name", list(shipped_suites()))
def test_shipped_suites_can_be_driven(name):
    suite = load_suite(name)
    assert suite.description and suite.episodes >= 1000
    room = Room(suite, 0, 1)
    distance = np.linalg.norm(room.episodes.engine.pose[0, :2] - room.episodes.goal[0])
    assert suite.goal_distance_m[0] <= distance <= suite.goal_distance_m[1]
    assert room.clearance_m()[0] > 0.0
    assert room.shortest_m()[0] >= distance - suite.goal_tolerance_m - 1e-9


def test_every_driver_gets_the_same_scenarios():
    found = drives(ARENA, BASELINES, 6)
    one, other = (beginnings(some) for some in found.values())
    np.testing.assert_array_equal(one, other)
    assert [drive.number for drive in found["dynamic_window"]] == list(range(6))


NOISY = dataclasses.replace(load_suite("arena_poor_lidar"), **SHORT)


@pytest.mark.parametrize("suite", [ARENA, NOISY, Suite(Maze(cells=3), goal_distance_m=(0.5, 2.0), **SHORT)])
def test_scenarios_do_not_depend_on_how_many_there_are(suite):
    gap = {"follow_the_gap": BASELINES["follow_the_gap"]}
    few, more = (drives(suite, gap, n)["follow_the_gap"] for n in (2, 4))
    for drive, again in zip(few, more[:2], strict=True):
        np.testing.assert_array_equal(drive.path, again.path)
        assert drive.outcome == again.outcome and drive.clearance_m == again.clearance_m


def test_another_seed_gives_other_scenarios():
    gap = {"follow_the_gap": BASELINES["follow_the_gap"]}
    one, other = (
        beginnings(drives(dataclasses.replace(ARENA, seed=seed), gap, 2)["follow_the_gap"]) for seed in (1, 2)
    )
    assert not np.array_equal(one, other)


def test_a_drive_is_written_down_to_its_end():
    def ahead(task, robot):
        return lambda senses: np.tile([0.22, 0.0], (len(senses.pose), 1))

    suite = dataclasses.replace(load_suite("corridor"), time_limit_s=60.0)
    for drive in drives(suite, {"ahead": ahead}, 12)["ahead"]:
        assert len(drive.path) == len(drive.yaw) == round(drive.time_s / 0.1) + 1
        assert drive.success == (drive.remaining_m < suite.goal_tolerance_m)
        assert drive.clearance_m > 0.0 or drive.outcome == "collision"
        assert drive.outcome != "time-out" and not drive.circled
        assert drive.length_m == pytest.approx(0.22 * drive.time_s, abs=0.03)


def test_standing_still_times_out_and_is_noticed():
    suite = dataclasses.replace(load_suite("corridor"), time_limit_s=11.0)
    still = {"still": lambda task, robot: lambda senses: np.zeros((len(senses.pose), 2))}
    assert {(d.outcome, d.stalled, d.circled) for d in drives(suite, still, 3)["still"]} == {("time-out", True, False)}


def test_a_wider_robot_is_wider_and_sees_no_less():
    suite, wide = ARENA, dataclasses.replace(ARENA, footprint_radius_m=0.15)
    assert footprint_radius(wide.world(0).robot) == pytest.approx(0.15)
    task = wide.task(wide.world(0))
    assert task.footprint_radius_m == pytest.approx(0.15) and task.lidar == suite.lidar
    with pytest.raises(ConfigError, match="footprint_radius_m"):
        dataclasses.replace(ARENA, footprint_radius_m=0.05).world(0)


class Ahead(GreedyPolicy):
    """Always takes the second command; keeps what it was asked."""

    def __init__(self):
        super().__init__(torch.nn.Identity(), 24 + 7, Discrete(2))
        self.asked, self.who = [], []

    def __call__(self, obs, who=None):
        self.asked.append(obs.shape)
        self.who.append(who.tolist())
        return np.ones(len(obs), dtype=np.int64)


def test_a_policy_drives_with_the_beams_it_learned_with():
    action = ActionSpec("discrete", table=((0.0, 0.0), (0.22, 0.0)))
    policy = Ahead()
    stage = PolicyStage(policy, Task("learned", action=action))
    found = drives(ARENA, {"learned": policy_maker(stage)}, 3)["learned"]
    assert policy.asked[0] == (3, 24 + 7)
    assert policy.who[0] == [0, 1, 2] and policy.who[-1] != [0, 1, 2]  # the others have arrived somewhere by then
    assert all(drive.length_m > 0.0 for drive in found)


def test_a_policy_of_another_pace_is_refused():
    stage = PolicyStage(Ahead(), Task("slow", rate_hz=5.0))
    with pytest.raises(ConfigError, match="5 Hz"):
        drives(Suite(WorldFile("empty")), {"slow": policy_maker(stage)}, 1)
