"""A training recipe: all that a run depends on, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dl_robotics.config import require
from dl_robotics.rl.algorithms import AlgorithmConfig, OffPolicyConfig, OnPolicyConfig
from dl_robotics.rl.bonus.choose import BonusConfig
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.exploration import Epsilon, LinearEpsilon
from dl_robotics.rl.prioritised import PrioritiesConfig
from dl_robotics.training.transitions import TransitionsConfig
from dl_robotics.training.workers.settings import HIGHEST_DOMAIN, WorkersConfig

LIVE_ENV = "dl_robotics/Live-v0"  # robots behind topics


@dataclass(frozen=True)
class EnvRecipe:
    """A Gymnasium environment, N copies side by side.

    :param id: registered id; ``module:id`` imports the module that registers it first.
    :param kwargs: arguments of the environment.
    :param while_learning: further arguments where policies learn, not where they are judged.
    :param vectorization: the id's own vector form, or one environment after the other (``sync``).
    :param frames: the last observations that are seen together as one, for environments that do not tell all at once;
        navigation has ``lidar.past_s`` in its task instead.
    """

    id: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    vectorization: Literal["vector_entry_point", "sync"] = "vector_entry_point"
    frames: int = 1
    while_learning: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(self.frames >= 1, "frames", ">= 1", self.frames)
        alone = self.frames == 1 or self.vectorization == "sync"
        require(alone, "frames", "1 unless vectorization: sync", self.frames)

    @property
    def live(self) -> bool:
        """Whether these are robots behind topics, whose episodes may break off."""
        return self.id.rpartition(":")[2] == LIVE_ENV

    def for_judging(self) -> EnvRecipe:
        """The environment in which policies are judged."""
        return replace(self, while_learning={})


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
    :param overlap: whether the updates of a step are made while the environments already do the next one. Actions then
        come from weights of one step before. Of use with a second core, where environments take their time.
    :param workers: processes, on this machine or on others of its Ray cluster, that share the environments; 0 leaves
        them to this process.
    :param distributed: how workers collect.
    :param slow_down_to: share of the learning rates that DQN, DDPG, TD3 and the recurrent ones end with, on a straight
        line from 1.
    :param batch_size: transitions of one update.
    :param n_step: rewards that a stored transition sums up (see ``rl/n_step.py``).
    :param priorities: of the replay; every transition is equally likely unless given.
    :param bonus: paid for novelty: DQN values it apart (``rl/bonus/curious.py``), DDPG and TD3 add it to the rewards;
        none unless given.
    :param mirrored: whether DQN, DDPG and TD3 learn on both sides of the environment's ``mirror`` (``rl/mirror.py``):
        from every second transition of a batch as it looks there; the policy that is judged and kept is alike to both.
    :param prefill: recorded transitions that are in the replay when the run begins; none unless given.
    :param eval_env: where policies are judged; in ``env`` unless given, which robots behind topics are not made for.
    :param eval_every: steps between greedy evaluations; there is always one at the end.
    :param eval_episodes: the same ones at every evaluation, and never trained on.
    :param log_every: steps between lines of the log.
    :param save_every_s: seconds of work between saves of the training state.
    :param keep_states: how many of the last training states are kept while the run goes on. One is enough to go on
        from; the one before it serves if the newest is damaged.
    :param keep_finished: whether they stay once the run has finished, when nothing needs them any more.
    :param seed: of everything; equal seeds give equal weights on the CPU.
    :param threads: that compute. One is fastest for small networks: starting threads costs more than the sums.
    """

    env: EnvRecipe
    total_steps: int
    algorithm: AlgorithmConfig = field(default_factory=DQNConfig)
    epsilon: Epsilon = field(default_factory=LinearEpsilon)
    num_envs: int = 8
    learning_starts: int = 1_000
    updates_per_step: float = 0.5
    overlap: bool = False
    workers: int = 0
    distributed: WorkersConfig = field(default_factory=WorkersConfig)
    slow_down_to: float = 1.0
    batch_size: int = 64
    replay_capacity: int = 100_000
    n_step: int = 1
    priorities: PrioritiesConfig | None = None
    bonus: BonusConfig | None = None
    mirrored: bool = False
    prefill: TransitionsConfig | None = None
    eval_env: EnvRecipe | None = None
    eval_every: int = 5_000
    eval_episodes: int = 20
    eval_envs: int = 20
    log_every: int = 1_000
    save_every_s: float = 60.0
    keep_states: int = 2
    keep_finished: bool = False
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("num_envs", "learning_starts", "batch_size", "eval_every", "eval_episodes", "eval_envs", "n_step"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("log_every", "keep_states", "threads"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        require(self.total_steps >= self.num_envs, "total_steps", ">= num_envs", self.total_steps)
        # Transitions come a step late from robots that may break off: for memories too late, and of another policy.
        by_replay = isinstance(self.algorithm, OffPolicyConfig)
        expected = f"dqn, ddpg or td3, which learn from a replay, with {LIVE_ENV}"
        require(by_replay or not self.env.live, "algorithm.kind", expected, self.algorithm.kind)
        require(by_replay or not self.mirrored, "mirrored", f"false with {self.algorithm.kind}", self.mirrored)
        known = self.bonus is None  # a bonus knows what was met, not its mirror image
        require(known or not self.mirrored, "mirrored", "false with a bonus", self.mirrored)
        off_policy = not isinstance(self.algorithm, OnPolicyConfig)  # REINFORCE and A2C act by the weights they improve
        require(off_policy or not self.overlap, "overlap", f"false with {self.algorithm.kind}", self.overlap)
        most = min(self.num_envs, HIGHEST_DOMAIN + 1 - self.distributed.ros_domain_id)  # a ROS domain for each
        require(0 <= self.workers <= most, "workers", f"0 to {most}, one environment and ROS domain each", self.workers)
        require(self.workers == 0 or not self.overlap, "overlap", "false with workers, which overlap anyway", True)
        require(self.updates_per_step > 0.0, "updates_per_step", "> 0", self.updates_per_step)
        # An ending episode gives up to n_step transitions of one environment at once.
        least = self.num_envs * self.n_step
        require(self.replay_capacity >= least, "replay_capacity", ">= num_envs * n_step", self.replay_capacity)
        require(
            self.bonus is None or self.n_step == 1, "n_step", "1 with a bonus, which pays single steps", self.n_step
        )
        require(0.0 < self.slow_down_to <= 1.0, "slow_down_to", "in (0, 1]", self.slow_down_to)
        require(self.save_every_s >= 0.0, "save_every_s", ">= 0", self.save_every_s)
        require(self.seed >= 0, "seed", ">= 0", self.seed)

    def pace(self, step: int) -> float:
        """Share of the learning rates that is in force after some steps."""
        return 1.0 - (1.0 - self.slow_down_to) * step / self.total_steps
