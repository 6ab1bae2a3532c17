"""Random network distillation (Burda et al. 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.bonus.bonus import Values
from dl_robotics.rl.bonus.surprise import Surprise, SurpriseSettings
from dl_robotics.rl.explicit.network import learning_form
from dl_robotics.rl.explicit.optimisers import Adam
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True, kw_only=True)
class DistillationConfig(SurpriseSettings):
    """Settings of the bonus."""

    kind: Literal["rnd"] = "rnd"


class Distillation(Surprise):
    """Pays ||f^(s') - f(s')||^2: f is a random, fixed network, f^ learns to do the same where the agent has been.

    :param seed: of both networks.
    """

    def __init__(self, config: DistillationConfig, obs_dim: int, seed: int) -> None:
        super().__init__(config, obs_dim)
        generator = torch.Generator().manual_seed(seed)
        sizes = (obs_dim, *config.hidden, config.features)
        self.target, self.predictor = (learning_form(MLP(sizes, generator=generator)) for _ in range(2))
        self.optimiser = Adam(self.predictor, config.learning_rate)

    def error(self, batch: Batch) -> Values:
        """(B,) mean squared differences over the features."""
        return np.asarray(np.square(self._difference(batch)).mean(axis=1))

    def learn(self, transitions: Batch) -> None:
        """One step of the predictor down the mean error."""
        difference = self._difference(transitions)
        self.predictor.backward(difference * np.float32(2.0 / difference.size))
        self.optimiser.step()

    def _difference(self, batch: Batch) -> Values:
        """(B, features) f^(s') - f(s')."""
        seen = self.normalised(batch.next_obs)
        return self.predictor.forward(seen) - self.target.forward(seen)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs; the target follows from the seed."""
        own = {"predictor": self.predictor.values.copy(), "optimiser": self.optimiser.state_dict()}
        return super().state_dict() | own

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        super().load_state_dict(state)
        self.predictor.values[:] = state["predictor"]
        self.optimiser.load_state_dict(state["optimiser"])
