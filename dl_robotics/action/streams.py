"""What a network sees of the joints: their places, bones, and how both move (Shi et al. 2019, "Two-stream AGCN")."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from dl_robotics.action.config import Stream

MOTION = "_motion"


class Streams(nn.Module):
    """Turns joints into one or more streams, one behind the other as channels; learns nothing.

    ``joint`` is what comes; ``bone`` a joint as seen from its neighbour towards the centre; ``joint_motion`` and
    ``bone_motion`` their change since the frame before. Where scores come too, that of a bone or a change is the lower
    one of its two ends, and it is zero where one of them was not seen.

    :param streams: by name.
    :param parents: of each joint, see :func:`~dl_robotics.action.graph.parents`.
    :param scored: whether the last channel is the joints' score.
    :param padded: whether the first frame of a motion stream is zero; else all streams begin one frame later.
    """

    def __init__(self, streams: Sequence[Stream], parents: Sequence[int], scored: bool, padded: bool) -> None:
        super().__init__()
        self.streams, self.parents, self.scored = tuple(streams), list(parents), scored
        self.shortened = not padded and any(name.endswith(MOTION) for name in streams)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Joints (N, C, T, V, M) to streams (N, C x streams, T or T - 1, V, M)."""
        return torch.cat([self._stream(name, x)[:, :, int(self.shortened) :] for name in self.streams], dim=1)

    def _stream(self, name: Stream, x: torch.Tensor) -> torch.Tensor:
        if name.startswith("bone"):
            x = self._difference(x, x[:, :, :, self.parents])
        if name.endswith(MOTION):
            x = self._difference(x, torch.cat([x[:, :, :1], x[:, :, :-1]], dim=2))
        return x

    def _difference(self, x: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        if not self.scored:
            return x - other
        score = torch.minimum(x[:, -1:], other[:, -1:])
        return torch.cat([(x[:, :-1] - other[:, :-1]) * (score > 0.0), score], dim=1)
