"""What a node must know of a kind of stage, e.g. of detectors: how it is loaded and published."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import Image
from vision_msgs.msg import LabelInfo

from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.models import NetworkParameters
from dl_robotics.nodes.outputs import IMAGES, NEWEST_LATCHED, Output

WARM_UP_SHAPE = (480, 640, 3)


class VisionStage(Protocol):
    """A stage that tells classes apart; ``settings`` may be replaced at any time."""

    settings: Any

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids."""

    def __call__(self, *inputs: Any) -> Any:
        """Process an image, or other stages' results."""


P = TypeVar("P", bound=NetworkParameters)
S = TypeVar("S", bound=VisionStage)
R = TypeVar("R")


class StageTopics(ABC, Generic[S, R]):
    """What is published of a stage; ``label_info`` has the class names beside the outputs.

    :param prefix: stands before the topics' names, e.g. ``"~/"``.
    """

    outputs: Sequence[Output[...]]  # whoever reads one of them makes the stage run

    def __init__(self, node: Node, prefix: str) -> None:
        self._node = node
        self._labels = Output(node, f"{prefix}label_info", LabelInfo, encode_label_info, NEWEST_LATCHED)
        self.annotated = Output(node, f"{prefix}annotated", Image, encode_image, IMAGES)

    @property
    def wanted(self) -> bool:
        """Whether somebody reads any of it."""
        return any(output.wanted for output in self.outputs)

    def introduce(self, stage: S) -> None:
        """Tell the names of the stage's class ids, and the score below which nothing is reported."""
        header = encode_header(self._node.get_clock().now().nanoseconds, "")
        self._labels(stage.classes, header, self.threshold(stage))

    @abstractmethod
    def threshold(self, stage: S) -> float:
        """The score below which nothing is reported."""

    @abstractmethod
    def publish(self, frame: Frame, stage: S, result: R) -> None:
        """Publish a frame's result, with the frame's header, as far as somebody reads it."""


def _fits(stage: Any, told: Any) -> None:
    """Any settings do."""


@dataclass(frozen=True)
class Kind(Generic[P, S, R]):
    """A kind of stage.

    :param checkpoint: the kind of its checkpoints.
    :param parameters: what its stages can be told: a model, and settings that may change while they run.
    :param load: builds a stage.
    :param topics: what is published; called with a node and the prefix of the topics.
    :param fit: raises a ConfigError where settings do not fit a stage.
    """

    checkpoint: str
    parameters: type[P]
    load: Callable[[P], S]
    topics: Callable[[Node, str], StageTopics[S, R]]
    fit: Callable[[S, P], None] = _fits

    def make(self, told: P) -> S:
        """A stage that is set as told, and ready for its first image."""
        stage = self.load(told)
        # Whatever is compiled or allocated on first use; with the settings of the start, which let all through.
        stage(np.random.default_rng(0).integers(256, size=WARM_UP_SHAPE, dtype=np.uint8))
        stage.settings = told
        return stage


AnyKind = Kind[Any, Any, Any]
