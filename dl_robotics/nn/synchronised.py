"""Layers that treat the share of a batch as they would treat it within the whole batch.

Torch's own ``SyncBatchNorm`` is for GPUs alone. Where memory has the channels last, torch's plain batch norm adds up so
carelessly on the CPU that gradients are off by 1e-3; so one process takes the norm of this file, too.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from dl_robotics.config import ConfigError, require
from dl_robotics.nn.processes import gathered, own_rows, process_count

BatchNorm = nn.BatchNorm1d | nn.BatchNorm2d
DROPOUTS = (nn.Dropout, nn.Dropout1d)


def synchronise(model: nn.Module) -> None:
    """Exchange a model's batch norms and dropouts for those that agree among the processes; weights keep their names.

    :raises ConfigError: if a part draws random numbers that cannot be made to agree: dropout between recurrent layers.
    """
    synchronise_norms(model)
    for part in list(model.modules()):  # as they are now: exchanged dropouts stay inside the new ones
        if isinstance(part, nn.RNNBase):
            require(part.dropout == 0.0, "dropout", "0 between recurrent layers where processes share batches", part)
        for name, child in part.named_children():
            if isinstance(child, DROPOUTS):
                setattr(part, name, SharedDropout(child))


def synchronise_norms(model: nn.Module) -> None:
    """Exchange a model's batch norms; weights and running statistics keep their names."""
    for part in list(model.modules()):
        for name, child in part.named_children():
            if isinstance(child, BatchNorm):
                setattr(part, name, SynchronisedNorm(child))


class SharedDropout(nn.Module):
    """Drops what it would drop of these rows within the whole batch: (B, ...) to the same shape."""

    def __init__(self, dropout: nn.Module) -> None:
        super().__init__()
        self.dropout = dropout

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Drop."""
        if not self.training:
            return x
        return x * own_rows(self.dropout(_ones_of_all(x)))


class SynchronisedNorm(nn.Module):
    """Batch norm (Ioffe & Szegedy 2015) by mean and variance of the whole batch, with the weights of another.

    :param norm: with weights and running statistics.
    :raises ConfigError: if it has no momentum, or as it learns from a single value of each channel.
    """

    def __init__(self, norm: BatchNorm) -> None:
        super().__init__()
        if norm.momentum is None:
            raise ConfigError("batch norm: momentum: expected a number, got None")
        self.weight, self.bias, self.eps, self.momentum = norm.weight, norm.bias, norm.eps, norm.momentum
        for name, buffer in norm.named_buffers():
            self.register_buffer(name, buffer)
        self.train(norm.training)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise (B, C, ...)."""
        running = self.get_buffer("running_mean"), self.get_buffer("running_var")
        if not self.training:
            return functional.batch_norm(x, *running, self.weight, self.bias, eps=self.eps)
        size = x.numel() // x.shape[1] * process_count()
        require(size > 1, "batch_size", "more than one value of each channel where a network normalises", size)
        y, mean, variance = _Normalise.apply(x, self.weight, self.bias, self.eps)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            self.get_buffer("num_batches_tracked").add_(1)
            for kept, now in zip(running, (mean, variance * (size / (size - 1))), strict=True):
                kept.lerp_(now, self.momentum)
        normalised: torch.Tensor = y
        return normalised


class _Normalise(torch.autograd.Function):
    """y = w x^ + b of x^ = (x - mean) / sqrt(variance + eps), with the whole batch's mean and variance."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, eps: float
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Also gives mean and variance, (C,)."""
        size = x.numel() // x.shape[1]
        own_mean = _sums(x) / size
        centred = x - _along_channels(own_mean, x)
        own_variance = _sums(centred.square()) / size  # torch.var_mean takes five times as long
        variances, means = gathered(torch.stack([own_variance, own_mean])[None]).unbind(1)  # (W, C) each
        mean = means.mean(0)
        variance = (variances + (means - mean).square()).mean(0)
        scale, offset = (variance + eps).rsqrt(), own_mean - mean  # x^ = scale (centred + offset)
        ctx.save_for_backward(centred, offset, weight, scale)
        ctx.mark_non_differentiable(mean, variance)
        gain = weight * scale
        y = torch.addcmul(_along_channels(bias + gain * offset, x), centred, _along_channels(gain, x))
        return y, mean, variance

    @staticmethod
    def backward(ctx: Any, *slopes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, None]:
        """dx = w / sqrt(variance + eps) (dy - mean(dy) - x^ mean(dy x^)), the means over the whole batch."""
        centred, offset, weight, scale = ctx.saved_tensors
        dy = slopes[0]
        to_bias = _sums(dy)
        to_weight = (_sums(dy * centred) + offset * to_bias) * scale
        size = dy.numel() // dy.shape[1] * process_count()
        means = gathered(torch.stack([to_bias, to_weight])[None]).sum(0) / size  # (2, C)
        gain = weight * scale
        slope = -gain * scale * means[1]
        terms = slope * offset - gain * means[0], slope, gain  # of 1, centred, dy
        constant, by_centred, by_dy = (_along_channels(factor, dy) for factor in terms)
        return torch.addcmul(constant, centred, by_centred).addcmul_(dy, by_dy), to_weight, to_bias, None


def _ones_of_all(x: torch.Tensor) -> torch.Tensor:
    """(W B, ...) ones, in memory in the order of (B, ...) x: that is the order in which random numbers are drawn."""
    order = sorted(range(x.ndim), key=x.stride, reverse=True)
    sizes = [process_count() * len(x), *x.shape[1:]]
    return x.new_ones([sizes[axis] for axis in order]).permute([order.index(axis) for axis in range(x.ndim)])


def _sums(x: torch.Tensor) -> torch.Tensor:
    """(B, C, ...) to (C,): first of each row, so that few numbers meet a large sum."""
    return x[:, :, None].flatten(2).sum(2).sum(0)


def _along_channels(values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """(C,) to (C, 1, ...), to be used with (B, C, ...)."""
    return values.view(-1, *[1] * (x.ndim - 2))
