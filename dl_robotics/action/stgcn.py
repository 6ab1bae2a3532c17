"""Spatial temporal graph convolutional networks (Yan, Xiong and Lin 2018)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
from torch import nn

from dl_robotics.action.blocks import SpatioTemporalBlock
from dl_robotics.action.graph import Adjacency
from dl_robotics.action.streams import Streams
from dl_robotics.action.timing import dilations, field


class STGCN(nn.Module):
    """Scores activities of one or more people's joints over a window of time.

    Names of layers are those of the authors' state dicts. Without padding, the network looks at the newest frames that
    its blocks' strides divide evenly: the oldest few, fewer than the product of the strides, count for nothing.

    :param inputs: what the joints become first.
    :param in_channels: channels of that.
    :param graph: (K, V, V) adjacency, see :func:`~dl_robotics.action.graph.adjacency`.
    :param channels: of each block.
    :param strides: in time, of each block.
    :param kernel: frames that each block spans.
    :param frames: of the window; the continual form keeps to it.
    :param importance: whether each block learns weights of the edges.
    """

    A: torch.Tensor

    def __init__(
        self,
        inputs: Streams,
        in_channels: int,
        num_classes: int,
        graph: Adjacency,
        *,
        channels: Sequence[int],
        strides: Sequence[int],
        kernel: int,
        frames: int,
        dropout: float = 0.0,
        padded: bool = True,
        importance: bool = True,
    ) -> None:
        super().__init__()
        subsets, joints, _ = graph.shape
        self.inputs = inputs
        self.register_buffer("A", torch.from_numpy(graph))
        self.data_bn = nn.BatchNorm1d(in_channels * joints)
        self.st_gcn_networks = nn.ModuleList(
            SpatioTemporalBlock(
                *pair,
                subsets=subsets,
                kernel=kernel,
                stride=stride,
                dropout=dropout if number else 0.0,
                padded=padded,
                residual=number > 0,
            )
            for number, (pair, stride) in enumerate(zip(pairwise([in_channels, *channels]), strides, strict=True))
        )
        self.edge_importance = nn.ParameterList(
            [nn.Parameter(torch.ones(graph.shape)) for _ in channels] if importance else []
        )
        self.fcn = nn.Conv2d(channels[-1], num_classes, 1)
        self.padded, self.strides, self.kernel, self.frames = padded, tuple(strides), kernel, frames

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Joints (N, C, T, V, M) to logits (N, classes)."""
        features = self.features(x).mean(dim=(1, 3, 4))
        logits: torch.Tensor = self.fcn(features[:, :, None, None])
        return logits.flatten(1)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """Joints (N, C, T, V, M) to what the last block makes of them, (N, M, C', T', V)."""
        x = self.inputs(x)
        x = x[:, :, self._excess(x.shape[2]) :]
        batch, channels, frames, joints, persons = x.shape
        x = x.permute(0, 4, 3, 1, 2).reshape(batch * persons, joints * channels, frames)
        x = self.data_bn(x).view(batch * persons, joints, channels, frames).permute(0, 2, 3, 1)  # (N M, C, T, V)
        for block, graph in zip(self.st_gcn_networks, self.graphs(), strict=True):
            x = block(x, graph)
        return x.view(batch, persons, *x.shape[1:])

    def graphs(self) -> Iterator[torch.Tensor]:
        """The weighted adjacency (K, V, V) of each block."""
        if len(self.edge_importance) == 0:
            yield from [self.A] * len(self.st_gcn_networks)
        for importance in self.edge_importance:
            yield self.A * importance

    def _excess(self, frames: int) -> int:
        """Frames that are too many for the strides to end on the newest frame."""
        if self.padded:
            return 0
        needed = field(self.strides, self.kernel)
        if frames < needed:
            raise ValueError(f"STGCN: expected at least {needed} frames without padding, got {frames}")
        return (frames - needed) % dilations(self.strides)[-1]
