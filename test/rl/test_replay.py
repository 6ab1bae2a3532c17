"""Laws of the replay buffer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.rl.replay import Batch, ReplayBuffer


def numbered(first, count):
    """Transitions whose every field tells their number."""
    number = np.arange(first, first + count)
    column = number[:, None].astype(np.float32)
    return Batch(column, number, number.astype(np.float32), column + 0.5, number % 3 == 0)


@settings(deadline=None)
@given(capacity=st.integers(1, 12), sizes=st.lists(st.integers(0, 12), max_size=10))
def test_keeps_exactly_the_newest(capacity, sizes):
    buffer, total = ReplayBuffer(capacity, obs_dim=1), 0
    for size in (min(size, capacity) for size in sizes):
        buffer.add(numbered(total, size))
        total += size
    kept = sorted(buffer.state_dict()["action"])
    assert kept == list(range(max(0, total - capacity), total))
    assert len(buffer) == len(kept)


def test_rows_stay_together():
    buffer = ReplayBuffer(10, obs_dim=1)
    buffer.add(numbered(0, 8))
    buffer.add(numbered(8, 8))
    batch = buffer.sample(200, np.random.default_rng(0))
    np.testing.assert_array_equal(batch.obs[:, 0], batch.action)
    np.testing.assert_array_equal(batch.reward, batch.action)
    np.testing.assert_array_equal(batch.next_obs[:, 0], batch.action + 0.5)
    np.testing.assert_array_equal(batch.terminated, batch.action % 3 == 0)
    assert [field.dtype for field in batch[:6]] == [np.float32, np.int64, np.float32, np.float32, np.bool_, np.int64]


def test_sampling_is_uniform_and_seeded():
    buffer = ReplayBuffer(8, obs_dim=1)
    buffer.add(numbered(0, 8))
    counts = np.bincount(buffer.sample(8_000, np.random.default_rng(1)).action, minlength=8)
    assert np.abs(counts - 1_000).max() < 5 * np.sqrt(1_000)  # five standard deviations
    again = np.bincount(buffer.sample(8_000, np.random.default_rng(1)).action, minlength=8)
    np.testing.assert_array_equal(counts, again)


def test_samples_are_copies():
    buffer = ReplayBuffer(4, obs_dim=1)
    buffer.add(numbered(0, 4))
    batch = buffer.sample(4, np.random.default_rng(0))
    before = batch.obs.copy()
    buffer.add(numbered(100, 4))
    np.testing.assert_array_equal(batch.obs, before)


def test_continuous_actions():
    buffer = ReplayBuffer(4, obs_dim=1, action_shape=(2,), action_dtype=np.float32)
    buffer.add(numbered(0, 3)._replace(action=np.full((3, 2), 0.25)))
    assert buffer.sample(5, np.random.default_rng(0)).action.tolist() == [[0.25, 0.25]] * 5


def test_state_restores_content_and_position():
    buffer, restored = ReplayBuffer(5, obs_dim=1), ReplayBuffer(5, obs_dim=1)
    buffer.add(numbered(0, 5))
    buffer.add(numbered(5, 2))
    restored.load_state_dict(buffer.state_dict())
    for copy in (buffer, restored):
        copy.add(numbered(7, 2))
    for name, value in buffer.state_dict().items():
        np.testing.assert_array_equal(restored.state_dict()[name], value)
    samples = [copy.sample(9, np.random.default_rng(2)).action.tolist() for copy in (buffer, restored)]
    assert samples[0] == samples[1]


def test_refuses_what_does_not_fit():
    buffer = ReplayBuffer(4, obs_dim=1)
    with pytest.raises(ValueError, match="at most 4 transitions at once, got 5"):
        buffer.add(numbered(0, 5))
    buffer.add(numbered(0, 4))
    with pytest.raises(ValueError, match="at most 3 rows"):
        ReplayBuffer(3, obs_dim=1).load_state_dict(buffer.state_dict())
    with pytest.raises(ValueError, match=r"obs: expected .* of shape \(2,\)"):
        ReplayBuffer(4, obs_dim=2).load_state_dict(buffer.state_dict())
