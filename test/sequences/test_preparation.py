"""Signals as networks take them: scale, length, and what augmentation may change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tiny_series import settings

from dl_robotics.data.series.series import Series, Signals
from dl_robotics.sequences.augmentation import AugmentationConfig, augment
from dl_robotics.sequences.preparation import Preparation
from dl_robotics.sequences.scaling import measure, scaled, stretched, unscaled

SIGNALS = Signals(("a", "b"), (), 1.0)
VALUES = np.array([[1.0, 5.0], [3.0, 5.0], [5.0, 5.0]], np.float32)


def waves(steps=40, channels=6):
    times = np.arange(steps)[:, None] / 8.0
    return np.sin(times + np.arange(channels)).astype(np.float32)


def test_statistics_of_all_steps():
    found = measure([Series(VALUES[:1], 0, "", SIGNALS), Series(VALUES[1:], 0, "", SIGNALS)])
    assert found.mean.tolist() == [3.0, 5.0]
    assert found.std.tolist() == pytest.approx([np.sqrt(8 / 3), 1.0])  # what never moves is left as it is


@tries(deadline=None, max_examples=25)
@given(arrays(np.float32, (7, 2), elements=st.floats(-100, 100, width=32)))
def test_scaling_goes_back_and_forth(values):
    by = measure([Series(VALUES, 0, "", SIGNALS)])
    np.testing.assert_allclose(unscaled(scaled(values, by), by), values, atol=1e-4)


def test_a_clip_is_stretched_between_its_ends():
    assert stretched(VALUES[:2], 5)[:, 0].tolist() == [1.0, 1.5, 2.0, 2.5, 3.0]
    assert stretched(VALUES, 3) is VALUES
    assert stretched(VALUES[:1], 3)[:, 0].tolist() == [1.0, 1.0, 1.0]


def test_own_scale_forgets_mounting_and_strength():
    preparation = Preparation(settings(scaling="self", length=40))
    values = waves(channels=2)
    ours = preparation.whole(values).values
    np.testing.assert_allclose(preparation.whole(values * 7.0 + 3.0).values, ours, atol=1e-4)
    assert np.abs(Preparation(settings(length=40)).whole(values * 7.0).values - ours).max() > 1.0


def test_the_last_steps_are_the_history():
    prepared = Preparation(settings(length=12, mean=(1.0, 0.0), std=(2.0, 1.0))).history(waves(channels=2))
    np.testing.assert_allclose(prepared.values[:, 0], (waves(channels=2)[-12:, 0] - 1.0) / 2.0)


def test_what_does_not_fit_is_refused():
    preparation = Preparation(settings())
    with pytest.raises(ValueError, match=r"expected \(steps, 2\) numbers, got \(40, 3\)"):
        preparation.whole(waves(channels=3))
    with pytest.raises(ValueError, match="expected 12 steps or more, got 5"):
        preparation.history(waves(5, 2))


def test_nothing_is_changed_unless_told():
    np.testing.assert_array_equal(augment(waves(), AugmentationConfig(), np.random.default_rng(0)), waves())


@pytest.mark.parametrize(
    "changed", [{"jitter": 0.1}, {"scale": 0.2}, {"shift": 0.2}, {"warp": 0.3}, {"turn_deg": 20.0}, {"silence": 0.5}]
)
def test_each_change_changes_and_is_drawn_from_the_generator(changed):
    config, values = AugmentationConfig(**changed), waves()
    found = augment(values, config, np.random.default_rng(1))
    assert found.shape == values.shape
    assert found.dtype == np.float32
    assert np.abs(found - values).max() > 1e-3
    np.testing.assert_array_equal(found, augment(values, config, np.random.default_rng(1)))
    np.testing.assert_array_equal(values, waves())  # the data stay as they are


def test_turning_keeps_every_vectors_length():
    turned = augment(waves(), AugmentationConfig(turn_deg=40.0), np.random.default_rng(2))
    lengths = [np.linalg.norm(one.reshape(40, 2, 3), axis=2) for one in (waves(), turned)]
    np.testing.assert_allclose(*lengths, rtol=1e-5)


def test_silence_is_of_whole_channels():
    found = augment(waves(), AugmentationConfig(silence=0.5), np.random.default_rng(0))
    silent = (found == 0.0).all(0)
    assert 0 < silent.sum() < 6
    np.testing.assert_array_equal(found[:, ~silent], waves()[:, ~silent])


def test_a_shift_is_as_long_as_it_may_be():
    ramp = np.arange(100, dtype=np.float32)[:, None]
    for seed in range(20):
        found = augment(ramp, AugmentationConfig(shift=0.1), np.random.default_rng(seed))
        assert np.abs(found - ramp).max() <= 10.0 + 1e-3
