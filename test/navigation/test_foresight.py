"""The planner that knows everything, in worlds where it is known what can be done."""

import dataclasses

import numpy as np
import pytest

from dl_robotics.navigation.build import build_episodes
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.foreknowledge import Situation
from dl_robotics.navigation.foresight import COARSE, FINE, Foresight, find_way
from dl_robotics.navigation.foresight_search import Grain
from dl_robotics.navigation.scenario import Scenarios
from dl_robotics.navigation.suite import load_suite
from dl_robotics.navigation.task import Randomisation, Task
from dl_robotics.sim.engine import Start
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.generated.parts import HEIGHT_M, empty_world, pacing_disc, standing, with_models
from dl_robotics.sim.world import Box

TASK = Task("known", time_limit_s=40.0)
ROUTE = [(1.6, 0.0), (-1.6, 0.0)]  # of the disc in the corridor


def wall(x, y, length, width):
    return Box((length, width, HEIGHT_M)), (x, y, 0.0)


def corridor(*above, movers=()):
    """4.2 m long, 0.5 m wide between -0.25 and 0.25 m, with these walls above it."""
    walls = standing("corridor", [wall(0.0, -0.3, 4.2, 0.1), *above])
    return with_models(empty_world("corridor"), [walls, *movers])


def closed(*movers):
    return corridor(wall(0.0, 0.3, 4.2, 0.1), movers=movers)


def with_niche(*movers):
    """A niche of 0.4 m square, in the middle."""
    left, right, end = wall(-1.15, 0.45, 1.9, 0.4), wall(1.15, 0.45, 1.9, 0.4), wall(0.0, 0.75, 1.0, 0.2)
    return corridor(left, right, end, movers=movers)


def situation(world, pose, goal):
    movers = len(world.movers)
    one, each = np.ones(1), np.ones((1, movers))
    start = Start(np.array([pose]), 0.0 * each, each, one, one)
    return Situation(world, TASK, FreeSpace(world, 0.105), Scenarios(start, np.array([goal]), np.zeros(1)))


def drive(world, pose, goal, grains=(COARSE, FINE)):
    """Whether the planner finds a way; where the engine then has the robot after each period, and the last outcome."""
    found, way = find_way(situation(world, pose, goal), grains)
    episodes = build_episodes(world, TASK)
    given = {"pose": pose, "goal": goal, "mover_time_s": np.zeros(len(world.movers))}
    episodes.begin(np.zeros(1, np.int64), np.random.default_rng(0), given)
    path = [episodes.engine.pose[0].copy()]
    for command in way:
        outcome = episodes.advance(command[None])
        path.append(episodes.engine.pose[0].copy())
    return found, np.array(path), outcome


def test_an_open_way_is_driven_straight_at_top_speed():
    found, path, outcome = drive(empty_world("open"), (-1.5, 0.0, 0.0), (1.5, 0.0))
    assert found and outcome.success[0]
    fastest_s = (3.0 - TASK.goal_tolerance_m) / 0.22
    assert fastest_s <= 0.1 * (len(path) - 1) < fastest_s + 0.3
    assert np.abs(path[:, 1]).max() < 0.01


def test_a_robot_turns_before_it_goes_the_other_way():
    found, path, outcome = drive(empty_world("open"), (0.0, 0.0, np.pi), (1.5, 0.0))
    assert found and outcome.success[0]
    assert 0.1 * (len(path) - 1) < 1.3 / 0.22 + 2.6  # half a turn takes 2.2 s with 3.2 rad/s^2 and 2 rad/s


def test_it_ducks_into_a_niche_before_a_disc_that_fills_the_corridor():
    """0.25 m of free width beside a disc of 0.3 m: a robot of 0.21 m cannot pass it but in the niche."""
    disc = pacing_disc("disc", ROUTE, 0.15, 0.2)
    found, path, outcome = drive(with_niche(disc), (-1.2, 0.0, 0.0), (1.6, 0.0))
    assert found and outcome.success[0]
    assert path[:, 1].max() > 0.25 and abs(path[path[:, 1].argmax(), 0]) < 0.2


def test_without_the_niche_it_is_lost_and_lives_as_long_as_it_can():
    """The disc leaves 5 cm at the end of the corridor and meets a robot there after 16.2 s, in a corner later."""
    disc = pacing_disc("disc", [(1.6, 0.0), (-1.9, 0.0)], 0.15, 0.2)
    rough = Grain(periods=10, cell_m=0.15, yaw=1.0, rate=2.0, states=50_000, weight=1.0)
    found, path, outcome = drive(closed(disc), (-0.6, 0.0, np.pi), (1.6, 0.0), [rough])
    assert not found and not outcome.success[0] and not outcome.collision[0]
    assert path[-1, 0] < -1.6
    assert 14.0 < 0.1 * (len(path) - 1) < 17.5


def test_it_waits_for_a_disc_to_leave_a_door():
    """The disc leaves the only door by the robot's own way, slowly; before that nobody gets through."""
    sides = standing("sides", [wall(0.0, 1.2, 0.1, 1.8), wall(0.0, -1.2, 0.1, 1.8)])  # a door of 0.6 m at x = 0
    disc = pacing_disc("disc", [(0.0, 0.0), (1.2, 0.0)], 0.2, 0.05)
    found, path, outcome = drive(with_models(empty_world("door"), [sides, disc]), (-0.6, 0.0, 0.0), (1.0, 1.0))
    assert found and outcome.success[0]
    straight_s = (np.hypot(0.6, 0.0) + np.hypot(1.0, 1.0) - 0.2) / 0.22
    assert 0.1 * (len(path) - 1) > straight_s + 3.0


@pytest.mark.parametrize(
    "randomisation",
    [
        Randomisation(),
        Randomisation(latency_s=(0.03, 0.25), friction=(0.2, 0.5), mass=(1.0, 1.5), mover_rate=(0.5, 1.5)),
    ],
)
def test_engine_and_planner_agree_in_a_suite(randomisation):
    suite = dataclasses.replace(load_suite("arena"), randomisation=randomisation)
    drives = [drive for _, _, some in run_suite(suite, {"foresight": Foresight}, 8) for drive in some]
    assert [drive.outcome for drive in drives] == ["reached"] * 8
    assert np.mean([drive.time_ratio for drive in drives]) < 1.4
