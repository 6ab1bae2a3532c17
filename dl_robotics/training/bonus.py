"""The exploration bonus of a recipe."""

from __future__ import annotations

from dl_robotics.rl.bonus.choose import make_bonus
from dl_robotics.rl.bonus.replay import BonusReplay
from dl_robotics.rl.replay import Replay
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.recipe import Recipe


def with_bonus(recipe: Recipe, replay: Replay, obs_dim: int, space: ActionSpace, seed: int) -> Replay:
    """The replay, with the recipe's bonus on its rewards if there is one.

    :param seed: of the bonus's first weights.
    """
    if recipe.bonus is None:
        return replay
    return BonusReplay(replay, make_bonus(recipe.bonus, obs_dim, space, seed))
