"""A recipe for learning from recordings alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.config import require
from dl_robotics.rl.algorithms import OfflineConfig
from dl_robotics.rl.td3_bc import TD3BCConfig
from dl_robotics.training.recipe import EnvRecipe
from dl_robotics.training.transitions import TransitionsConfig


@dataclass(frozen=True, kw_only=True)
class OfflineRecipe:
    """How a policy is learned from recorded transitions. A step is one update.

    :param data: recorded transitions.
    :param env: where policies are judged; without one, by how far they are from the recorded actions of ``held_out``.
    :param held_out: share of the recorded episodes, at least one of several, that nothing learns from.
    :param total_steps: training ends here.
    :param eval_every: steps between evaluations; there is always one at the end.
    :param log_every: steps between lines of the log.
    :param save_every_s: seconds of work between saves of the training state.
    :param keep_states: how many of the last training states are kept.
    :param seed: of everything; equal seeds give equal weights on the CPU.
    :param threads: that compute.
    """

    task: Literal["offline"]
    data: TransitionsConfig
    total_steps: int
    algorithm: OfflineConfig = field(default_factory=TD3BCConfig)
    env: EnvRecipe | None = None
    held_out: float = 0.1
    batch_size: int = 256
    eval_every: int = 5_000
    eval_episodes: int = 100
    eval_envs: int = 50
    log_every: int = 500
    save_every_s: float = 60.0
    keep_states: int = 2
    keep_finished: bool = False
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("total_steps", "batch_size", "eval_every", "eval_episodes", "eval_envs", "log_every"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("keep_states", "threads"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        require(0.0 <= self.held_out < 1.0, "held_out", "in [0, 1)", self.held_out)
        judged = self.env is not None or self.held_out > 0.0
        require(judged, "held_out", "> 0 without an env: something has to judge", self.held_out)
        require(self.save_every_s >= 0.0, "save_every_s", ">= 0", self.save_every_s)
        require(self.seed >= 0, "seed", ">= 0", self.seed)
