"""Curiosity about what comes next: the error of a predicted next state (Pathak et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.bonus.bonus import Values
from dl_robotics.rl.bonus.surprise import Surprise, SurpriseSettings
from dl_robotics.rl.descent import Descent
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Discrete


@dataclass(frozen=True, kw_only=True)
class PredictionConfig(SurpriseSettings):
    """Settings of the bonus.

    :param of: what is predicted: ``features`` phi(s') that tell which action was taken (equations 2 to 7), or the plain
        ``observation``, phi(s) = s (equations 4 to 6 alone).
    :param forward_share: beta of equation 7, the forward model's share in the loss.
    """

    kind: Literal["prediction"] = "prediction"
    of: Literal["features", "observation"] = "features"
    forward_share: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0.0 < self.forward_share < 1.0, "forward_share", "in (0, 1)", self.forward_share)


class Prediction(Surprise):
    """Pays 1/2 ||phi^(s') - phi(s')||^2, phi^(s') = f(phi(s), a) (equations 4 to 6).

    Features phi come with an inverse model, a^ = g(phi(s), phi(s')) (equations 2 and 3): what actions have no influence
    on leaves no trace in them. Loss (equation 7): (1 - beta) L_I + beta L_F.

    :param seed: of the first weights.
    """

    def __init__(self, config: PredictionConfig, obs_dim: int, space: ActionSpace, seed: int) -> None:
        super().__init__(config, obs_dim)
        self.config, self.space = config, space
        self.model = _Model(config, obs_dim, space, torch.Generator().manual_seed(seed))
        self.descent = Descent(self.model, config.learning_rate)

    def error(self, batch: Batch) -> Values:
        """(B,) half the squared error of the predicted features."""
        with torch.no_grad():
            return np.asarray(self._forward_error(*self._features(batch), self._actions(batch)).numpy())

    def learn(self, transitions: Batch) -> None:
        """One step of features, inverse and forward model."""
        before, after = self._features(transitions)
        actions = self._actions(transitions)
        loss = self._forward_error(before, after, actions).mean()
        if self.model.inverse is not None:
            share = self.config.forward_share
            guess = self.model.inverse(torch.cat([before, after], dim=1))
            wrong = functional.cross_entropy if isinstance(self.space, Discrete) else functional.mse_loss
            loss = (1.0 - share) * wrong(guess, actions) + share * loss
        self.descent.step(loss)

    def _features(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, features) phi(s) and phi(s')."""
        before, after = (torch.from_numpy(self.normalised(obs)) for obs in (batch.obs, batch.next_obs))
        return self.model.features(before), self.model.features(after)

    def _forward_error(self, before: torch.Tensor, after: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        predicted: torch.Tensor = self.model.forward_model(torch.cat([before, actions], dim=1))
        return 0.5 * (predicted - after).square().sum(dim=1)

    def _actions(self, batch: Batch) -> torch.Tensor:
        """(B, A) actions, discrete ones as rows of a unit matrix."""
        action = torch.from_numpy(batch.action)
        return functional.one_hot(action, self.space.count).float() if isinstance(self.space, Discrete) else action

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return super().state_dict() | {"model": self.descent.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        super().load_state_dict(state)
        self.descent.load_state_dict(state["model"])


class _Model(nn.Module):
    """phi, f and g; without features there is no g."""

    def __init__(self, config: PredictionConfig, obs_dim: int, space: ActionSpace, generator: torch.Generator) -> None:
        super().__init__()
        actions = space.count if isinstance(space, Discrete) else len(space.low)
        learned = config.of == "features"
        width = config.features if learned else obs_dim
        self.features = MLP((obs_dim, *config.hidden, width), generator=generator) if learned else nn.Identity()
        self.forward_model = MLP((width + actions, *config.hidden, width), generator=generator)
        self.inverse = MLP((2 * width, *config.hidden, actions), generator=generator) if learned else None
