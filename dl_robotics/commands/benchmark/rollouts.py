"""Transitions a second that environments in MuJoCo give: in the learner's process, and from workers (needs Ray).

The policy acts and explores; nobody learns, so that the table tells what the source can give.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from contextlib import closing
from dataclasses import replace

from dl_robotics.commands.benchmark.overlap import rate, recipe
from dl_robotics.training.agents import advance, make_agent
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import Seeds, make_source
from dl_robotics.training.threads import compute_threads

WARM_UP_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--workers", nargs="+", type=int, default=[0, 1, 2], help="numbers of them (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of each (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a round (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    print(f"{'workers':>7} {'transitions /s':>15}")
    with compute_threads(1):
        for workers in args.workers:
            settings = recipe("mujoco", overlap=False)
            unlearned = replace(settings, workers=workers, learning_starts=settings.total_steps)
            print(f"{workers:7} {transitions_a_second(unlearned, args.rounds, args.seconds):15.0f}", flush=True)
    return 0


def transitions_a_second(settings: Recipe, rounds: int, seconds: float) -> float:
    """The median of the rounds."""
    with closing(make_source(settings)) as source:
        agent = make_agent(settings, source.obs_dim, source.space, Seeds.of(settings.seed)[2:])
        steps = itertools.count(settings.num_envs, settings.num_envs)

        def collect() -> None:
            advance(settings, source, agent, next(steps))

        rate(collect, WARM_UP_S)
        return settings.num_envs * statistics.median(rate(collect, seconds) for _ in range(rounds))
