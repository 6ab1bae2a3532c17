"""What is trained for `benchmark returns`: a recipe of ours, Stable-Baselines3's settings beside it, published figures.

Networks, batch sizes, updates and environment steps are equal on both sides. The other settings on their side are those
that rl-baselines3-zoo publishes (``hyperparams/*.yml``). Its networks (256x256 for DQN, 400x300 for DDPG and TD3), its
steps (100,000 for Acrobot, 300,000 for the continuous lander) and its batches of DDPG and TD3 (256) are cut where the
table would take a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EVALUATIONS = 10  # in a run, both sides
EVAL_EPISODES = 20  # of each, in as many environments

# Acrobot-v1's and LunarLander-v3's in dqn.yml.
TUNED_DQN = {
    **{"learning_rate": 6.3e-4, "gamma": 0.99, "batch_size": 128, "buffer_size": 50_000},
    **{"learning_starts": 0, "train_freq": 4, "gradient_steps": -1, "target_update_interval": 250},
    **{"exploration_fraction": 0.12, "exploration_final_eps": 0.1},
}
# Pendulum-v1's and LunarLanderContinuous-v3's in ddpg.yml and td3.yml, but for batches of 256 and later first updates.
ACTOR_CRITIC = {
    **{"learning_rate": 1e-3, "gamma": 0.98, "batch_size": 128, "buffer_size": 200_000},
    **{"train_freq": 1, "gradient_steps": 1},
}


@dataclass(frozen=True)
class Published:
    """One run of one seed, as ``benchmark.md`` of rl-baselines3-zoo (its release 2.8) has it."""

    mean_return: float
    std_return: float
    steps: int


@dataclass(frozen=True)
class Case:
    """One environment with one algorithm.

    :param recipe: in ``config/training``.
    :param settings: of the recipe, where the file says other.
    :param hidden: widths of the hidden layers, both sides.
    :param theirs: Stable-Baselines3's arguments.
    :param least_ratio: of Stable-Baselines3's processor time to ours, where one is asked for.
    """

    env: str
    algorithm: Literal["dqn", "ddpg", "td3"]
    recipe: str
    steps: int
    hidden: tuple[int, ...]
    theirs: Mapping[str, Any]
    published: Published
    settings: Mapping[str, Any] = field(default_factory=dict)
    least_ratio: float | None = None

    @property
    def overrides(self) -> dict[str, Any]:
        """What is told to our recipe."""
        evaluation = {"eval_every": self.steps // EVALUATIONS, "eval_episodes": EVAL_EPISODES}
        sizes = {"algorithm.hidden": list(self.hidden), "total_steps": self.steps, "eval_envs": EVAL_EPISODES}
        return {**evaluation, **sizes, **self.settings}


CASES = {
    "cartpole": Case(
        env="CartPole-v1",
        algorithm="dqn",
        recipe="cartpole_dqn",
        # With single steps the values of so small a network drift, and policies leave the track after 230 steps.
        settings={"batch_size": 64, "n_step": 5, "algorithm.target_update_every": 50},
        steps=50_000,
        hidden=(64, 64),
        theirs={
            **{"learning_rate": 2.3e-3, "gamma": 0.99, "batch_size": 64, "buffer_size": 100_000},
            **{"learning_starts": 1_000, "train_freq": 256, "gradient_steps": 128, "target_update_interval": 10},
            **{"exploration_fraction": 0.16, "exploration_final_eps": 0.04},
        },
        published=Published(500.0, 0.0, 50_000),
        least_ratio=6.0,
    ),
    "pendulum": Case(
        env="Pendulum-v1",
        algorithm="ddpg",
        recipe="pendulum_ddpg",
        steps=20_000,
        hidden=(64, 64),
        theirs={**ACTOR_CRITIC, "learning_starts": 1_000},
        published=Published(-152.1, 94.3, 20_000),
        least_ratio=1.4,
    ),
    "acrobot": Case(
        env="Acrobot-v1",
        algorithm="dqn",
        recipe="acrobot_dqn",
        steps=25_000,
        hidden=(256, 256),
        theirs=TUNED_DQN,
        published=Published(-76.6, 11.8, 100_000),
    ),
    "lander": Case(
        env="LunarLander-v3",
        algorithm="dqn",
        recipe="lander_dqn",
        steps=100_000,
        hidden=(256, 256),
        theirs=TUNED_DQN,
        published=Published(154.4, 79.2, 100_000),
    ),
    "lander-continuous": Case(
        env="LunarLanderContinuous-v3",
        algorithm="td3",
        recipe="lander_td3",
        steps=100_000,
        hidden=(256, 256),
        theirs={**ACTOR_CRITIC, "learning_starts": 5_000},
        published=Published(207.5, 67.6, 300_000),
    ),
}
