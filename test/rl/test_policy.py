"""From a checkpoint to actions."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.config import ConfigError, override, to_dict
from dl_robotics.rl.a2c import A2C, A2CConfig
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.policy import PolicyConfig, greedy_policy
from dl_robotics.rl.spaces import Continuous

CONFIG = DQNConfig(hidden=(8,), activation="tanh")


def saved(learner, **changes):
    config = to_dict(PolicyConfig(CONFIG, obs_dim=3, num_actions=4)) | changes
    return Checkpoint("dqn", learner.policy().state_dict(), config)


def test_acts_as_the_learner_does_greedily():
    rng = np.random.default_rng(0)
    learner = DQN(CONFIG, obs_dim=3, num_actions=4)
    policy = greedy_policy(saved(learner))
    obs = rng.normal(size=(50, 3)).astype(np.float32)
    np.testing.assert_array_equal(policy(obs), learner.act(obs))
    assert policy.obs_dim == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_actions": 5}, r"weights\.2\.bias: expected float32 \(5,\), got 'float32 \(4,\)'"),
        ({"obs_dim": "3"}, "config.obs_dim: expected int"),
        ({"algorithm": {"kind": "sarsa"}}, "config.algorithm.kind"),
        ({"num_actions": None}, "config.num_actions: expected either num_actions or actions"),
        ({"algorithm": {"kind": "td3"}}, "algorithm.kind: 'td3' expects an environment with continuous actions"),
        ({"extra": 1}, "config.extra: unknown key"),
    ],
)
def test_refuses_what_is_no_policy(changes, message):
    with pytest.raises(ConfigError, match=message):
        greedy_policy(saved(DQN(CONFIG, 3, 4), **changes))


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (torch.full((4,), np.nan), "here: weights.2.bias: expected finite numbers, got 'NaN or infinity'"),
        (torch.zeros(4, dtype=torch.float64), r"weights\.2\.bias: expected float32 \(4,\), got 'float64 \(4,\)'"),
        (None, r"weights\.2\.bias: expected float32 \(4,\), got 'no such weight'"),
    ],
)
def test_refuses_weights_by_name(weight, message):
    checkpoint = saved(DQN(CONFIG, 3, 4))
    weights = {name: other for name, other in checkpoint.weights.items() if name != "2.bias"}
    changed = weights if weight is None else {**weights, "2.bias": weight}
    with pytest.raises(ConfigError, match=message):
        greedy_policy(replace(checkpoint, weights=changed), where="here: ")


def test_continuous_stochastic_policies_act_by_their_mean():
    space = Continuous((0.0, -2.0), (1.0, 2.0))
    learner = A2C(A2CConfig(hidden=(8,)), 3, space)
    config = to_dict(PolicyConfig(learner.config, obs_dim=3, actions=space))
    policy = greedy_policy(Checkpoint("a2c", learner.network.state_dict(), config))
    obs = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    mean = learner.policy.network.forward(obs)[:, :2]
    np.testing.assert_allclose(policy(obs), space.outwards(mean), atol=1e-6)
    assert "log_std" in learner.network.state_dict()


KEYS = ["obs_dim", "num_actions", "actions", "algorithm", "algorithm.hidden", "algorithm.kind", "algorithm.gamma"]
NUMBERS = st.integers(-(2**70), 2**70) | st.integers(0, 5) | st.floats() | st.booleans() | st.none()
PLAIN = st.recursive(NUMBERS | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@settings(deadline=None, max_examples=60)
@given(key=st.sampled_from(KEYS), value=PLAIN)
def test_a_strangers_config_is_a_policys_or_refused(key, value):
    strange = override(to_dict(PolicyConfig(CONFIG, obs_dim=3, num_actions=4)), {key: value})
    checkpoint = Checkpoint("dqn", DQN(CONFIG, 3, 4).policy().state_dict(), strange)
    try:
        assert greedy_policy(checkpoint, where="here: ")(np.zeros((1, 3), np.float32)).shape == (1,)
    except ConfigError as error:
        assert str(error).startswith("here: ")


@settings(deadline=None, max_examples=60)
@given(place=st.floats(0.0, 1.0, exclude_max=True), flip=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_by_its_path(tmp_path_factory, place, flip, cut):
    path = tmp_path_factory.getbasetemp() / "damaged.safetensors"
    whole = saved(DQN(CONFIG, 3, 4))
    checkpoint.save(path, whole)
    data = bytearray(path.read_bytes())
    at = int(place * len(data))
    data[at] ^= flip
    path.write_bytes(data[:at] if cut else data)
    try:
        found = checkpoint.load(path, "dqn")
    except CheckpointError as error:
        assert str(error).startswith(f"{path}: ")
    else:  # the space that fills up the header, or the digest's letters in other case
        assert all(torch.equal(weight, whole.weights[name]) for name, weight in found.weights.items())
