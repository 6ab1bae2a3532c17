"""Clips as they might have been."""

from dataclasses import replace

import numpy as np
import pytest
from made_clips import LAYOUT, WRISTS, make_clip

from dl_robotics.action.augmentation import ClipAugmentation, augment
from dl_robotics.config import ConfigError


def drawn(clip=None, seed=0, **settings):
    return augment(clip or make_clip(0), ClipAugmentation(**settings), LAYOUT, np.random.default_rng(seed))


def bones(clip):
    """(T, bones) lengths in m."""
    one, other = np.array(LAYOUT.bones).T
    return np.linalg.norm(clip.joints[:, 0, one] - clip.joints[:, 0, other], axis=-1)


def test_as_it_comes_nothing_changes():
    clip, same = make_clip(0), drawn()
    np.testing.assert_allclose(same.joints, clip.joints, atol=1e-6)
    np.testing.assert_array_equal(same.scores, clip.scores)


@pytest.mark.parametrize("seed", range(5))
def test_turns_keep_heights_and_bones(seed):
    clip, turned = make_clip(0), drawn(seed=seed, turn_deg=180.0)
    np.testing.assert_allclose(turned.joints[..., 2], clip.joints[..., 2], atol=1e-5)
    np.testing.assert_allclose(bones(turned), bones(clip), atol=1e-5)
    assert np.abs(turned.joints[..., :2] - clip.joints[..., :2]).max() > 0.1


def test_in_pixels_turns_are_about_the_line_of_sight():
    clip = make_clip(0)
    flat = replace(clip, joints=clip.joints * [100.0, 100.0, 0.0], image_size=(640, 480))
    turned = drawn(flat, turn_deg=180.0, tilt_deg=20.0)
    assert not turned.joints[..., 2].any()
    np.testing.assert_allclose(bones(turned), bones(flat), rtol=1e-4)
    assert not np.allclose(turned.joints, flat.joints, atol=1.0)


def test_a_mirror_exchanges_left_and_right():
    clip, mirrored = make_clip(0), drawn(mirror=1.0)
    middle = clip.joints[..., 1].mean()
    left, right = WRISTS
    np.testing.assert_allclose(mirrored.joints[:, 0, left, 1] - middle, middle - clip.joints[:, 0, right, 1], atol=1e-5)
    np.testing.assert_allclose(mirrored.joints[:, 0, left, 0], clip.joints[:, 0, right, 0], atol=1e-5)
    np.testing.assert_allclose(drawn(mirrored, mirror=1.0).joints, clip.joints, atol=1e-5)


def test_sizes_change_within_bounds():
    spreads = []
    for seed in range(40):
        clip, scaled = make_clip(0), drawn(seed=seed, scale=0.25)
        spreads.append(np.ptp(scaled.joints, axis=(0, 1, 2)) / np.ptp(clip.joints, axis=(0, 1, 2)))
    assert 0.8 - 1e-5 <= np.min(spreads) < 0.85
    assert 1.15 < np.max(spreads) <= 1.25 + 1e-5


def test_a_crop_keeps_a_stretch():
    clip = make_clip(0, frames=100)
    for seed in range(10):
        cropped = drawn(clip, seed=seed, crop=0.6)
        count = len(cropped.stamps_s)
        first = int(np.searchsorted(clip.stamps_s, cropped.stamps_s[0]))
        assert 60 <= count <= 100
        np.testing.assert_allclose(cropped.joints, clip.joints[first : first + count], atol=1e-6)


def test_lost_joints_and_frames():
    lost = drawn(make_clip(0, frames=200), lost_joints=0.5)
    assert set(lost.scores.mean((0, 1))) <= {0.0, 1.0}
    assert 0.0 < lost.scores.mean() < 1.0
    lost = drawn(make_clip(0, frames=200), lost_frames=0.5)
    assert set(lost.scores.mean((1, 2))) <= {0.0, 1.0}
    assert 0.5 < lost.scores.mean() < 1.0


def test_noise_is_a_share_of_the_size():
    clip, noisy = make_clip(0, frames=200), drawn(make_clip(0, frames=200), noise=0.05)
    size = np.sqrt(np.square(clip.joints - clip.joints.mean((0, 1, 2))).sum(-1).mean())
    assert (noisy.joints - clip.joints).std() == pytest.approx(0.05 * size, rel=0.1)


def test_nobody_stays_nobody():
    clip = make_clip(0)
    nobody = replace(clip, scores=np.zeros_like(clip.scores))
    assert drawn(nobody, turn_deg=90.0, noise=0.1).scores.max() == 0.0


@pytest.mark.parametrize(
    ("name", "value"),
    [("turn_deg", 181.0), ("scale", 1.0), ("mirror", 1.5), ("crop", 0.0), ("noise", -0.1), ("lost_frames", 1.0)],
)
def test_impossible_values_are_refused(name, value):
    with pytest.raises(ConfigError, match=f"{name}: expected"):
        ClipAugmentation(**{name: value})
