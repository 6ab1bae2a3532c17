"""Prioritised replay: proportions, importance weights, and the tree below."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replay import numbered

from dl_robotics.rl.prioritised import PrioritiesConfig, PrioritisedReplay
from dl_robotics.rl.sum_tree import SumTree

VALUES = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=20)


@settings(deadline=None)
@given(values=VALUES, part=st.floats(0.0, 1.0, exclude_max=True))
def test_tree_finds_the_row_of_a_prefix(values, part):
    tree = SumTree(len(values))
    tree.set(np.arange(len(values)), np.array(values))
    assert tree.total == pytest.approx(sum(values))
    if tree.total > 0.0:
        prefix = part * tree.total
        row = tree.find(np.array([prefix]))[0]
        assert values[row] > 0.0
        assert sum(values[:row]) <= prefix + 1e-9 * tree.total
        assert prefix <= sum(values[: row + 1]) + 1e-9 * tree.total


def test_equal_values_make_equal_trees_whatever_was_before():
    rng = np.random.default_rng(0)
    first, second = SumTree(13), SumTree(13)
    for _ in range(20):
        first.set(rng.integers(13, size=5), rng.random(5))
    second.set(np.arange(13), first.values)
    assert second.total == first.total


def surprised(errors, **config):
    """A replay whose transitions have these errors."""
    replay = PrioritisedReplay(PrioritiesConfig(**config), len(errors), obs_dim=1)
    replay.add(numbered(0, len(errors)))
    replay._drawn = np.arange(len(errors))
    replay.learned(np.array(errors, np.float32))
    return replay


def test_proportions_and_importance_weights():
    # Priorities |error|^1: 1, 2, 3, 4 of 10.
    replay = surprised([1.0, -2.0, 3.0, -4.0], alpha=1.0, beta=1.0)
    batch = replay.sample(10_000, np.random.default_rng(0))
    share = np.bincount(batch.action, minlength=4) / 10_000
    assert share == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.001)  # each stretch of the sum is drawn from once
    # w = (N P)^-1 over its greatest, which is that of P = 0.1.
    assert batch.weight == pytest.approx(0.1 / np.array([0.1, 0.2, 0.3, 0.4])[batch.action])


def test_alpha_0_is_uniform():
    batch = surprised([1.0, 5.0], alpha=0.0).sample(1_000, np.random.default_rng(0))
    assert np.bincount(batch.action).tolist() == [500, 500]
    assert batch.weight == pytest.approx(1.0)


def test_beta_rises_to_1():
    replay = PrioritisedReplay(PrioritiesConfig(beta=0.4, beta_updates=4), 2, obs_dim=1)
    replay.add(numbered(0, 2))
    betas = []
    for _ in range(6):
        betas.append(replay.beta)
        replay.sample(2, np.random.default_rng(0))
        replay.learned(np.ones(2, np.float32))
    assert betas == pytest.approx([0.4, 0.55, 0.7, 0.85, 1.0, 1.0])


def test_new_transitions_come_with_the_greatest_priority():
    replay = surprised([9.0, 1.0, 1.0], alpha=1.0)
    replay.add(numbered(3, 1))  # over the one of 9
    share = np.bincount(replay.sample(11_000, np.random.default_rng(0)).action, minlength=4) / 11_000
    assert share == pytest.approx([0.0, 1 / 11, 1 / 11, 9 / 11], abs=0.001)


def test_state_restores_priorities():
    replay = surprised([1.0, 2.0, 3.0])
    restored = PrioritisedReplay(PrioritiesConfig(), 3, obs_dim=1)
    restored.load_state_dict(replay.state_dict())
    first, second = (part.sample(50, np.random.default_rng(1)) for part in (replay, restored))
    np.testing.assert_array_equal(first.action, second.action)
    np.testing.assert_array_equal(first.weight, second.weight)
