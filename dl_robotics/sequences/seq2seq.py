"""Sequence to sequence (Sutskever et al. 2014): a cell that says one step after another, each from the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import nn

from dl_robotics.nn.processes import own_rows, process_count
from dl_robotics.sequences.config import DecoderConfig
from dl_robotics.sequences.encoder import Encoder

State: TypeAlias = torch.Tensor | tuple[torch.Tensor, torch.Tensor]
CELLS: dict[str, Callable[[int, int], nn.RNNCellBase]] = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}


class Seq2Seq(nn.Module):
    """(N, T, channels) to (N, horizon, channels), step by step; each is foretold as a change from the one before.

    ``updates`` counts the batches learned from: saved with the weights, so that a resumed run samples as if it had
    never been interrupted.
    """

    updates: torch.Tensor

    def __init__(self, encoder: Encoder, decoder: DecoderConfig, horizon: int, channels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.bridge = nn.Linear(encoder.width, decoder.hidden)
        self.cell = CELLS[decoder.kind](channels, decoder.hidden)
        self.head = nn.Linear(decoder.hidden, channels)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("updates", torch.zeros((), dtype=torch.int64))
        self._decoder, self._horizon = decoder, horizon

    def forward(self, x: torch.Tensor, truth: torch.Tensor | None = None) -> torch.Tensor:
        """Foretell what follows the sequences.

        :param truth: (N, horizon, channels), what truly follows, for learning: of each sequence and step it is drawn
            whether the cell goes on from the truth or from what it said itself.
        """
        state, step, steps = self._first_state(x), x[:, -1], []
        shown = self._shown(x, truth is not None)
        for number in range(self._horizon):
            state = self.cell(step, state)
            step = step + self.head(state[0] if isinstance(state, tuple) else state)
            steps.append(step)
            if truth is not None and shown is not None:
                step = torch.where(shown[:, number], truth[:, number], step)
        return torch.stack(steps, 1)

    def teacher(self) -> float:
        """The probability with which the truth is shown at the next update."""
        first, last = self._decoder.teacher
        return first + (last - first) * min(1.0, self.updates.item() / self._decoder.teacher_steps)

    def _shown(self, x: torch.Tensor, learning: bool) -> torch.Tensor | None:
        """(N, horizon, 1) whether a step is shown; None where none is."""
        if not (learning and self.training):
            return None
        drawn = torch.rand(process_count() * len(x), self._horizon, 1, device=x.device)
        shown = own_rows(drawn) < self.teacher()
        self.updates += 1
        return shown

    def _first_state(self, x: torch.Tensor) -> State:
        hidden = self.bridge(self.encoder.summary(self.encoder(x))).tanh()
        return (hidden, torch.zeros_like(hidden)) if self._decoder.kind == "lstm" else hidden
