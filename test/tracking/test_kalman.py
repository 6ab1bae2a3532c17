"""The filter beside the textbook's matrices, and its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.tracking.kalman import ConstantVelocity

TIMES = st.floats(0.001, 2.0)


def begun(objects=3, dimensions=2, seed=0):
    rng = np.random.default_rng(seed)
    motion = ConstantVelocity(dimensions)
    motion.append(rng.normal(size=(objects, dimensions)), np.full((objects, 1), 0.3), np.full((objects, 1), 2.0))
    return motion


def test_prediction_and_correction_are_the_textbooks():
    dt_s, noise, std = 0.2, 1.7, 0.25
    motion = begun()
    mean = np.array([motion.place[1, 0], 0.0])
    covariance = np.diag([0.3**2, 2.0**2])
    rng = np.random.default_rng(1)
    transition, seen = np.array([[1.0, dt_s], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    added = noise * np.array([[dt_s**3 / 3, dt_s**2 / 2], [dt_s**2 / 2, dt_s]])
    for _ in range(5):
        motion.predict(dt_s, np.full((3, 1), noise))
        mean, covariance = transition @ mean, transition @ covariance @ transition.T + added
        measured = rng.normal(size=(2, 2))
        motion.correct(np.array([1, 2]), measured, np.full((2, 1), std))
        gain = covariance @ seen.T / (seen @ covariance @ seen.T + std**2)
        mean = mean + gain[:, 0] * (measured[0, 0] - mean[0])
        covariance = (np.eye(2) - gain @ seen) @ covariance
        np.testing.assert_allclose(motion.state[1, :2, 0], mean, rtol=1e-9)
        np.testing.assert_allclose(motion.state[1, 2:, 0], covariance[np.triu_indices(2)], rtol=1e-9)


@settings(deadline=None, max_examples=30)
@given(TIMES, TIMES)
def test_two_steps_are_one(first_s, second_s):
    """Frames that were dropped change nothing in what is expected: the noise is white in time."""
    at_once, in_two = begun(), begun()
    noise = np.full((3, 1), 0.7)
    at_once.predict(first_s + second_s, noise)
    in_two.predict(first_s, noise)
    in_two.predict(second_s, noise)
    np.testing.assert_allclose(at_once.state, in_two.state, rtol=1e-9, atol=1e-12)


def test_the_velocity_is_found_and_only_what_was_seen_is_corrected():
    motion = begun(objects=2, dimensions=1)
    unseen = motion.place[1].copy()
    for frame in range(1, 60):
        motion.predict(0.1, np.full((2, 1), 1e-4))
        motion.correct(np.array([0]), np.array([[3.0 * frame * 0.1]]), np.full((1, 1), 0.05))
    assert motion.velocity[0, 0] == pytest.approx(3.0, abs=0.05)
    assert motion.place[0, 0] == pytest.approx(3.0 * 5.9, abs=0.05)
    np.testing.assert_allclose(motion.place[1], unseen)


def test_objects_come_and_go():
    motion = begun(objects=3)
    places = motion.place.copy()
    motion.keep(np.array([True, False, True]))
    np.testing.assert_array_equal(motion.place, places[[0, 2]])
    motion.append(np.ones((1, 2)), np.ones((1, 1)), np.ones((1, 1)))
    assert len(motion) == 3
    np.testing.assert_array_equal(motion.velocity[2], 0.0)
