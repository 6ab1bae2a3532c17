"""A network's weights with everything that is constant when it runs multiplied in: normalisation, importance, biases.

Frames are matrices (joints, channels) here: a row a joint, so that each layer is one product of matrices.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, cast

import torch
from torch import nn

from dl_robotics.action.blocks import SpatioTemporalBlock
from dl_robotics.action.stgcn import STGCN
from dl_robotics.action.streams import Streams

Layers: TypeAlias = tuple[nn.BatchNorm2d, nn.Module, nn.Conv2d, nn.BatchNorm2d, nn.Module]  # a block's ``tcn``


class FoldedBlock(NamedTuple):
    """A block: ``relu(temporal(relu(spatial(mixing(x)))) + around(x))``.

    :param mixing: (V K, V): each joint's subsets gather what their joints hold.
    :param spatial: (C', K C) weights.
    :param spatial_bias: (V, C').
    :param temporal: (C', kernel C') weights, the oldest frame's first.
    :param temporal_bias: (C'), with that of the way around.
    :param around: (C', C) weights; None where there is no way around, or it changes nothing.
    :param identity: whether the way around changes nothing.
    """

    mixing: torch.Tensor
    spatial: torch.Tensor
    spatial_bias: torch.Tensor
    temporal: torch.Tensor
    temporal_bias: torch.Tensor
    around: torch.Tensor | None
    identity: bool


class FoldedNetwork(NamedTuple):
    """A network without its way of handling time.

    :param inputs: what the joints become first.
    :param scale: (V, C) of the data's normalisation.
    :param shift: (V, C).
    :param classifier: (classes, C') weights.
    :param classifier_bias: (classes).
    """

    inputs: Streams
    scale: torch.Tensor
    shift: torch.Tensor
    blocks: tuple[FoldedBlock, ...]
    classifier: torch.Tensor
    classifier_bias: torch.Tensor


def fold(network: STGCN) -> FoldedNetwork:
    """Fold a network, as it behaves in evaluation mode, in double precision; the result is float32 on the CPU."""
    joints = network.A.shape[1]
    scale, shift = (part.reshape(joints, -1) for part in _normalisation(network.data_bn))
    blocks = tuple(
        _fold_block(block, _exact(graph))
        for block, graph in zip(network.st_gcn_networks, network.graphs(), strict=True)
        if isinstance(block, SpatioTemporalBlock)
    )
    classifier, bias = _exact(network.fcn.weight).flatten(1), _exact(network.fcn.get_parameter("bias"))
    return FoldedNetwork(network.inputs, _fast(scale), _fast(shift), blocks, _fast(classifier), _fast(bias))


def _fold_block(block: SpatioTemporalBlock, graph: torch.Tensor) -> FoldedBlock:
    norm, _, convolution, last_norm, _ = cast("Layers", tuple(block.tcn))
    subsets, joints, _ = graph.shape
    scale, shift = _normalisation(norm)
    spatial = _exact(block.gcn.conv.weight).view(subsets, len(scale), -1)  # (K, C', C)
    biases = _exact(block.gcn.conv.get_parameter("bias")).view(subsets, -1)
    spatial_bias = torch.einsum("kc,kvw->wc", biases, graph) * scale + shift
    last_scale, last_shift = _normalisation(last_norm)
    temporal = _exact(convolution.weight)[..., 0].transpose(1, 2)  # (C', kernel, C')
    around, around_bias = _way_around(block.residual)
    return FoldedBlock(
        mixing=_fast(graph.permute(2, 0, 1).reshape(joints * subsets, joints)),
        spatial=_fast((spatial * scale[:, None]).transpose(0, 1).flatten(1)),
        spatial_bias=_fast(spatial_bias),
        temporal=_fast(temporal.flatten(1) * last_scale[:, None]),
        temporal_bias=_fast(_exact(convolution.get_parameter("bias")) * last_scale + last_shift + around_bias),
        around=around,
        identity=isinstance(block.residual, nn.Identity),
    )


def _way_around(residual: nn.Module | None) -> tuple[torch.Tensor | None, torch.Tensor]:
    """Its weights, if it has any, and its bias."""
    if not isinstance(residual, nn.Sequential):
        return None, torch.zeros(1, dtype=torch.float64)
    convolution, norm = cast("tuple[nn.Conv2d, nn.BatchNorm2d]", tuple(residual))
    scale, shift = _normalisation(norm)
    weight = _exact(convolution.weight).flatten(1) * scale[:, None]
    return _fast(weight), _exact(convolution.get_parameter("bias")) * scale + shift


def _normalisation(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    """What a batch normalisation multiplies by, and then adds."""
    mean, variance = _exact(norm.get_buffer("running_mean")), _exact(norm.get_buffer("running_var"))
    scale = _exact(norm.weight) * torch.rsqrt(variance + norm.eps)
    return scale, _exact(norm.bias) - mean * scale


def _exact(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().cpu().double()


def _fast(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.float().contiguous()
