"""Recurrent networks: vanilla (Elman 1990), LSTM (Hochreiter & Schmidhuber 1997), GRU (Cho et al. 2014)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from dl_robotics.sequences.encoder import Encoder

CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Recurrent(Encoder):
    """Layers of recurrent cells in one or both directions.

    :param truncate: steps after which the state is cut off from its past while learning: truncated back-propagation
        through time (Williams & Peng 1990), one update for all stretches. 0 for none.
    """

    def __init__(
        self,
        kind: str,
        inputs: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        truncate: int = 0,
    ) -> None:
        super().__init__()
        between = dropout if layers > 1 else 0.0
        self.cells = CELLS[kind](inputs, hidden, layers, batch_first=True, dropout=between, bidirectional=bidirectional)
        self.dropout = nn.Dropout(dropout)
        self.width = hidden * (2 if bidirectional else 1)
        self._hidden, self._bidirectional, self._truncate = hidden, bidirectional, truncate
        _initialise(self.cells, kind)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See :class:`Encoder`."""
        cut = self.training and self._truncate
        features: torch.Tensor = self.dropout(self._in_stretches(x) if cut else self.cells(x)[0])
        return features

    def summary(self, features: torch.Tensor) -> torch.Tensor:
        """The end of either direction: the last step of the first, the first step of the second."""
        if not self._bidirectional:
            return features[:, -1]
        return torch.cat([features[:, -1, : self._hidden], features[:, 0, self._hidden :]], 1)

    def _in_stretches(self, x: torch.Tensor) -> torch.Tensor:
        features, state = [], None
        for stretch in torch.split(x, self._truncate, 1):
            found, state = self.cells(stretch, state)
            state = detached(state)
            features.append(found)
        return torch.cat(features, 1)


def detached(state: Any) -> Any:
    """A state that gradients do not pass: of an LSTM both its parts."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def _initialise(cells: nn.RNNBase, kind: str) -> None:
    """Orthogonal recurrent weights (Saxe et al. 2014); an LSTM begins remembering (Jozefowicz et al. 2015)."""
    for name, weight in cells.named_parameters():
        if name.startswith("weight_hh"):
            for gate in torch.split(weight.data, cells.hidden_size):
                nn.init.orthogonal_(gate)
        elif name.startswith("bias"):
            nn.init.zeros_(weight)
            if kind == "lstm" and name.startswith("bias_ih"):
                weight.data[cells.hidden_size : 2 * cells.hidden_size] = 1.0  # the forget gate's
