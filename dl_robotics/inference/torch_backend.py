"""Torch itself: always there, on any device."""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.inference.backend import Floats, Outputs
from dl_robotics.inference.threads import torch_threads


class TorchBackend:
    """Runs a module eagerly.

    :param model: (1, 3, height, width) images to a tensor, or to a tuple of tensors; is put into evaluation mode.
    :param device: as torch names it; the model is moved there.
    :param threads: of torch in this process while it runs.
    """

    name = "torch"

    def __init__(self, model: nn.Module, device: str, threads: int) -> None:
        self._model = model.eval().to(device)
        self._device, self._threads = device, threads

    def __call__(self, images: Floats) -> Outputs:
        """Run the network; see :class:`Backend`."""
        with torch_threads(self._threads), torch.inference_mode():
            outputs = self._model(torch.from_numpy(images).to(self._device))
        return tuple(output.cpu().numpy() for output in as_tuple(outputs))


def as_tuple(outputs: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """What a network gives, one tensor or several, as a tuple."""
    return (outputs,) if isinstance(outputs, torch.Tensor) else tuple(outputs)
