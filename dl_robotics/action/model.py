"""From settings or a checkpoint to a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import nn

from dl_robotics.action.config import RecogniserConfig, Stream
from dl_robotics.action.graph import adjacency, parents
from dl_robotics.action.stgcn import STGCN
from dl_robotics.action.streams import Streams
from dl_robotics.inference.load import load_network

KIND = "action"  # of checkpoints


class Fusion(nn.Module):
    """Networks of one stream each, whose logits are averaged."""

    def __init__(self, networks: Iterable[STGCN]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    @property
    def members(self) -> tuple[STGCN, ...]:
        """The networks."""
        return tuple(network for network in self.networks if isinstance(network, STGCN))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Joints (N, C, T, V, M) to logits (N, classes)."""
        return torch.stack([network(x) for network in self.members]).mean(dim=0)


def build_model(settings: RecogniserConfig) -> STGCN | Fusion:
    """The network of a recogniser, with random first weights: joints (N, C, T, V, M) to logits (N, classes)."""
    if settings.fusion == "late" and len(settings.streams) > 1:
        return Fusion(_network(settings, [stream]) for stream in settings.streams)
    return _network(settings, settings.streams)


def load_model(path: str | Path) -> tuple[STGCN | Fusion, RecogniserConfig]:
    """The network of a checkpoint, in evaluation mode, and its settings.

    :raises CheckpointError: if the file is missing, damaged or no recogniser, or its weights do not fit its settings.
    :raises ConfigError: if its settings are not a recogniser's.
    """
    return load_network(path, KIND, RecogniserConfig, build_model)


def _network(settings: RecogniserConfig, streams: Sequence[Stream]) -> STGCN:
    layout = settings.skeleton
    return STGCN(
        Streams(streams, parents(layout), settings.scored, settings.padded),
        settings.in_channels * len(streams),
        len(settings.classes),
        adjacency(layout, settings.partition, settings.hops),
        channels=settings.channels,
        strides=settings.strides,
        kernel=settings.temporal_kernel,
        frames=settings.frames,
        dropout=settings.dropout,
        padded=settings.padded,
        importance=settings.edge_importance,
    )
