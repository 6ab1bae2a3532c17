"""A map of what stands leads past it, wherever the robot is."""

from pathlib import Path

import numpy as np
import pytest
from seeker import TASK, save_seeker

from dl_robotics.navigation.baselines import BASELINES
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.goal_drawing import free_places
from dl_robotics.navigation.guide import PASSED_M, Guide, LedStage
from dl_robotics.navigation.led_driver import led_maker
from dl_robotics.navigation.stage import PolicyStage, Sensed
from dl_robotics.navigation.suite import Suite
from dl_robotics.navigation.worlds import WorldFile
from dl_robotics.sim.free_space import FreeSpace

STEP_M = 0.1
ROOM, OTHER_ROOM = np.array([-3.0, 2.0]), np.array([3.5, 2.0])  # of the office


@pytest.fixture(scope="module")
def office() -> FreeSpace:
    return free_places("office", "", TASK)


def test_whoever_follows_goes_nearly_the_shortest_way_and_sees_where_to(office: FreeSpace) -> None:
    starts, goals = office.sample(np.random.default_rng(0), 40).reshape(2, 20, 2)
    for start, goal in zip(starts, goals, strict=True):
        guide, here, gone_m = Guide(office), start, 0.0
        shortest_m, corners = office.path_length(start, goal), office.shortest_path(start, goal)
        while (left_m := float(np.linalg.norm(goal - here))) > STEP_M:
            ahead = guide(here, goal)
            seen = office.sees(here, ahead) or office.sees(office.nearest(here), ahead)  # corners may be cut
            assert seen or np.linalg.norm(corners - here, axis=1).min() < PASSED_M
            here = here + STEP_M * (ahead - here) / np.linalg.norm(ahead - here)
            gone_m += STEP_M
            assert gone_m < 1.1 * shortest_m + 2.0 * STEP_M
        assert gone_m + left_m >= shortest_m - PASSED_M * len(corners)  # they may be cut


def test_a_robot_that_is_put_elsewhere_is_led_from_there(office: FreeSpace) -> None:
    guide = Guide(office)
    goal = np.array([0.0, -1.2])
    for place in (ROOM, OTHER_ROOM, ROOM):
        assert office.sees(place, guide(place, goal))
        assert not office.sees(place, goal)


def test_another_goal_is_another_way(office: FreeSpace) -> None:
    guide = Guide(office)
    first = guide(ROOM, OTHER_ROOM)
    near = ROOM + 0.3
    np.testing.assert_array_equal(guide(ROOM, near), near)
    np.testing.assert_array_equal(guide(ROOM, OTHER_ROOM), first)


@pytest.mark.parametrize("goal", [(-4.2, 3.6), (0.0, 20.0)])  # within a cupboard, outside
def test_a_goal_that_cannot_be_reached_is_approached(office: FreeSpace, goal: tuple[float, float]) -> None:
    guide, there = Guide(office), office.nearest(goal)
    assert office.sees(OTHER_ROOM, guide(OTHER_ROOM, np.array(goal)))
    np.testing.assert_array_equal(guide(there, np.array(goal)), goal)


def test_a_robot_that_touches_a_wall_is_led_away(office: FreeSpace) -> None:
    wall = np.array([-4.95, 0.4])
    assert not office.is_free(wall[None])[0]
    assert office.sees(office.nearest(wall), Guide(office)(wall, OTHER_ROOM))


def test_a_stage_drives_to_where_it_is_led(office: FreeSpace, tmp_path: Path) -> None:
    stage = PolicyStage.load(save_seeker(tmp_path / "seeker.safetensors"))
    corner = Guide(office)(ROOM, OTHER_ROOM)
    away = float(np.arctan2(*(corner - ROOM)[::-1]))  # looks at the corner, the goal lies aside
    sensed = Sensed(np.ones(TASK.lidar.count), (*ROOM.tolist(), away), (0.0, 0.0), tuple(OTHER_ROOM.tolist()))
    assert stage(sensed)[1] != 0.0
    assert LedStage(stage, Guide(office))(sensed) == (0.2, 0.0)


def test_drivers_find_goals_behind_walls_with_a_map() -> None:
    alone = BASELINES["follow_the_gap"]
    suite = Suite(WorldFile("office"), seed=5, time_limit_s=120.0)
    reached = {"alone": 0, "led": 0}
    for name, _, drives in run_suite(suite, {"alone": alone, "led": led_maker(alone)}, 24):
        reached[name] += sum(drive.success for drive in drives)
    assert reached["led"] >= reached["alone"] + 4  # 23 and 17 when this was written
