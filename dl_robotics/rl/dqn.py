"""Deep Q-learning with experience replay (Mnih et al. 2015).

Each on its own: the target of Double Q-learning (van Hasselt et al. 2016), a duelling network (Wang et al. 2016),
advantage learning (Bellemare et al. 2016).
Returns of n steps and prioritised replay come with the batch: see ``n_step.py`` and ``prioritised.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName, DuellingMLP
from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.losses import huber
from dl_robotics.rl.learner import Learning, Observations
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True)
class DQNConfig:
    """Settings of the learner.

    :param hidden: widths of the hidden layers.
    :param gamma: discount per step.
    :param learning_rate: of Adam.
    :param target_update_every: C, in gradient updates.
    :param huber_delta: errors beyond it count linearly. The paper's 1 suits its clipped rewards; where values are much
        larger, it fits their median instead of their mean, rare ends of episodes go unheard, and values run away.
    :param double: whether the online network chooses the next action that the target network values.
    :param duelling: whether the network has a stream for the state's value and one for the actions' advantages.
    :param action_gap: alpha of advantage learning, in [0, 1). Where one step changes little, the values of a state's
        actions lie closer together than the network errs; this moves the lesser ones down, to up to 1 / (1 - alpha)
        times their distance from the best. 0 is plain Q-learning.
    :param max_grad_norm: bound on the gradient's Euclidean norm; none by default.
    """

    kind: Literal["dqn"] = "dqn"
    hidden: tuple[int, ...] = (64, 64)
    activation: ActivationName = "relu"
    gamma: float = 0.99
    learning_rate: float = 1e-3
    target_update_every: int = 500
    huber_delta: float = 1.0
    double: bool = True
    duelling: bool = False
    action_gap: float = 0.0
    max_grad_norm: float | None = None

    def __post_init__(self) -> None:
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(not self.duelling or len(self.hidden) >= 2, "hidden", "two layers for a duelling network", self.hidden)
        require(0.0 <= self.gamma < 1.0, "gamma", "in [0, 1)", self.gamma)
        require(self.learning_rate > 0.0, "learning_rate", "> 0", self.learning_rate)
        require(self.target_update_every >= 1, "target_update_every", ">= 1", self.target_update_every)
        require(self.huber_delta > 0.0, "huber_delta", "> 0", self.huber_delta)
        require(0.0 <= self.action_gap < 1.0, "action_gap", "in [0, 1)", self.action_gap)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)


def q_network(
    config: DQNConfig, obs_dim: int, num_actions: int, generator: torch.Generator | None = None
) -> MLP | DuellingMLP:
    """The network (B, obs_dim) -> (B, num_actions) action values."""
    make = DuellingMLP if config.duelling else MLP
    return make((obs_dim, *config.hidden, num_actions), config.activation, generator=generator)


class DQN:
    """Learns action values of a discrete action space; a :class:`~dl_robotics.rl.learner.Learner`.

    :param seed: of the first weights; equal seeds and batches give equal weights.
    """

    def __init__(self, config: DQNConfig, obs_dim: int, num_actions: int, seed: int = 0) -> None:
        self.config, self.num_actions = config, num_actions
        network = q_network(config, obs_dim, num_actions, torch.Generator().manual_seed(seed))
        self.q = Learning(network, config.learning_rate, config.max_grad_norm)
        self.online, self.target = self.q.network, self.q.target
        self.errors = np.empty(0, np.float32)
        self.updates, self.pace = 0, 1.0

    def act(self, obs: Observations) -> npt.NDArray[np.int64]:
        """Greedy actions (N,) for observations (N, D)."""
        best: npt.NDArray[np.int64] = self.online.forward(obs).argmax(axis=1)
        return best

    def observe(self, obs: Observations) -> None:
        """Nothing: observations are taken as they are."""

    def update(self, batch: Batch) -> dict[str, float]:
        """One gradient step on a minibatch; every C steps the target network becomes the online network.

        :returns: the Huber loss and the mean value of the actions taken.
        """
        target = self.bellman_target(batch)
        taken = np.arange(len(batch.action)), batch.action
        values = self.online.forward(batch.obs)
        q = values[taken]
        loss, slope = huber(q, target, self.config.huber_delta, batch.weight)  # its slope is the clipped error
        slopes = np.zeros(values.shape, np.float32)
        slopes[taken] = slope
        self.online.backward(slopes)
        self.q.step(self.pace)
        self.errors = target - q
        self.updates += 1
        if self.updates % self.config.target_update_every == 0:
            self.q.follow()
        return {"loss": loss, "q": float(q.sum()) / len(q)}

    def bellman_target(self, batch: Batch) -> npt.NDArray[np.float32]:
        """(B,) targets.

        y = r + gamma^n Q(s', a*; target), or r where s' is terminal; a* maximises Q(s', .; target) in Mnih et al.,
        Q(s', .; online) in van Hasselt et al. r is the discounted sum of n rewards. Advantage learning takes
        alpha (max over b of Q(s, b; target) - Q(s, a; target)) off (the operator T_AL of Bellemare et al. 2016).
        """
        next_q = self.target.forward(batch.next_obs)
        rows = np.arange(len(next_q))
        chooser = self.online.forward(batch.next_obs) if self.config.double else next_q
        target = bootstrap(batch, self.config.gamma, next_q[rows, chooser.argmax(axis=1)])
        if self.config.action_gap > 0.0:
            q = self.target.forward(batch.obs)
            target -= np.float32(self.config.action_gap) * (q.max(axis=1) - q[rows, batch.action])
        return target

    def policy(self) -> torch.nn.Module:
        """The online network."""
        return self.online.module

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"q": self.q.state_dict(), "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.q.load_state_dict(state["q"])
        self.updates = int(state["updates"])


def bootstrap(batch: Batch, gamma: float, next_value: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(B,) r + gamma^n V(s'), or r where s' is terminal."""
    steps = np.full(len(next_value), batch.steps) if isinstance(batch.steps, int) else batch.steps
    target = np.empty_like(next_value)
    _bootstrap(batch.reward, batch.terminated, steps, gamma, next_value, target)
    return target


@compiled
def _bootstrap(
    reward: npt.NDArray[np.float32],
    terminated: npt.NDArray[np.bool_],
    steps: npt.NDArray[np.int64],
    gamma: float,
    next_value: npt.NDArray[np.float32],
    target: npt.NDArray[np.float32],
) -> None:
    for row in range(len(target)):
        later = 0.0 if terminated[row] else gamma ** steps[row] * next_value[row]
        target[row] = reward[row] + later
