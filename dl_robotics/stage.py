"""A stage: a learned component as a plain object that knows nothing of ROS. Nodes and pipelines only see this."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

from typing_extensions import Self

Input_contra = TypeVar("Input_contra", contravariant=True)
Output_co = TypeVar("Output_co", covariant=True)


class Stage(Protocol[Input_contra, Output_co]):
    """Owns preprocessing, thresholds and class names; takes arrays, never messages."""

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu") -> Self:
        """Build the stage from a checkpoint.

        :param device: where the network runs, as torch names it.
        :raises CheckpointError: if the file cannot be used.
        """

    def reset(self) -> None:
        """Forget what was seen before."""

    def __call__(self, sensed: Input_contra, /) -> Output_co:
        """Process one input."""
