"""People who move: bones keep their lengths, feet stay where they are, activities look like their names."""

import numpy as np
import pytest

from dl_robotics.sim.motion.activities import ACTIVITIES, change_seconds
from dl_robotics.sim.motion.performance import perform
from dl_robotics.sim.motion.person import random_person
from dl_robotics.sim.scenes.body import SEGMENTS
from dl_robotics.sim.scenes.figure import joint_places

HEIGHT_M = 1.7
TIMES_S = np.arange(0.0, 3.0, 1.0 / 30.0)
BEFORE = {"standing": "stand", "sitting": "sit", "lying": "lie"}
SEEDS = range(3)


def person_of(seed):
    return random_person(np.random.default_rng(seed), (HEIGHT_M, HEIGHT_M), (1.0, 1.0))


def played(name, seed):
    """Places of somebody who first rests for 0.3 s; what takes a time takes 1.5 s."""
    begins, ends = ACTIVITIES[name].begins, ACTIVITIES[name].ends
    script = [(BEFORE[begins], 0.3), (name, 1.5 if ACTIVITIES[name].change_s else 3.0), (BEFORE[ends], 2.0)]
    return perform(person_of(seed), script, np.random.default_rng((seed, 1))).places(TIMES_S)


@pytest.mark.parametrize("name", ACTIVITIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_they_do_bones_keep_their_lengths_and_the_floor_carries_them(name, seed):
    places = played(name, seed)
    for _, start, end, _, _ in SEGMENTS:
        lengths = np.linalg.norm(places[end] - places[start], axis=1)
        np.testing.assert_allclose(lengths, lengths[0], rtol=1e-9)
    lowest = np.min([place[:, 2] for place in places.values()], axis=0)
    assert lowest.min() > 0.0
    assert name == "run" or lowest.max() < 0.15


@pytest.mark.parametrize("name", ACTIVITIES)
def test_nobody_jumps_from_one_place_to_another(name):
    speeds = [np.linalg.norm(np.diff(place, axis=0), axis=1).max() * 30.0 for place in played(name, 0).values()]
    assert max(speeds) < 15.0


@pytest.mark.parametrize("seed", SEEDS)
def test_who_sits_down_ends_low_and_who_stands_up_ends_high(seed):
    down, up = played("sit_down", seed)["pelvis"][:, 2], played("stand_up", seed)["pelvis"][:, 2]
    assert down[0] > 0.5 * HEIGHT_M > 0.4 * HEIGHT_M > down[-1]
    assert up[0] < 0.4 * HEIGHT_M < 0.5 * HEIGHT_M < up[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_falls_ends_on_the_floor(seed):
    head = played("fall", seed)["head"][:, 2]
    assert head[0] > 0.8 * HEIGHT_M
    assert head[-1] < 0.3 * HEIGHT_M


@pytest.mark.parametrize("seed", SEEDS)
def test_who_picks_something_up_reaches_the_floor_and_comes_back(seed):
    places = played("pick_up", seed)
    hands = np.minimum(places["left_hand"][:, 2], places["right_hand"][:, 2])
    assert hands.min() < 0.2 * HEIGHT_M < 0.3 * HEIGHT_M < min(hands[0], hands[-1])


@pytest.mark.parametrize("seed", SEEDS)
def test_who_waves_holds_a_hand_up_and_moves_it_to_and_fro(seed):
    places = played("wave", seed)
    up = [places[f"{side}_hand"][30:] - places[f"{side}_elbow"][30:] for side in ("left", "right")]
    hand = max(up, key=lambda one: one[:, 2].mean())
    assert hand[:, 2].min() > 0.0
    sideways = hand - hand.mean(axis=0)
    turns = np.diff(np.sign(sideways @ np.linalg.svd(sideways, full_matrices=False)[2][0])) != 0
    assert turns.sum() >= 3


def test_runners_are_faster_than_walkers_and_have_both_feet_off_the_floor():
    speeds = {}
    for name in ("stand", "walk", "run"):
        path = played(name, 0)["pelvis"][15:, :2]
        speeds[name] = np.linalg.norm(np.diff(path, axis=0), axis=1).sum() / (len(path) - 1) * 30.0
    assert speeds["stand"] < 0.1
    assert 0.4 < speeds["walk"] < 2.0 < speeds["run"] < 6.0
    runner = played("run", 0)
    feet = [runner[f"{side}_{end}"][15:, 2] for side in ("left", "right") for end in ("heel", "toe")]
    assert np.min(feet, axis=0).max() > 0.05


def test_the_foot_that_carries_a_walker_stays_where_it_is():
    places = played("walk", 1)
    ends = np.stack([places[f"{side}_{end}"] for side in ("left", "right") for end in ("heel", "toe")])
    lowest = ends[..., 2].argmin(axis=0)
    still = [
        np.linalg.norm(ends[one, frame + 1, :2] - ends[one, frame, :2])
        for frame, one in enumerate(lowest[:-1])
        if lowest[frame + 1] == one
    ]
    assert np.median(still) < 0.01


def test_activities_follow_the_script():
    performance = perform(person_of(0), [("stand", 1.0), ("sit_down", 1.0), ("sit", 1.0)], np.random.default_rng(0))
    asked_s = np.array([0.0, 0.99, 1.01, 1.99, 2.01, 9.0])
    assert performance.activity(asked_s).tolist() == ["stand", "stand", "sit_down", "sit_down", "sit", "sit"]


def test_a_posture_of_many_moments_is_each_moment_s_posture():
    person = person_of(2)
    performance = perform(person, [("walk", 3.0)], np.random.default_rng(0))
    together = joint_places(person.body, performance.posture(TIMES_S))
    for frame in (0, 40, 89):
        alone = joint_places(person.body, performance.posture(TIMES_S[frame : frame + 1]))
        for name, place in together.items():
            np.testing.assert_allclose(place[frame], alone[name][0], atol=1e-12)


def test_only_changes_have_a_duration():
    assert 0.6 <= change_seconds("fall", 1.0, np.random.default_rng(0)) <= 1.1
    with pytest.raises(ValueError, match="expected one that changes something, got 'walk'"):
        change_seconds("walk", 1.0, np.random.default_rng(0))
