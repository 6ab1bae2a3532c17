"""Gradient updates a second of our learners and of Stable-Baselines3: same networks, same batch, one thread, one run.

An update is drawing a batch from a full replay, targets, losses, backward passes, optimiser steps and soft updates.
Both take turns, for many short rounds, and the time is that of their thread: other work slows both alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

from dl_robotics.rl.algorithms import OffPolicyConfig, make_learner
from dl_robotics.rl.ddpg import DDPGConfig
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.replay import Batch, ReplayBuffer
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.rl.td3 import TD3Config
from dl_robotics.training.threads import compute_threads

STORED = 10_000  # transitions in either replay
ENVIRONMENTS = {"dqn": "CartPole-v1", "ddpg": "Pendulum-v1", "td3": "Pendulum-v1"}  # whose sizes the networks have
Updates = Callable[[int], object]


class Case(NamedTuple):
    """A learner, the width of its two hidden layers, its batch size, and the ratio that is asked for."""

    algorithm: str
    width: int
    batch_size: int
    least_ratio: float

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.algorithm} {self.width}x{self.width} batch {self.batch_size}"


CASES = (
    Case("dqn", 64, 64, 8.0),
    Case("dqn", 256, 128, 2.5),
    Case("ddpg", 256, 64, 3.0),
    Case("td3", 256, 64, 3.0),
    Case("ddpg", 256, 256, 1.6),
    Case("td3", 256, 256, 1.6),
)


class Row(NamedTuple):
    """Seconds of one update, medians over the rounds."""

    ours_s: float
    theirs_s: float

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return self.theirs_s / self.ours_s


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--rounds", type=int, default=15, help="of each case (%(default)s)")
    parser.add_argument("--updates", type=int, default=40, help="of either side in a round (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print the table; 0 if every ratio reaches its mark, else 1."""
    reached = True
    print(f"{'':28} {'ours /s':>9} {'SB3 /s':>9} {'ratio':>7} {'mark':>6}")
    with compute_threads(1):
        for case in CASES:
            row = measure(ours(case), theirs(case), args.rounds, args.updates)
            told = "" if row.ratio >= case.least_ratio else "  NO"
            rates = f"{1.0 / row.ours_s:9.0f} {1.0 / row.theirs_s:9.0f}"
            print(f"{case.name:28} {rates} {row.ratio:7.2f} {case.least_ratio:6.1f}{told}", flush=True)
            reached = reached and not told
    return 0 if reached else 1


def measure(ours: Updates, theirs: Updates, rounds: int, updates: int) -> Row:
    """Let both take turns."""
    times_s: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for side, work in zip(times_s, (ours, theirs), strict=True):
            started_s = time.thread_time()
            work(updates)
            side.append((time.thread_time() - started_s) / updates)
    first, second = (statistics.median(side[1:]) for side in times_s)  # the first round warms up
    return Row(first, second)


def ours(case: Case) -> Updates:
    """Our learner, over a replay full of random transitions."""
    hidden = (case.width, case.width)
    configs: dict[str, OffPolicyConfig] = {
        "dqn": DQNConfig(hidden=hidden, double=False, max_grad_norm=10.0),  # as Stable-Baselines3 has it
        "ddpg": DDPGConfig(hidden=hidden),
        "td3": TD3Config(hidden=hidden),
    }
    rng, discrete = np.random.default_rng(0), case.algorithm == "dqn"
    obs_dim, space = (4, Discrete(2)) if discrete else (3, Continuous((-2.0,), (2.0,)))
    learner = make_learner(configs[case.algorithm], obs_dim, space, seed=0)
    replay = ReplayBuffer(STORED, obs_dim, *(() if discrete else ((1,), np.float32)))
    obs, next_obs = rng.standard_normal((2, STORED, obs_dim)).astype(np.float32)
    action = rng.integers(2, size=STORED) if discrete else rng.uniform(-1, 1, (STORED, 1)).astype(np.float32)
    reward = rng.standard_normal(STORED).astype(np.float32)
    replay.add(Batch(obs, action, reward, next_obs, rng.random(STORED) < 0.05))

    def updates(count: int) -> None:
        for _ in range(count):
            learner.update(replay.sample(case.batch_size, rng))

    return updates


def theirs(case: Case) -> Updates:
    """Stable-Baselines3's, the same."""
    import stable_baselines3 as sb3  # noqa: PLC0415 (needed for development only)
    from stable_baselines3.common.logger import configure  # noqa: PLC0415

    torch.manual_seed(0)
    algorithm: dict[str, Any] = {"dqn": sb3.DQN, "ddpg": sb3.DDPG, "td3": sb3.TD3}
    settings = {"policy_kwargs": {"net_arch": [case.width, case.width]}, "buffer_size": STORED, "device": "cpu"}
    model = algorithm[case.algorithm]("MlpPolicy", ENVIRONMENTS[case.algorithm], **settings)
    model.set_logger(configure(None, []))
    rng, replay = np.random.default_rng(0), model.replay_buffer
    for stored in (replay.observations, replay.next_observations, replay.rewards):
        stored[:] = rng.standard_normal(stored.shape)
    replay.actions[:] = (
        rng.integers(2, size=replay.actions.shape)
        if case.algorithm == "dqn"
        else rng.uniform(-1, 1, replay.actions.shape)
    )
    replay.dones[:] = rng.random(replay.dones.shape) < 0.05
    replay.full = True
    return lambda count: model.train(count, case.batch_size)
