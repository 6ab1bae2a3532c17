"""All parameters of a module in one stretch of memory, and their gradients in another."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

Array: TypeAlias = npt.NDArray[np.float32]
CACHE_LINE = 16  # numbers


class Flat(NamedTuple):
    """P parameters and their gradients: what an optimiser works on."""

    values: Array  # (P,)
    gradients: Array  # (P,)


def aligned(size: int) -> Array:
    """Zeros (size,) that begin with a cache line: where vectors straddle lines, Adam takes twice as long."""
    room = np.zeros(size + CACHE_LINE, np.float32)
    start = -room.ctypes.data // room.itemsize % CACHE_LINE
    return room[start : start + size]


def flatten(module: nn.Module) -> Flat:
    """Move a module's parameters, on the CPU, into flat memory; the module goes on with views of it.

    A matrix lies there transposed: a layer's forward pass, its most frequent one, is then a product of two matrices as
    they lie in memory.

    :raises ValueError: if a parameter is no float32 on the CPU.
    """
    parameters = dict(module.named_parameters())
    for name, parameter in parameters.items():
        if parameter.dtype != torch.float32 or parameter.device.type != "cpu":
            raise ValueError(f"{name}: expected float32 on the CPU, got {parameter.dtype} on {parameter.device}")
    size = sum(parameter.numel() for parameter in parameters.values())
    flat = Flat(aligned(size), aligned(size))
    start = 0
    for parameter in parameters.values():
        stretch = slice(start, start + parameter.numel())
        value = _view(flat.values[stretch], parameter)
        value[...] = parameter.detach().numpy()
        parameter.data = torch.from_numpy(value)
        parameter.grad = torch.from_numpy(_view(flat.gradients[stretch], parameter))
        start = stretch.stop
    return flat


def _view(stretch: Array, parameter: nn.Parameter) -> Array:
    return stretch.reshape(tuple(parameter.shape)[::-1]).T if parameter.ndim == 2 else stretch.reshape(parameter.shape)
