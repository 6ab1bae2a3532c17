"""A share of the environments goes on elsewhere as if it had never moved."""

import json

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.training.agents import make_agent
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.workers.block import joined
from dl_robotics.training.workers.share import Share, weights_of

PLAIN = {
    "env": {"id": "CartPole-v1", "vectorization": "sync"},
    "algorithm": {"kind": "dqn", "hidden": [8]},
    **{"total_steps": 400, "num_envs": 5, "workers": 2, "n_step": 3, "seed": 4},
}
SWINGING = {"id": "Pendulum-v1", "vectorization": "sync"}
NOISE = {"kind": "ornstein_uhlenbeck", "random_steps": 20}
KINDS = {
    "dqn": {},
    "td3": {"env": SWINGING, "algorithm": {"kind": "td3", "hidden": [8], "noise": NOISE, "normalise": True}},
    "a2c": {"env": SWINGING, "algorithm": {"kind": "a2c", "hidden": [8]}},
}


def recipe(**changes):
    return config.from_dict(Recipe, {**PLAIN, **changes})


def weights(told, seed=1):
    share = Share(told, 0)
    return weights_of(make_agent(told, share.source.obs_dim, share.source.space, (seed, 2, 3)))


def assert_equal_blocks(one, other):
    assert all(np.array_equal(column, other.columns[name]) for name, column in one.columns.items())
    assert one.episodes == other.episodes


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_on_elsewhere_as_if_it_had_not_moved(kind):
    told = recipe(**KINDS[kind])
    first, second = weights(told), weights(told, seed=9)
    share, other = Share(told, 1), Share(told, 1)
    left = share.collect(first, 5, 30)
    other.load_state_dict(left.state)
    assert_equal_blocks(share.collect(second, 155, 30), other.collect(second, 155, 30))


def test_what_it_hands_in_is_small():
    """Weights and replay stay where they are."""
    told = recipe(algorithm={"kind": "dqn", "hidden": [64, 64]})
    state = Share(told, 0).collect(weights(told), 5, 4).state
    assert len(json.dumps(state, default=np.ndarray.tolist)) < 4_000


def test_each_has_environments_and_exploration_of_its_own():
    told = recipe()
    blocks = [Share(told, index).collect(weights(told), 5, 40) for index in (0, 1)]
    assert [block.columns["reward"].shape for block in blocks] == [(40, 2), (40, 3)]
    assert not np.array_equal(blocks[0].columns["obs"][0], blocks[1].columns["obs"][0, :2])
    assert not np.array_equal(blocks[0].columns["action"], blocks[1].columns["action"][:, :2])


def test_joined_blocks_are_steps_of_all_environments():
    told = recipe()
    blocks = [Share(told, index).collect(weights(told), 5, 40) for index in (0, 1)]
    rows = joined(blocks)
    assert [len(row.collected.ended) for row in rows] == [5] * 40
    for row in rows:
        assert [episode.env for episode in row.episodes] == np.flatnonzero(row.collected.ended).tolist()
    follow = [~row.collected.ended for row in rows[:-1]]  # where the next observation is the next one's first
    for row, after, goes_on in zip(rows, rows[1:], follow, strict=False):
        assert np.array_equal(row.collected.transitions.next_obs[goes_on], after.collected.transitions.obs[goes_on])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"workers": 6}, "workers: expected 0 to 5, one environment and ROS domain each, got 6"),
        ({"workers": -1}, "workers: expected 0 to 5"),
        ({"distributed": {"ros_domain_id": 101}}, "workers: expected 0 to 1, one environment"),
        ({"distributed": {"ros_domain_id": 102}}, r"distributed.ros_domain_id: expected in \[0, 101\]"),
        ({"distributed": {"block_steps": 0}}, "distributed.block_steps: expected >= 1"),
        ({"distributed": {"staleness": -1}}, "distributed.staleness: expected >= 0"),
        ({"overlap": True}, "overlap: expected false with workers"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes, told):
    with pytest.raises(ConfigError, match=told):
        recipe(**changes)
