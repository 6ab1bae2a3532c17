"""Gradient updates a second of our learners and of Stable-Baselines3: same networks, same batch, one run.

An update is drawing a batch from a full replay, targets, losses, backward passes, optimiser steps and soft updates.
Each side computes in a process of its own, with one thread and with two; the ratio compares each side's better one.
Both take turns, each after some updates that are not counted, so that the other's threads rest. Turns are long, since
two threads that have just woken need some time to come up to speed. One thread's time is its own, which other work
hardly changes; that of two is the clock's, for which the machine should be quiet, and its cores near one another: the
host of a virtual machine may move them apart for a while, and what two threads share then costs more.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Literal, NamedTuple, TypeAlias

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
THREADS = (1, 2)
Updates: TypeAlias = Callable[[int], object]
Side: TypeAlias = Literal["ours", "theirs"]


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


class Turn(NamedTuple):
    """What a side is asked to do: so many updates."""

    case: Case
    threads: int
    updates: int


class Row(NamedTuple):
    """Seconds of one update with each number of threads, medians over the rounds."""

    ours_s: tuple[float, ...]
    theirs_s: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return min(self.theirs_s) / min(self.ours_s)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--rounds", type=int, default=7, help="of each case (%(default)s)")
    parser.add_argument("--updates", type=int, default=200, help="of either side in a round (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print the table; 0 if every ratio reaches its mark, else 1."""
    reached = True
    print(f"{'updates/s, 1 and 2 threads':28} {'ours':>13} {'SB3':>13} {'ratio':>7} {'mark':>6}")
    with side("ours") as ours_there, side("theirs") as theirs_there:
        for case in CASES:
            row = measure(case, (ours_there, theirs_there), args.rounds, args.updates)
            told = "" if row.ratio >= case.least_ratio else "  NO"
            rates = [" ".join(f"{1.0 / time_s:6.0f}" for time_s in times_s) for times_s in row]
            print(f"{case.name:28} {rates[0]} {rates[1]} {row.ratio:7.2f} {case.least_ratio:6.1f}{told}", flush=True)
            reached = reached and not told
    return 0 if reached else 1


def measure(case: Case, sides: tuple[Connection, Connection], rounds: int, updates: int) -> Row:
    """Let both take turns."""
    times_s: dict[tuple[int, int], list[float]] = {(index, n): [] for index in range(2) for n in THREADS}
    for _ in range(rounds + 1):
        for (index, threads), measured in times_s.items():
            sides[index].send(Turn(case, threads, updates))
            measured.append(sides[index].recv())
    medians = [[statistics.median(times_s[index, n][1:]) for n in THREADS] for index in range(2)]  # without the first
    return Row(tuple(medians[0]), tuple(medians[1]))


@contextmanager
def side(name: Side) -> Iterator[Connection]:
    """A process that answers each :class:`Turn` with the seconds of one update."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_take_turns, args=(name, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _take_turns(name: Side, turns: Connection) -> None:
    make = ours if name == "ours" else theirs
    made: dict[str, Updates] = {}
    while True:
        try:
            turn: Turn = turns.recv()
        except EOFError:
            return
        if turn.case.name not in made:
            made[turn.case.name] = make(turn.case)
        updates = made[turn.case.name]
        clock = time.thread_time if turn.threads == 1 else time.perf_counter
        with compute_threads(turn.threads):
            updates(turn.updates)
            started_s = clock()
            updates(turn.updates)
            spent_s = clock() - started_s
        turns.send(spent_s / turn.updates)


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
    from stable_baselines3.common.logger import Logger  # noqa: PLC0415

    torch.manual_seed(0)
    algorithm: dict[str, Any] = {"dqn": sb3.DQN, "ddpg": sb3.DDPG, "td3": sb3.TD3}
    settings = {"policy_kwargs": {"net_arch": [case.width, case.width]}, "buffer_size": STORED, "device": "cpu"}
    model = algorithm[case.algorithm]("MlpPolicy", ENVIRONMENTS[case.algorithm], **settings)
    model.set_logger(Logger(None, []))
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
