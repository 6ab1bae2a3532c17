"""Training steps a second when environments step beside the learner, and when both take turns: ``overlap`` of a recipe.

TD3 drives the Burger among moving obstacles, in either engine. Both ways take turns, for several short rounds. The time
is the wall's, for it is the second core that is put to use: other work on the machine takes the gain away.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from dl_robotics.rl.td3 import TD3Config
from dl_robotics.training.agents import advance, make_agent
from dl_robotics.training.recipe import EnvRecipe, Recipe
from dl_robotics.training.reinforcement import Seeds
from dl_robotics.training.sources import local_source
from dl_robotics.training.threads import compute_threads

NAVIGATION = "dl_robotics.navigation:dl_robotics/Navigation-v0"
UPDATES_PER_STEP = {"mujoco": 0.125, "planar": 0.25}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--engines", nargs="+", choices=UPDATES_PER_STEP, default=list(UPDATES_PER_STEP))
    parser.add_argument("--rounds", type=int, default=7, help="of each way (%(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of a round (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    print(f"{'engine':8} {'in turns /s':>12} {'overlapping /s':>15} {'gain':>6}")
    with compute_threads(1):
        for engine in args.engines:
            ways = [training(recipe(engine, overlap)) for overlap in (False, True)]
            rounds = [[rate(way, args.seconds) for way in ways] for _ in range(args.rounds + 1)]
            turns, overlapping = (statistics.median(column[1:]) for column in zip(*rounds, strict=True))
            print(f"{engine:8} {turns:12.0f} {overlapping:15.0f} {overlapping / turns:6.2f}", flush=True)
    return 0


def recipe(engine: str, overlap: bool) -> Recipe:
    """Learning from the first steps on."""
    return Recipe(
        env=EnvRecipe(NAVIGATION, {"world": "arena", "task": "burger", "engine": engine}),
        algorithm=TD3Config(hidden=(128, 128)),
        overlap=overlap,
        updates_per_step=UPDATES_PER_STEP[engine],
        total_steps=1_000_000,
        num_envs=32,
        learning_starts=500,
        batch_size=256,
    )


def training(settings: Recipe) -> Callable[[], object]:
    """Trains by one step of all environments whenever it is called."""
    seeds = Seeds.of(settings.seed)
    source = local_source(settings, seeds.environments)
    agent = make_agent(settings, source.obs_dim, source.space, seeds[2:])
    step = 0

    def train() -> None:
        nonlocal step
        step += settings.num_envs
        advance(settings, source, agent, step)

    while step < settings.learning_starts:
        train()
    return train


def rate(train: Callable[[], object], seconds: float) -> float:
    """Steps of all environments together a second."""
    started_s, count = time.perf_counter(), 0
    while time.perf_counter() - started_s < seconds:
        train()
        count += 1
    return count / (time.perf_counter() - started_s)
