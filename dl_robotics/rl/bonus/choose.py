"""The bonuses by name."""

from __future__ import annotations

from typing import TypeAlias

from dl_robotics.rl.bonus.bonus import Bonus
from dl_robotics.rl.bonus.distillation import Distillation, DistillationConfig
from dl_robotics.rl.bonus.prediction import Prediction, PredictionConfig
from dl_robotics.rl.bonus.visits import Visits, VisitsConfig
from dl_robotics.rl.spaces import ActionSpace

BonusConfig: TypeAlias = DistillationConfig | PredictionConfig | VisitsConfig


def make_bonus(config: BonusConfig, obs_dim: int, space: ActionSpace, seed: int) -> Bonus:
    """What pays for novelty.

    :param seed: of first weights, where there are any.
    """
    if isinstance(config, VisitsConfig):
        return Visits(config)
    if isinstance(config, PredictionConfig):
        return Prediction(config, obs_dim, space, seed)
    return Distillation(config, obs_dim, seed)
