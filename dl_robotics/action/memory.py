"""What a continual network remembers of the frames that it has seen."""

from __future__ import annotations

import torch


class Memory:
    """The newest of a stream's matrices (rows, channels), every ``dilation``-th of them, side by side in one piece.

    Each is written twice, half a turn apart, so that the newest ones always lie in a row without being moved.

    :param length: matrices that are looked at together.
    :param dilation: steps from one of these to the next.
    """

    def __init__(self, length: int, dilation: int, rows: int, channels: int) -> None:
        self._length, self._dilation, self._steps = length, dilation, 0
        self._held = torch.zeros(dilation, rows, 2 * length, channels)

    def push(self, matrix: torch.Tensor) -> torch.Tensor:
        """Take the next matrix.

        :returns: (rows, length, channels), oldest first, zeros for what has not come yet; a view, valid until the next
            push.
        """
        turn, phase = divmod(self._steps, self._dilation)
        place = turn % self._length
        held = self._held[phase]
        held[:, place] = matrix
        held[:, place + self._length] = matrix
        self._steps += 1
        return held[:, place + 1 : place + 1 + self._length]
