"""A person's window: resampled by stamp."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.action.window import TOLERANCE, Seen, Window

FRAMES, RATE_HZ, JOINTS, MAX_GAP_S = 16, 10.0, 3, 0.25
PERIOD_S = 1.0 / RATE_HZ
VELOCITY = np.array([[1.0, -2.0, 0.5], [0.0, 0.0, 0.0], [30.0, 10.0, 0.0]], np.float32)

laws = settings(max_examples=25, deadline=None)  # times of a busy machine vary
steps = st.lists(st.floats(0.001, 0.6), min_size=1, max_size=30)


def at(time_s: float, scores: object = 1.0) -> Seen:
    """A person whose joints move in straight lines."""
    return Seen(time_s, VELOCITY * np.float32(time_s), np.full(JOINTS, scores, np.float32))


def filled(frames: list[Seen], max_gap_s: float = MAX_GAP_S) -> Window:
    window = Window(FRAMES, RATE_HZ, JOINTS)
    for frame in frames:
        window.add(frame, max_gap_s)
    return window


def times(window: Window) -> np.ndarray:
    return np.arange(window.tick - FRAMES + 1, window.tick + 1) * PERIOD_S


def test_frames_at_the_models_rate_are_taken_as_they_are() -> None:
    rng = np.random.default_rng(0)
    frames = [
        Seen(k * PERIOD_S, rng.random((JOINTS, 3), np.float32), rng.random(JOINTS, np.float32)) for k in range(40)
    ]
    window = filled(frames)
    joints, scores = window.newest(FRAMES)
    assert window.tick == 39
    np.testing.assert_allclose(joints, [frame.joints for frame in frames[-FRAMES:]], rtol=1e-5)
    np.testing.assert_allclose(scores, [frame.scores for frame in frames[-FRAMES:]], rtol=1e-5)


def test_the_newest_ticks_come_in_order() -> None:
    window = filled([at(k * PERIOD_S) for k in range(21)])
    joints, _ = window.newest(3)
    np.testing.assert_allclose(joints[:, 0, 0], [1.8, 1.9, 2.0], rtol=1e-5)


def test_a_window_that_is_not_full_begins_with_nothing_seen() -> None:
    window = filled([at(k * PERIOD_S) for k in range(4)])
    _, scores = window.newest(FRAMES)
    assert scores[:-4].max() == 0.0
    assert scores[-4:].min() == 1.0
    assert window.filled == pytest.approx(4 / FRAMES)


@pytest.mark.parametrize(("early", "ticks"), [(0.9 * TOLERANCE, 1), (1.1 * TOLERANCE, 0)])
def test_jitter_does_not_delay_a_tick(early: float, ticks: int) -> None:
    window = filled([at(0.0)])
    assert window.add(at((1.0 - early) * PERIOD_S), MAX_GAP_S) == ticks


@laws
@given(steps)
def test_what_moves_evenly_moves_evenly_at_any_rate(steps_s: list[float]) -> None:
    """Where something counts as seen at all, it is where it was at that time."""
    window = filled([at(time_s) for time_s in np.cumsum([0.0, *steps_s]).tolist()], max_gap_s=np.inf)
    joints, scores = window.newest(FRAMES)
    seen = scores > 0.0
    expected = (VELOCITY * times(window)[:, None, None].astype(np.float32))[seen]
    # A tick that a frame reaches early has the frame's place.
    near = np.abs(VELOCITY).max() * TOLERANCE * PERIOD_S + 1e-3
    assert np.abs(joints[seen] - expected).max(initial=0.0) <= near
    assert seen[times(window) >= -1e-9].all()


@laws
@given(steps)
def test_every_tick_comes_to_an_end_once(steps_s: list[float]) -> None:
    window = Window(FRAMES, RATE_HZ, JOINTS)
    moments = np.cumsum([0.0, *steps_s]).tolist()
    counts = [window.add(at(time_s), MAX_GAP_S) for time_s in moments]
    assert sum(counts) == window.tick + 1 == int(np.floor(moments[-1] * RATE_HZ + TOLERANCE)) + 1


@laws
@given(steps)
def test_nothing_is_made_up_in_gaps(steps_s: list[float]) -> None:
    moments = np.cumsum([0.0, *steps_s])
    window = filled([at(time_s) for time_s in moments.tolist()])
    _, scores = window.newest(FRAMES)
    for time_s, seen in zip(times(window), scores.max(axis=1) > 0.0, strict=True):
        after = int(np.searchsorted(moments, time_s))
        around = moments[max(after - 1, 0) : after + 1]
        bridged = len(around) == 2 and np.ptp(around) <= MAX_GAP_S
        away = np.abs(moments - time_s).min()
        if seen:
            assert bridged or away <= (0.5 + TOLERANCE) * PERIOD_S + 1e-6
        else:
            assert not bridged
            assert away >= 0.5 * PERIOD_S - 1e-6 or time_s < 0.0


@laws
@given(st.lists(st.lists(st.booleans(), min_size=JOINTS, max_size=JOINTS), min_size=2, max_size=12), st.floats(4, 25))
def test_joints_are_seen_on_their_own(seen: list[list[bool]], rate_hz: float) -> None:
    """What is given of the other joints does not matter to one."""
    frames = [at(k / rate_hz, seen_of) for k, seen_of in enumerate(seen)]
    joints, scores = filled(frames).newest(FRAMES)
    for joint in range(JOINTS):
        alone = [frame._replace(scores=frame.scores * (np.arange(JOINTS) == joint)) for frame in frames]
        joints_alone, scores_alone = filled(alone).newest(FRAMES)
        np.testing.assert_array_equal(scores[:, joint], scores_alone[:, joint])
        np.testing.assert_array_equal(joints[:, joint], joints_alone[:, joint])
    assert not joints[scores == 0.0].any()


def test_a_joint_that_one_frame_lacks_is_taken_from_the_nearer_one() -> None:
    one, two = at(0.0), at(1.6 * PERIOD_S)
    two.scores[0] = 0.0
    joints, scores = filled([one, two]).newest(2)
    assert scores[1].tolist() == [0.0, 1.0, 1.0]  # tick 1 lies nearer to the second frame, which lacks joint 0
    assert not joints[1, 0].any()
    three = at(2.3 * PERIOD_S)
    three.scores[1] = 0.0
    assert filled([one, two, three]).newest(1)[1][0].tolist() == [1.0, 0.0, 1.0]


def test_a_gap_longer_than_the_window_leaves_only_its_end() -> None:
    window = filled([at(0.0), at(100.0)])
    assert window.tick == 1000
    assert window.filled == pytest.approx(1 / FRAMES)
