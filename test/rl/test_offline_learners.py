"""Behaviour cloning and TD3+BC: their losses by autograd, and that they learn what a recording holds."""

import numpy as np
import pytest
import torch

from dl_robotics.rl.behaviour_cloning import BehaviourCloning, BehaviourCloningConfig
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.rl.td3_bc import TD3BC, TD3BCConfig

BOX = Continuous((-1.0, -1.0), (1.0, 1.0))


def batch_of(rng, count=32, obs_dim=5, action=None):
    obs, next_obs = (rng.standard_normal((count, obs_dim)).astype(np.float32) for _ in range(2))
    action = rng.uniform(-1.0, 1.0, (count, 2)).astype(np.float32) if action is None else action(obs)
    return Batch(obs, action, rng.standard_normal(count).astype(np.float32), next_obs, rng.random(count) < 0.2)


def test_the_actor_climbs_equation_3_with_the_weight_of_equation_5():
    rng = np.random.default_rng(0)
    learner = TD3BC(TD3BCConfig(hidden=(16,), alpha=2.5, normalise=False), 5, 2, seed=1)
    for _ in range(20):  # a critic that says something
        learner.fit_critics(batch := batch_of(rng), batch.reward)
    obs, action = torch.from_numpy(batch.obs), torch.from_numpy(batch.action)
    critic, actor = learner.critics[0].network.module, learner.actor.network.module
    weights = [p.detach().clone().requires_grad_() for p in actor.parameters()]
    names = [name for name, _ in actor.named_parameters()]
    chosen = torch.func.functional_call(actor, dict(zip(names, weights, strict=True)), (obs,))
    weight = 2.5 / critic(torch.cat([obs, action], 1)).abs().mean().detach()
    q = critic(torch.cat([obs, chosen], 1)).mean()
    (-weight * q + ((chosen - action) ** 2).mean()).backward()
    assert learner.ascend(batch) == pytest.approx(q.item(), rel=1e-4)
    for ours, theirs in zip(actor.parameters(), weights, strict=True):
        np.testing.assert_allclose(ours.grad, theirs.grad, atol=2e-6)


def test_states_are_normalised_by_the_recording_and_the_policy_takes_plain_ones():
    rng = np.random.default_rng(0)
    learner = TD3BC(TD3BCConfig(hidden=(16,)), 5, 2)
    batch = batch_of(rng)
    learner.observe(shifted := 3.0 + 10.0 * batch.obs)
    normal = learner.normaliser(shifted)
    np.testing.assert_allclose(normal.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(normal.std(axis=0), 1.0, atol=1e-5)
    with torch.inference_mode():
        np.testing.assert_allclose(learner.policy()(torch.from_numpy(shifted)), learner.act(shifted), atol=1e-5)


def test_without_values_td3_bc_imitates():
    rng = np.random.default_rng(0)
    learner = TD3BC(TD3BCConfig(hidden=(32,), alpha=0.0, policy_delay=1, actor_learning_rate=3e-3), 5, 2)
    for _ in range(300):
        learner.update(batch := batch_of(rng, action=lambda obs: np.tanh(obs[:, :2])))
    assert np.mean((learner.act(batch.obs) - batch.action) ** 2) < 0.01


@pytest.mark.parametrize(
    ("space", "teacher"),
    [
        (BOX, lambda obs: np.tanh(obs[:, :2] - obs[:, 2:4])),
        (Discrete(3), lambda obs: obs[:, :3].argmax(axis=1)),
    ],
)
def test_behaviour_cloning_does_as_it_was_shown(space, teacher):
    rng = np.random.default_rng(0)
    learner = BehaviourCloning(BehaviourCloningConfig(hidden=(32,), learning_rate=3e-3), 5, space)
    learner.observe(batch_of(rng, 1000).obs)
    losses = [learner.update(batch_of(rng, 64, action=teacher))["loss"] for _ in range(400)]
    assert losses[-1] < 0.2 * losses[0]
    fresh = batch_of(rng, 500, action=teacher)
    given = learner.act(fresh.obs)
    if isinstance(space, Discrete):
        assert np.mean(given == fresh.action) > 0.9
    else:
        assert np.mean((given - fresh.action) ** 2) < 0.02


@pytest.mark.parametrize(
    "make",
    [
        lambda: TD3BC(TD3BCConfig(hidden=(8,)), 5, 2),
        lambda: BehaviourCloning(BehaviourCloningConfig(hidden=(8,)), 5, BOX),
    ],
)
def test_a_learner_goes_on_from_its_state(make):
    batches = [batch_of(np.random.default_rng(seed)) for seed in range(6)]
    whole, cut = make(), make()
    for batch in batches:
        whole.update(batch)
    for batch in batches[:3]:
        cut.update(batch)
    again = make()
    again.load_state_dict(cut.state_dict())
    for batch in batches[3:]:
        again.update(batch)
    for ours, theirs in zip(again.policy().parameters(), whole.policy().parameters(), strict=True):
        np.testing.assert_array_equal(ours.detach(), theirs.detach())
