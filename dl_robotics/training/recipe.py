"""A training recipe: all that a run depends on, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dl_robotics.config import require
from dl_robotics.rl.algorithms import AlgorithmConfig
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.exploration import LinearEpsilon
from dl_robotics.rl.prioritised import PrioritiesConfig


@dataclass(frozen=True)
class EnvRecipe:
    """A Gymnasium environment, N copies side by side.

    :param id: registered id; ``module:id`` imports the module that registers it first.
    :param kwargs: arguments of the environment.
    :param vectorization: the id's own vector form, or one environment after the other (``sync``).
    """

    id: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    vectorization: Literal["vector_entry_point", "sync"] = "vector_entry_point"


@dataclass(frozen=True)
class Recipe:
    """How a policy is trained. A step is one step of one environment.

    REINFORCE and A2C learn from each step once, when they are due: to them epsilon, ``learning_starts``,
    ``updates_per_step``, ``batch_size`` and all about the replay say nothing. DDPG and TD3 explore by their own noise
    instead of epsilon.

    :param total_steps: training ends here (evaluation is not counted).
    :param num_envs: environments that collect side by side.
    :param learning_starts: steps before the first update.
    :param updates_per_step: gradient updates for each step; may be a fraction.
    :param batch_size: transitions of one update.
    :param n_step: rewards that a stored transition sums up (see ``rl/n_step.py``).
    :param priorities: of the replay; every transition is equally likely unless given.
    :param eval_every: steps between greedy evaluations; there is always one at the end.
    :param eval_episodes: the same ones at every evaluation, and never trained on.
    :param log_every: steps between lines of the log.
    :param save_every_s: seconds of work between saves of the training state.
    :param keep_states: how many of the last training states are kept.
    :param seed: of everything; equal seeds give equal weights on the CPU.
    :param threads: that compute. One is fastest for small networks: starting threads costs more than the sums.
    """

    env: EnvRecipe
    total_steps: int
    algorithm: AlgorithmConfig = field(default_factory=DQNConfig)
    epsilon: LinearEpsilon = field(default_factory=LinearEpsilon)
    num_envs: int = 8
    learning_starts: int = 1_000
    updates_per_step: float = 0.5
    batch_size: int = 64
    replay_capacity: int = 100_000
    n_step: int = 1
    priorities: PrioritiesConfig | None = None
    eval_every: int = 5_000
    eval_episodes: int = 20
    eval_envs: int = 20
    log_every: int = 1_000
    save_every_s: float = 60.0
    keep_states: int = 2
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("num_envs", "learning_starts", "batch_size", "eval_every", "eval_episodes", "eval_envs", "n_step"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("log_every", "keep_states", "threads"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        require(self.total_steps >= self.num_envs, "total_steps", ">= num_envs", self.total_steps)
        require(self.updates_per_step > 0.0, "updates_per_step", "> 0", self.updates_per_step)
        # An ending episode gives up to n_step transitions of one environment at once.
        least = self.num_envs * self.n_step
        require(self.replay_capacity >= least, "replay_capacity", ">= num_envs * n_step", self.replay_capacity)
        require(self.save_every_s >= 0.0, "save_every_s", ">= 0", self.save_every_s)
        require(self.seed >= 0, "seed", ">= 0", self.seed)
