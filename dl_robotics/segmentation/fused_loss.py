"""Upsampling, softmax, cross-entropy and their gradient in one compiled pass over coarse scores.

The same in torch's operations passes a dozen times over tensors of the images' full size, and takes longer than a small
network itself.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from dl_robotics.data.sample import IGNORED
from dl_robotics.ops.compiled import compiled
from dl_robotics.ops.exponential import exponential
from dl_robotics.ops.preprocess import Floats, Taps, taps
from dl_robotics.ops.read_only import as_read_only
from dl_robotics.segmentation.postprocess import widen

Masks = npt.NDArray[np.uint8]


class Targets(NamedTuple):
    """Weighed targets: class c counts ``even[c]`` at every labelled pixel, ``own[c]`` more where it is the label."""

    own: Floats
    even: Floats


class FusedCrossEntropy(torch.autograd.Function):
    """Sum over the labelled pixels of the weighed cross-entropy of bilinearly upsampled scores, on the CPU.

    :param scores: (B, classes, h, w) float32 logits.
    :param masks: (B, H, W) uint8 class ids, or ``IGNORED``.
    """

    @staticmethod
    def forward(ctx: Any, scores: torch.Tensor, masks: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The loss, a scalar; its gradient is found on the way."""
        values, labels = as_read_only(scores.detach().numpy()), masks.numpy()
        gradient = np.zeros(values.shape, np.float32)
        rows, columns = taps(values.shape[2], labels.shape[1]), taps(values.shape[3], labels.shape[2])
        total = math.fsum(
            _image(image, mask, rows, columns, targets, into)
            for image, mask, into in zip(values, labels, gradient, strict=True)
        )
        ctx.save_for_backward(torch.from_numpy(gradient))
        return scores.new_tensor(total)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """The gradient with respect to the scores."""
        (gradient,) = ctx.saved_tensors
        return gradient * gradients[0], None, None


@compiled
def _image(scores: Floats, mask: Masks, rows: Taps, columns: Taps, targets: Targets, gradient: Floats) -> float:
    """The loss of an image; its gradient is added to ``gradient``. A row at a time, every loop along the row."""
    classes, (height, width) = len(scores), mask.shape
    wide = widen(scores, columns)
    wide_gradient, line = np.zeros_like(wide), np.empty((classes, width), np.float32)
    best, total = np.empty(width, np.float32), np.empty(width, np.float32)
    weight, aim = np.empty(width, np.float32), np.empty((classes, width), np.float32)
    loss = np.zeros(width, np.float32)  # of each column: one sum of all pixels would keep the compiler from vectors
    for y in range(height):
        best[:], total[:], weight[:] = -np.inf, 0.0, 0.0
        lower, upper, share, labels = rows.lower[y], rows.upper[y], rows.weight[y], mask[y]
        for c in range(classes):
            above, below, row = wide[lower, c], wide[upper, c], line[c]
            for x in range(width):
                row[x] = above[x] + share * (below[x] - above[x])
                best[x] = max(best[x], row[x])
        for c in range(classes):
            row, wanted, own, even = line[c], aim[c], targets.own[c], targets.even[c]
            for x in range(width):
                row[x] -= best[x]
                wanted[x] = even + (own if labels[x] == c else np.float32(0.0))
                wanted[x] = np.float32(0.0) if labels[x] == IGNORED else wanted[x]
                weight[x] += wanted[x]
        for c in range(classes):
            row, wanted = line[c], aim[c]
            for x in range(width):
                loss[x] -= wanted[x] * row[x]
                row[x] = exponential(row[x])
                total[x] += row[x]
        for x in range(width):
            loss[x] += weight[x] * np.log(total[x])
            weight[x] /= total[x]
        for c in range(classes):
            row, wanted, above, below = line[c], aim[c], wide_gradient[lower, c], wide_gradient[upper, c]
            for x in range(width):
                slope = weight[x] * row[x] - wanted[x]
                above[x] += slope - share * slope
                below[x] += share * slope
    _narrow(wide_gradient, columns, gradient)
    return float(loss.sum())


@compiled
def _narrow(wide: Floats, columns: Taps, out: Floats) -> None:
    """Add to (classes, h, w) what ``widen``'s transpose makes of (h, classes, width)."""
    height, classes, width = wide.shape
    for y in range(height):
        for c in range(classes):
            row, into = wide[y, c], out[c, y]
            for x in range(width):
                share = columns.weight[x] * row[x]
                into[columns.lower[x]] += row[x] - share
                into[columns.upper[x]] += share
