"""A recurrent network as a policy: it remembers the episodes that it acts in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.rl.recurrent.network import RecurrentNetwork


class Recalling(nn.Module):
    """(N, D) observations of one instant to (N, K), step by step; the states stay in here.

    :param network: shared, not copied.
    """

    def __init__(self, network: RecurrentNetwork) -> None:
        super().__init__()
        self.network = network
        self._state = torch.zeros(0, network.units)  # of each episode

    def forward(self, obs: torch.Tensor, who: npt.NDArray[np.int64] | None = None) -> torch.Tensor:
        """Outputs for the next step of N episodes.

        :param who: (N,) the episodes' numbers, 0 to N - 1 unless given; one not met before begins.
        """
        rows = torch.arange(len(obs)) if who is None else torch.from_numpy(who)
        missing = int(rows.max()) + 1 - len(self._state)
        state = torch.cat([self._state.to(obs.device), obs.new_zeros(max(missing, 0), self.network.units)])
        given, after = self.network(obs[:, None], state[rows])
        state[rows] = after.detach()
        self._state = state
        outputs: torch.Tensor = given[:, 0]
        return outputs

    def reset(self, ended: npt.NDArray[np.bool_] | None = None) -> None:
        """Forget the episodes that ended, (N,), or all of them."""
        if ended is None:
            self._state = self._state[:0]
        else:
            self._state = self._state * torch.from_numpy(~ended).to(self._state.device)[:, None]
