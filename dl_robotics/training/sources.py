"""Where transitions come from in this process."""

from __future__ import annotations

from dl_robotics.training.collection import Collector, Source
from dl_robotics.training.environments import make_environments
from dl_robotics.training.live_collection import LiveCollector
from dl_robotics.training.recipe import Recipe


def local_source(recipe: Recipe, seed: int) -> Source:
    """The recipe's environments.

    :raises ConfigError: if they cannot be made or do not fit.
    """
    env = make_environments(recipe.env, recipe.num_envs)
    if env.metadata.get("may_break"):
        return LiveCollector(env, seed)
    return Collector(env, seed, recipe.overlap, recipe.threads)
