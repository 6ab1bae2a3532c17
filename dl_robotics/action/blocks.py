"""The block that ST-GCN is made of: a convolution over the graph, then one in time, and a way around both."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class GraphConvolution(nn.Module):
    """Each joint sums what its neighbours hold, weighed for every subset on its own (Yan et al. 2018, equation 10).

    :param subsets: K, of the partition.
    """

    def __init__(self, in_channels: int, out_channels: int, subsets: int) -> None:
        super().__init__()
        self.subsets = subsets
        self.conv = nn.Conv2d(in_channels, out_channels * subsets, 1)

    def forward(self, x: torch.Tensor, adjacency: torch.Tensor) -> torch.Tensor:
        """Convolve.

        :param x: (N, C, T, V).
        :param adjacency: (K, V, V), from joint to joint.
        :return: (N, C', T, V).
        """
        batch, channels, frames, joints = x.shape
        # Sums over neighbours come first, since they are of fewer channels: the same result in 4/5 of the time.
        gathered = torch.matmul(x.reshape(batch, 1, channels * frames, joints), adjacency)  # (N, K, C T, V)
        weight = self.conv.weight.view(self.subsets, -1, channels).transpose(0, 1).reshape(-1, self.subsets * channels)
        bias = self.conv.get_parameter("bias").view(self.subsets, -1).T @ adjacency.sum(dim=1)  # (C', V)
        mixed = functional.conv2d(gathered.view(batch, -1, frames, joints), weight[:, :, None, None])
        return mixed + bias[:, None]


class SpatioTemporalBlock(nn.Module):
    """Graph convolution and temporal convolution with a residual connection around them.

    Names of layers are those of the authors' state dicts.

    :param subsets: K, of the partition.
    :param kernel: frames that the temporal convolution spans, odd.
    :param stride: in time.
    :param padded: whether zeros before and after keep the number of frames.
    :param residual: whether there is a way around.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        subsets: int,
        kernel: int,
        stride: int = 1,
        dropout: float = 0.0,
        padded: bool = True,
        residual: bool = True,
    ) -> None:
        super().__init__()
        reach = (kernel - 1) // 2
        self.cropped = 0 if padded else reach  # frames that the way around loses at each end
        self.gcn = GraphConvolution(in_channels, out_channels, subsets)
        self.tcn = nn.Sequential(
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, (kernel, 1), (stride, 1), (reach if padded else 0, 0)),
            nn.BatchNorm2d(out_channels),
            nn.Dropout(dropout, inplace=True),
        )
        self.residual: nn.Module | None = None
        if residual and (in_channels, stride) == (out_channels, 1):
            self.residual = nn.Identity()
        elif residual:
            self.residual = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, (stride, 1)), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: torch.Tensor, adjacency: torch.Tensor) -> torch.Tensor:
        """Convolve.

        :param x: (N, C, T, V).
        :param adjacency: (K, V, V).
        :return: (N, C', T', V).
        """
        y = self.tcn(self.gcn(x, adjacency))
        if self.residual is not None:
            y = y + self.residual(x[:, :, self.cropped : x.shape[2] - self.cropped])
        return torch.relu(y)
