"""Everybody's windows, in whatever order and at whatever times their frames come."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.action.people import People
from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.ops.skeletons import Skeletons

FRAMES, RATE_HZ, JOINTS = 8, 10.0, 2
PERIOD_NS = 100_000_000
SETTINGS = RecogniserSettings(max_gap_s=0.25, forget_s=1.0)
START_NS = 1_700_000_000_000_000_000

Frame = tuple[int, Skeletons]
laws = settings(max_examples=25, deadline=None)  # times of a busy machine vary
steps = st.lists(st.integers(1, 400_000_000), min_size=1, max_size=20)


def frame(stamp_ns: int, *persons: int, begin_ns: int = START_NS) -> Frame:
    """People who stand where their number and the time say."""
    places = np.full((len(persons), JOINTS, 3), stamp_ns * 1e-9, np.float32)
    places[..., 1] = np.array(persons, np.float32).reshape(-1, 1)
    return begin_ns + stamp_ns, Skeletons(
        places, np.ones((len(persons), JOINTS), np.float32), np.array(persons, np.int64)
    )


def show(people: People, *frames: Frame) -> None:
    for stamp_ns, skeletons in frames:
        people.see(skeletons, stamp_ns, SETTINGS)


def shown(*frames: Frame) -> People:
    people = People(FRAMES, RATE_HZ, JOINTS)
    show(people, *frames)
    return people


def window(people: People, number: int) -> np.ndarray:
    """(T, J, 4) of places and scores."""
    person = people.get(number)
    assert person is not None
    joints, scores = person.window.newest(FRAMES)
    return np.concatenate([joints, scores[..., None]], axis=-1)


@laws
@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=6))
def test_frames_that_come_late_or_twice_change_nothing(order: list[int], again: list[int]) -> None:
    """All within a second, beyond which it is a new beginning."""
    arriving = [(step * PERIOD_NS * 9) // 10 for step in (*order, *again)]
    rising = [stamp_ns for k, stamp_ns in enumerate(arriving) if k == 0 or stamp_ns > max(arriving[:k])]
    people, alone = (shown(*(frame(stamp_ns, 1) for stamp_ns in stamps)) for stamps in (arriving, rising))
    np.testing.assert_array_equal(window(people, 1), window(alone, 1))


@laws
@given(steps, st.integers(0, 2**62 - 10**12))
def test_only_time_that_passes_counts(between_ns: list[int], begin_ns: int) -> None:
    stamps_ns = np.cumsum([0, *between_ns])
    people = shown(*(frame(stamp_ns, 1) for stamp_ns in stamps_ns.tolist()))
    shifted = shown(*(frame(stamp_ns, 1, begin_ns=begin_ns) for stamp_ns in stamps_ns.tolist()))
    np.testing.assert_array_equal(window(people, 1), window(shifted, 1))


@laws
@given(st.lists(st.sets(st.sampled_from([3, 5]), min_size=0), min_size=8, max_size=30))
def test_people_do_not_touch_each_other(present: list[set[int]]) -> None:
    """Each one's window is what it would be if the others had not been there."""
    frames = [frame(k * 70_000_000, *sorted(who)) for k, who in enumerate([{3, 5}, *present])]
    alone = [frame(k * 70_000_000, *({3} & who)) for k, who in enumerate([{3, 5}, *present])]
    people, single = shown(*frames), shown(*alone)
    assert (people.get(3) is None) == (single.get(3) is None)
    assert single.get(5) is None
    if people.get(3) is not None:
        np.testing.assert_array_equal(window(people, 3), window(single, 3))


@pytest.mark.parametrize(("away_ns", "remembered"), [(900_000_000, True), (1_100_000_000, False)])
def test_who_leaves_is_remembered_for_a_while(away_ns: int, remembered: bool) -> None:
    people = shown(*(frame(k * PERIOD_NS, 1, 2) for k in range(4)))
    before = people.get(1)
    last_ns = 3 * PERIOD_NS
    for later in (frame(last_ns + away_ns, 2), frame(last_ns + away_ns + 1, 1, 2)):
        show(people, later)
    assert (people.get(1) is before) is remembered


def test_the_time_away_is_not_made_up() -> None:
    people = shown(*(frame(k * PERIOD_NS, 1) for k in (0, 1, 2, 7)))
    scores = window(people, 1)[..., 0, 3]
    assert scores.tolist() == [1, 1, 1, 0, 0, 0, 0, 1]


def test_who_is_gone_takes_no_memory() -> None:
    people = shown(*(frame(k * 2 * 10**9, k) for k in range(50)))
    assert len(people) == 1
    show(people, frame(10**12))
    assert len(people) == 0


def test_time_that_jumps_back_is_a_new_beginning() -> None:
    """A bag that begins again."""
    bag = [frame(k * PERIOD_NS, 1) for k in range(15)]
    again = shown(*bag, *bag[:4])
    np.testing.assert_array_equal(window(again, 1), window(shown(*bag[:4]), 1))


def test_time_that_jumps_forth_is_a_new_beginning_for_everybody() -> None:
    people = shown(*(frame(k * PERIOD_NS, 1) for k in range(8)), frame(10**15, 1))
    assert window(people, 1)[..., 0, 3].tolist() == [0] * 7 + [1]


def test_windows_of_different_people_have_the_same_times() -> None:
    """So that two people can be looked at together."""
    frames = [frame(k * 73_000_000, *([1, 2] if k > 4 else [1])) for k in range(20)]
    people = shown(*frames)
    one, two = window(people, 1), window(people, 2)
    both = two[..., 3] > 0.0
    np.testing.assert_allclose(one[both][:, 0], two[both][:, 0], rtol=1e-6)
