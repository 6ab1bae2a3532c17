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

from dl_robotics import checkpoint
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.models import NetworkParameters, PartParameters
from dl_robotics.nodes.outputs import IMAGES, NEWEST_LATCHED, Output

WARM_UP_SHAPE = (480, 640, 3)


class LiveStage(Protocol):
    """A stage as a node runs it; ``settings`` may be replaced at any time."""

    settings: Any

    def reset(self) -> None:
        """Forget what was seen before."""

    def __call__(self, *inputs: Any) -> Any:
        """Process what a frame brings, or other stages' results."""


class NamingStage(LiveStage, Protocol):
    """A stage that tells classes apart."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids."""


P = TypeVar("P", bound=PartParameters)
S = TypeVar("S", bound=LiveStage)
N = TypeVar("N", bound=NamingStage)
R = TypeVar("R")


class StageTopics(ABC, Generic[S, R]):
    """What is published of a stage.

    :param prefix: stands before the topics' names, e.g. ``"~/"``.
    """

    outputs: Sequence[Output[...]]  # whoever reads one of them makes the stage run

    def __init__(self, node: Node, prefix: str) -> None:
        self._node, self._prefix = node, prefix

    @property
    def wanted(self) -> bool:
        """Whether somebody reads any of it."""
        return any(output.wanted for output in self.outputs)

    def annotated_output(self) -> Output[...]:
        """``annotated``: images for people to look at."""
        return Output(self._node, f"{self._prefix}annotated", Image, encode_image, IMAGES)

    def introduce(self, stage: S) -> None:
        """Called when there is another stage, or it has other settings."""

    @abstractmethod
    def publish(self, frame: Frame, stage: S, result: R) -> None:
        """Publish a frame's result, with the frame's header, as far as somebody reads it."""


class NamingTopics(StageTopics[N, R]):
    """Outputs with class ids; ``label_info`` has the class names beside them."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self._labels = Output(node, f"{prefix}label_info", LabelInfo, encode_label_info, NEWEST_LATCHED)

    def introduce(self, stage: N) -> None:
        """Tell the names of the stage's class ids, and the score below which nothing is reported."""
        header = encode_header(self._node.get_clock().now().nanoseconds, "")
        self._labels(stage.classes, header, self.threshold(stage))

    @abstractmethod
    def threshold(self, stage: N) -> float:
        """The score below which nothing is reported."""


def _fits(stage: Any, told: Any) -> None:
    """Any settings do."""


def an_image(stage: Any) -> tuple[Any, ...]:
    """What a stage is called with that takes an image alone."""
    return (np.random.default_rng(0).integers(256, size=WARM_UP_SHAPE, dtype=np.uint8),)


@dataclass(frozen=True)
class Kind(Generic[P, S, R]):
    """A kind of stage.

    :param name: as pipeline files have it; also the kind of its checkpoints, where it has any.
    :param parameters: what its stages can be told: a model, and settings that may change while they run.
    :param load: builds a stage.
    :param topics: what is published; called with a node and the prefix of the topics.
    :param fit: raises a ConfigError where settings do not fit a stage.
    :param example: inputs that a stage can be called with, once, to make it ready.
    """

    name: str
    parameters: type[P]
    load: Callable[[P], S]
    topics: Callable[[Node, str], StageTopics[S, R]]
    fit: Callable[[S, P], None] = _fits
    example: Callable[[S], tuple[Any, ...]] = an_image

    def make(self, told: P) -> S:
        """A stage that is set as told, and ready for its first frame."""
        stage = self.load(told)
        # Whatever is compiled or allocated on first use; with the settings of the start, which let all through.
        stage(*self.example(stage))
        stage.reset()
        stage.settings = told
        return stage

    def look(self, told: P) -> None:
        """Refuse at once a model that can be seen to be wrong without loading it.

        :raises CheckpointError: with the reason.
        """
        if isinstance(told, NetworkParameters):
            checkpoint.peek(told.file, self.name)


AnyKind = Kind[Any, Any, Any]
