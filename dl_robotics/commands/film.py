"""Film a policy in the environment that it has learned in: ``film POLICY --output FILE.gif``."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from dl_robotics import checkpoint
from dl_robotics.commands.settings import add_settings
from dl_robotics.config import from_dict, override, require, to_dict
from dl_robotics.ops.film import open_film
from dl_robotics.rl.algorithms import POLICY_KINDS
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.recipe import EnvRecipe
from dl_robotics.training.showing import images_per_s, open_stage, recorded_env, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("policy", type=Path, metavar="POLICY", help="checkpoint of a policy")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the film, .gif or .mp4")
    parser.add_argument("--episodes", type=int, default=1, help="one after the other (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; each has the next (%(default)s)")
    parser.add_argument("--pace", type=float, default=1.0, help="times the environment's own (%(default)s)")
    parser.add_argument("--env", metavar="ID", help="a Gymnasium id, instead of the one in the checkpoint's recipe")
    add_settings(parser, "of the environment instead of the recipe's, e.g. kwargs.world=office")


def run(args: argparse.Namespace) -> int:
    """Film; tell how each episode went, and all together."""
    require(args.episodes >= 1, "--episodes", ">= 1", args.episodes)
    require(args.pace > 0.0, "--pace", "> 0", args.pace)
    saved = checkpoint.load(args.policy, *POLICY_KINDS)
    policy = greedy_policy(saved, where=f"{args.policy}: ")
    recipe = EnvRecipe(args.env, vectorization="sync") if args.env else recorded_env(saved.config)
    recipe = from_dict(EnvRecipe, override(to_dict(recipe), dict(args.settings)), "env")
    with closing(open_stage(recipe, policy)) as env, open_film(args.output, args.pace * images_per_s(env)) as add:
        episodes = [show(policy, env, args.seed + number, add) for number in range(args.episodes)]
    for seed, episode in enumerate(episodes, args.seed):
        print(f"seed {seed}: {EpisodeStatistics.of([episode])}")
    print(f"{args.output}: {recipe.id}, {EpisodeStatistics.of(episodes)}")
    return 0
