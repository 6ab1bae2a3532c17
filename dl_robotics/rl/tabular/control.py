"""Learning action values of an unknown environment by trying: Q-learning and Monte Carlo control."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np

from dl_robotics.config import require
from dl_robotics.rl.exploration import LinearEpsilon
from dl_robotics.rl.tabular.mdp import Table


@dataclass(frozen=True)
class ControlConfig:
    """How to try and learn.

    :param episodes: to learn from.
    :param max_steps: after which an episode is broken off.
    :param gamma: discount per step.
    :param learning_rate: alpha of Q-learning; Monte Carlo control averages.
    :param epsilon: probability of a random action, its steps counted in episodes.
    """

    episodes: int = 1_000
    max_steps: int = 200
    gamma: float = 0.95
    learning_rate: float = 0.5
    epsilon: LinearEpsilon = field(default_factory=lambda: LinearEpsilon(1.0, 0.05, 500))

    def __post_init__(self) -> None:
        for name in ("episodes", "max_steps"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        require(0.0 <= self.gamma <= 1.0, "gamma", "in [0, 1]", self.gamma)
        require(0.0 < self.learning_rate <= 1.0, "learning_rate", "in (0, 1]", self.learning_rate)


def q_learning(env: gym.Env[Any, Any], config: ControlConfig, seed: int = 0) -> Table:
    """Q (S, A) by Q(s, a) <- Q(s, a) + alpha (r + gamma max Q(s', .) - Q(s, a)) (Watkins 1989).

    :param env: with states and actions counted from 0.
    """
    q, rng = _empty(env), np.random.default_rng(seed)
    for episode in range(config.episodes):
        state, _ = env.reset(seed=seed if episode == 0 else None)
        for _ in range(config.max_steps):
            action = _choose(q[state], config.epsilon(episode), rng)
            after, reward, terminated, truncated, _ = env.step(action)
            target = float(reward) + config.gamma * (0.0 if terminated else q[after].max())
            q[state, action] += config.learning_rate * (target - q[state, action])
            state = after
            if terminated or truncated:
                break
    return q


def monte_carlo_control(env: gym.Env[Any, Any], config: ControlConfig, seed: int = 0) -> Table:
    """Q (S, A) as the mean return after the first visit of each pair, acting epsilon-greedily by it.

    On-policy first-visit control (Sutton & Barto 2018, section 5.4). An episode that is broken off counts as it is.
    """
    q, rng = _empty(env), np.random.default_rng(seed)
    visits = np.zeros_like(q)
    for episode in range(config.episodes):
        steps = _episode(env, q, config, config.epsilon(episode), rng, seed if episode == 0 else None)
        gain, gains = 0.0, dict[tuple[int, int], float]()
        for state, action, reward in reversed(steps):
            gain = reward + config.gamma * gain
            gains[state, action] = gain  # of the earliest visit in the end
        for pair, first in gains.items():
            visits[pair] += 1
            q[pair] += (first - q[pair]) / visits[pair]
    return q


def _episode(
    env: gym.Env[Any, Any], q: Table, config: ControlConfig, epsilon: float, rng: np.random.Generator, seed: int | None
) -> list[tuple[int, int, float]]:
    """States, actions and rewards of one episode."""
    steps: list[tuple[int, int, float]] = []
    state, _ = env.reset(seed=seed)
    for _ in range(config.max_steps):
        action = _choose(q[state], epsilon, rng)
        after, reward, terminated, truncated, _ = env.step(action)
        steps.append((state, action, float(reward)))
        state = after
        if terminated or truncated:
            break
    return steps


def _choose(values: Table, epsilon: float, rng: np.random.Generator) -> int:
    """Epsilon-greedy; ties at random, or the first action would always be tried first."""
    if rng.random() < epsilon:
        return int(rng.integers(len(values)))
    return int(rng.choice(np.flatnonzero(values == values.max())))


def _empty(env: gym.Env[Any, Any]) -> Table:
    states, actions = env.observation_space, env.action_space
    if not (isinstance(states, gym.spaces.Discrete) and isinstance(actions, gym.spaces.Discrete)):
        raise TypeError(f"environment: expected Discrete states and actions, got {states} and {actions}")
    return np.zeros((int(states.n), int(actions.n)))
