"""Networks with a memory: a layer, a GRU (Cho et al. 2014), a layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName, OutputName


@dataclass(frozen=True)
class MemoryConfig:
    """What is remembered, and how that is learned.

    :param units: M, of the recurrent layer.
    :param length: steps in a row that an update learns from.
    :param burn_in: steps before them that only bring the memory up to date: it was stored when other weights filled it
        (Kapturowski et al. 2019, section 3).
    """

    units: int = 64
    length: int = 16
    burn_in: int = 8

    def __post_init__(self) -> None:
        require(self.units >= 1, "units", ">= 1", self.units)
        require(self.length >= 1, "length", ">= 1", self.length)
        require(self.burn_in >= 0, "burn_in", ">= 0", self.burn_in)


class Remembering(nn.Module):
    """(B, T, D) observations to (B, T, M) features of all that was seen so far.

    :param hidden: widths of the layers before the recurrent one, at least one.
    :param generator: source of the first weights.
    """

    def __init__(
        self, obs_dim: int, hidden: tuple[int, ...], units: int, activation: ActivationName, generator: torch.Generator
    ) -> None:
        super().__init__()
        gain = nn.init.calculate_gain(activation)
        self.encode = MLP((obs_dim, *hidden), activation, gain, generator, output=activation)
        self.cells = nn.GRU(hidden[-1], units, batch_first=True)
        for name, weight in self.cells.named_parameters():
            if name.startswith("bias"):
                nn.init.zeros_(weight)
            else:
                for gate in weight.data.chunk(3):
                    nn.init.orthogonal_(gate, generator=generator)

    def forward(self, obs: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features, and the state (B, M) after the last step.

        :param state: (B, M) before the first step.
        """
        features, last = self.cells(self.encode(obs), state[None])
        return features, last[0]


class RecurrentNetwork(nn.Module):
    """(B, T, D) observations to (B, T, K) values or actions; the other parameters are those of its parts."""

    def __init__(
        self,
        obs_dim: int,
        hidden: tuple[int, ...],
        units: int,
        outputs: int,
        activation: ActivationName = "relu",
        output_gain: float = 1.0,
        generator: torch.Generator | None = None,
        output: OutputName = "identity",
    ) -> None:
        super().__init__()
        source = generator or torch.Generator()
        self.memory = Remembering(obs_dim, hidden, units, activation, source)
        self.head = MLP((units, outputs), activation, output_gain, source, output=output)
        self.units = units

    def forward(self, obs: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs, and the state (B, M) after the last step."""
        features, last = self.memory(obs, state)
        return self.head(features), last
