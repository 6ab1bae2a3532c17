"""Which moments of a clip are seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_clips import WRISTS, make_clip

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.sampling import all_windows, at_times, draw_window, first_part


def config(**changes):
    return RecogniserConfig(**{"classes": ("a", "b"), "coordinates": 3, "frames": 10, "rate_hz": 10.0, **changes})


def heights(sampled):
    """Of the left wrist, which rises by 1.5 m in 1.9 s."""
    return sampled.joints[:, 0, WRISTS[0], 2]


def test_between_frames_joints_are_interpolated():
    sampled = at_times(make_clip(0), np.array([0.0, 0.05, 1.9]), 0.25)
    np.testing.assert_allclose(heights(sampled), [0.0, 0.5 * 1.5 / 19, 1.5], atol=1e-6)
    assert sampled.scores.min() == 1.0


def test_a_joint_that_one_frame_lacks_is_taken_from_the_other_if_that_is_nearer():
    clip = make_clip(0)
    scores = clip.scores.copy()
    scores[1, 0, WRISTS[0]] = 0.0
    sampled = at_times(replace(clip, scores=scores), np.array([0.04, 0.06, 0.14, 0.16]), 0.25)
    assert sampled.scores[:, 0, WRISTS[0]].tolist() == [1.0, 0.0, 0.0, 1.0]
    np.testing.assert_allclose(heights(sampled), [0.0, 0.0, 0.0, 2 * 1.5 / 19], atol=1e-6)
    assert sampled.scores[:, 0, WRISTS[1]].min() == 1.0


def test_nothing_is_seen_outside_and_amid_long_gaps():
    clip = make_clip(0)
    kept = [0, 1, 2, 12, 13]
    gappy = replace(clip, joints=clip.joints[kept], scores=clip.scores[kept], stamps_s=clip.stamps_s[kept])
    sampled = at_times(gappy, np.array([-0.2, 0.1, 0.7, 1.25, 1.5]), 0.25)
    assert sampled.scores.max((1, 2)).tolist() == [0.0, 1.0, 0.0, 1.0, 0.0]
    assert not sampled.joints[[0, 2, 4]].any()
    assert at_times(gappy, np.array([0.7]), np.inf).scores.min() == 1.0


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.integers(2, 30), st.integers(0, 99))
def test_a_whole_clip_of_any_length_fills_the_window(frames, length, seed):
    clip, wanted = make_clip(0, frames=frames), config(sampling="clip", frames=length)
    (judged,) = all_windows(clip, wanted)
    drawn = draw_window(clip, wanted, np.random.default_rng(seed))
    for sampled in (judged, drawn):
        assert sampled.joints.shape == (length, 1, 17, 3)
        assert sampled.scores.min() == pytest.approx(1.0)
        assert (np.diff(heights(sampled)) >= 0.0).all()


def test_windows_at_a_rate():
    """A window of 0.9 s in a clip of 1.9 s: the last one ends with the clip, and together they see all of it."""
    windows = list(all_windows(make_clip(0), config()))
    assert len(windows) > 1
    np.testing.assert_allclose(heights(windows[-1])[-1], 1.5, atol=1e-6)
    assert heights(windows[0])[0] == pytest.approx(0.0, abs=1e-6)
    assert all(sampled.scores.min() == 1.0 for sampled in windows)


def test_a_clip_shorter_than_the_window_comes_last_in_it():
    (sampled,) = all_windows(make_clip(0, frames=4), config())
    assert sampled.scores[:, 0, 0].tolist() == [0.0] * 6 + [1.0] * 4


@pytest.mark.parametrize("seed", range(20))
def test_half_of_a_drawn_window_is_in_the_clip(seed):
    sampled = draw_window(make_clip(0), config(), np.random.default_rng(seed))
    assert (sampled.scores[:, 0, 0] > 0.0).mean() >= 0.5


def test_the_first_part():
    clip = make_clip(0, frames=5, rate_hz=1.0)
    assert [len(first_part(clip, share).stamps_s) for share in (0.1, 0.25, 0.5, 0.75, 1.0)] == [1, 2, 3, 4, 5]
    assert first_part(clip, 0.5).joints.shape[0] == first_part(clip, 0.5).scores.shape[0] == 3
