"""Labelled images from topics, while they come in."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import Image
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.messages.detections import MarkedObjects, decode_objects
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.messages.label_info import Labels, decode_label_info
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.image_input import ImageInput
from dl_robotics.nodes.inputs import Input
from dl_robotics.training.live_data import LiveData
from dl_robotics.training.live_labels import LiveLabels
from dl_robotics.training.live_pairs import LivePairs, Pair
from dl_robotics.training.recipes.images import ImageRecipe

Stamped = tuple[int, Any]


class LiveInputs:
    """The topics ``image``, ``labels`` (boxes or a mask, as the task has it) and ``label_info``.

    ``data`` is what was gathered; None until the first pair.

    :param capacity: samples kept.
    """

    def __init__(self, node: Node, recipe: ImageRecipe, capacity: int, compressed: bool) -> None:
        self._recipe, self._capacity = recipe, capacity
        self._boxes = recipe.task == "detection"
        kind, decode = (Detection2DArray, _objects) if self._boxes else (Image, _mask)
        self.images = ImageInput(node, compressed, self._on_image)
        self.labels: Input[Stamped] = Input(node, "labels", kind, decode, self._on_labels, reliable=True, depth=10)
        self.names = Input(
            node, "label_info", LabelInfo, decode_label_info, self._on_names, reliable=True, latched=True, optional=True
        )
        self.inputs: list[Input[Any]] = [self.names, self.labels, self.images]
        self._pairs: LivePairs[Frame, Any] = LivePairs(round(recipe.data.tolerance_s * 1e9))
        self._names: Labels = Labels({}, 0.0)
        self._meaning: LiveLabels | None = None
        self.data: LiveData | None = None

    def counts(self) -> dict[str, int]:
        """Samples of either kind."""
        split = self.data.split if self.data else ((), ())
        return dict(zip(("training samples", "validation samples"), map(len, split), strict=True))

    def close(self) -> None:
        """Listen no more."""
        for source in self.inputs:
            source.close()

    def _on_names(self, labels: Labels) -> None:
        self._names = labels

    def _on_image(self, frame: Frame) -> None:
        for pair in self._pairs.add_image(frame.stamp_ns, frame):
            self._take(pair)

    def _on_labels(self, labels: Stamped) -> None:
        for pair in self._pairs.add_labels(*labels):
            self._take(pair)

    def _take(self, pair: Pair[Frame, Any]) -> None:
        try:
            sample = self._sample(pair)
        except (DataError, MessageError) as error:
            self.labels.refuse(error)
            return
        if self.data is None:
            split, block_s = self._recipe.validation.split, self._recipe.data.block_s
            self.data = LiveData(self._known().classes, self._capacity, split, block_s)
        self.data.add(pair.stamp_ns, sample)

    def _sample(self, pair: Pair[Frame, Any]) -> Sample:
        place = f"{self.images.topic} at {pair.stamp_ns} ns"
        meaning = self._known()
        return (meaning.with_boxes if self._boxes else meaning.with_mask)(pair.image.image, pair.labels, place)

    def _known(self) -> LiveLabels:
        """What labels mean, as it was known when the first pair came."""
        if self._meaning is None:
            self._meaning = LiveLabels(self._recipe.data, self._names.names, self._boxes, self.labels.topic)
        return self._meaning


def _objects(message: Any) -> tuple[int, MarkedObjects]:
    return decode_header(message.header)[0], decode_objects(message)


def _mask(message: Any) -> Stamped:
    return decode_header(message.header)[0], decode_image(message, "mono8")
