"""From settings or a checkpoint to a network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from dl_robotics.inference.load import load_network
from dl_robotics.sequences.config import RECURRENT, NetworkConfig, SequenceConfig
from dl_robotics.sequences.differences import WithDifferences
from dl_robotics.sequences.encoder import Encoder
from dl_robotics.sequences.heads import Classifier, DirectForecaster
from dl_robotics.sequences.recurrent import Recurrent
from dl_robotics.sequences.seq2seq import Seq2Seq
from dl_robotics.sequences.tcn import TemporalConvolution
from dl_robotics.sequences.transformer import TransformerEncoder

KIND = "sequence"  # of checkpoints


class Ensemble(nn.Module):
    """Networks side by side: (N, T, inputs) to the mean of their answers, of logits or of forecasts."""

    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What the members say on average."""
        return torch.stack([member(x) for member in self.members]).mean(0)


def build_encoder(network: NetworkConfig, inputs: int) -> Encoder:
    """The encoder of settings, with random first weights."""
    n = network
    if n.kind in RECURRENT:
        return Recurrent(n.kind, inputs, n.hidden, n.layers, n.bidirectional, n.dropout, n.truncate)
    if n.kind == "tcn":
        return TemporalConvolution(inputs, n.hidden, n.layers, n.kernels, n.dilation, n.causal, n.dropout)
    return TransformerEncoder(inputs, n.hidden, n.layers, n.heads, n.causal, n.dropout)


def build_model(settings: SequenceConfig) -> Ensemble:
    """The network of a sequence model, with random first weights."""
    return Ensemble([_member(settings) for _ in range(settings.members)])


def input_shape(settings: SequenceConfig) -> tuple[int, int, int]:
    """Of the network's input, one sequence: (1, L, C)."""
    return (1, settings.length, len(settings.channels))


def load_model(path: str | Path) -> tuple[Ensemble, SequenceConfig]:
    """The network of a checkpoint, in evaluation mode, and its settings.

    :raises CheckpointError: if the file is missing, damaged or no sequence model, or its weights do not fit its
        settings.
    :raises ConfigError: if its settings are not a sequence model's.
    """
    return load_network(path, KIND, SequenceConfig, build_model)


def _member(settings: SequenceConfig) -> nn.Module:
    channels, decoder = len(settings.channels), settings.decoder
    encoder = build_encoder(settings.network, channels * (2 if settings.differences else 1))
    if settings.differences:
        encoder = WithDifferences(encoder)
    if settings.goal == "classify":
        return Classifier(encoder, settings.pooling, len(settings.classes), settings.network.dropout)
    if decoder.kind == "direct":
        return DirectForecaster(encoder, settings.horizon, channels)
    return Seq2Seq(encoder, decoder, settings.horizon, channels)
