"""Stages on an image topic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.frame_node import FrameNode
from dl_robotics.nodes.image_input import ImageInput
from dl_robotics.nodes.managed_node import NodeParameters
from dl_robotics.parameters import parameter
from dl_robotics.pipeline import IMAGE


@dataclass(frozen=True)
class ImageNodeParameters(NodeParameters):
    """What every node on an image topic can be told."""

    compressed: bool = parameter(
        False, "Whether images come compressed, on image/compressed, rather than raw, on image.", read_only=True
    )


P = TypeVar("P", bound=ImageNodeParameters)


class ImageNode(FrameNode[P]):
    """Runs a pipeline on every image."""

    def __init__(self, name: str, parameters: type[P], **node: Any) -> None:
        super().__init__(name, parameters, IMAGE, **node)

    def make_source(self, use: Callable[[Frame], None]) -> ImageInput:
        """The topic ``image``, or ``image/compressed``."""
        return ImageInput(self, self.parameters.value.compressed, use)
