"""What the network sees of joints: worked examples and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.transforms import prepare_window
from dl_robotics.config import ConfigError


def config(**changes):
    plain = {"classes": ("a", "b"), "layout": "coco17", "coordinates": 3, "frames": 4, **changes}
    return RecogniserConfig(**plain)


def people(seed=0, frames=4, persons=1):
    rng = np.random.default_rng(seed)
    joints = rng.normal(0.0, 1.0, (frames, persons, 17, 3)).astype(np.float32)
    return joints, rng.uniform(0.1, 1.0, (frames, persons, 17)).astype(np.float32)


def test_a_worked_example():
    """Two joints of one person, 2 m apart, in two frames; the centre is the nose, the first joint."""
    joints, scores = np.zeros((2, 1, 17, 3), np.float32), np.zeros((2, 1, 17), np.float32)
    joints[0, 0, :2], joints[1, 0, :2] = [[1, 0, 0], [1, 0, 2]], [[3, 0, 0], [3, 0, 2]]
    scores[:, 0, :2] = 0.5
    window = prepare_window(joints, scores, config(normalisation="window"))
    assert window.shape == (4, 2, 17, 1)
    # The nose is at x = 2 on average; each joint is 1 m from the middle of both, in each frame.
    assert window[:3, :, 0, 0].T.tolist() == [[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    assert window[:3, :, 1, 0].T.tolist() == [[-1.0, 0.0, 2.0], [1.0, 0.0, 2.0]]
    assert window[3, :, :2, 0].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert not window[:, :, 2:].any()
    still = prepare_window(joints, scores, config(normalisation="frame"))
    assert still[:3, :, 0, 0].tolist() == [[0.0, 0.0]] * 3


def test_shares_of_the_image():
    joints = np.full((1, 1, 17, 3), [160.0, 360.0, 0.0], np.float32)
    scores = np.ones((1, 1, 17), np.float32)
    flat = config(coordinates=2, normalisation="image", scored=False)
    window = prepare_window(joints, scores, flat, (640, 480))
    assert window[:, 0, 0, 0].tolist() == [-0.25, 0.25]
    with pytest.raises(ConfigError, match="'image' needs the size of the image"):
        prepare_window(joints, scores, flat)


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 999),
    st.sampled_from(["window", "frame"]),
    st.floats(0.1, 100.0),
    st.tuples(*[st.floats(-50.0, 50.0)] * 3),
)
def test_neither_place_nor_size_matter(seed, normalisation, scale, shift):
    joints, scores = people(seed, persons=2)
    scores[:, :, 5:9] = 0.0
    wanted = config(persons=2, normalisation=normalisation)
    moved = (joints * scale + np.array(shift)).astype(np.float32)
    np.testing.assert_allclose(prepare_window(moved, scores, wanted), prepare_window(joints, scores, wanted), atol=2e-3)


@pytest.mark.parametrize("normalisation", ["none", "window", "frame"])
def test_what_was_not_seen_counts_for_nothing(normalisation):
    joints, scores = people()
    scores[:, :, 3], scores[2] = 0.0, 0.0
    wanted, elsewhere = config(normalisation=normalisation), joints.copy()
    elsewhere[scores == 0.0] = 1e4
    window = prepare_window(joints, scores, wanted)
    np.testing.assert_array_equal(window, prepare_window(elsewhere, scores, wanted))
    assert not window[:, :, 3].any()
    assert not window[:, 2].any()


def test_without_the_centre_the_seen_joints_tell_where_the_person_is():
    joints, scores = people()
    scores[..., 0] = 0.0
    window = prepare_window(joints, scores, config(normalisation="window"))
    np.testing.assert_allclose(window[:3, :, 1:, 0].mean((1, 2)), 0.0, atol=1e-5)


@pytest.mark.parametrize("normalisation", ["none", "window", "frame"])
def test_nobody_is_zero(normalisation):
    window = prepare_window(*(np.zeros_like(one) for one in people()), config(normalisation=normalisation))
    assert not window.any()


def test_people_too_many_and_too_few():
    joints, scores = people(persons=3)
    two = prepare_window(joints, scores, config(persons=2))
    assert two.shape == (4, 4, 17, 2)
    np.testing.assert_array_equal(two[..., 0], prepare_window(joints[:, :1], scores[:, :1], config())[..., 0])
    alone = prepare_window(joints[:, :1], scores[:, :1], config(persons=2))
    assert not alone[..., 1].any()
