"""Stages on an image topic: one subscription and one decoding for all, arrays between them, the newest frame first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn

from dl_robotics.config import require
from dl_robotics.messages.errors import MessageError
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.health import Report, Silence
from dl_robotics.nodes.image_input import ImageInput
from dl_robotics.nodes.kind import AnyKind
from dl_robotics.nodes.managed_node import ManagedNode, NodeParameters
from dl_robotics.nodes.newest import Newest
from dl_robotics.nodes.part import Part
from dl_robotics.parameters import parameter
from dl_robotics.pipeline import Pipeline, PipelineConfig


@dataclass(frozen=True)
class ImageNodeParameters(NodeParameters):
    """What every node on an image topic can be told."""

    compressed: bool = parameter(
        False, "Whether images come compressed, on image/compressed, rather than raw, on image.", read_only=True
    )


P = TypeVar("P", bound=ImageNodeParameters)


class ImageNode(ManagedNode[P]):
    """Runs a pipeline on every image, as far as somebody reads its results.

    Each lane of the pipeline has a thread. While that is busy, the newest image waits for it and older ones are
    dropped; the node itself, its services and parameters never wait for a stage.
    """

    def __init__(self, name: str, parameters: type[P], **node: Any) -> None:
        super().__init__(name, parameters, **node)
        self.images = ImageInput(self, self.parameters.value.compressed, self._on_frame)
        self.inputs = [self.images]
        self.stages: dict[str, Part[Any, Any, Any]] = {}
        self.lanes: list[Newest[Frame]] = []

    def set_up(self, pipeline: PipelineConfig, kinds: Mapping[str, AnyKind], alone: bool = False) -> None:
        """Make the stages.

        :param alone: of a pipeline of one stage, whether its topics and parameters go without its name.
        :raises ConfigError: for a kind of stage that there is not, and parameters that cannot be.
        """
        for name, config in pipeline.lanes().items():
            lane: Newest[Frame] = Newest(name, partial(self._process, config))
            self.lanes.append(lane)
            for stage in config.stages:
                require(stage.kind in kinds, f"{stage.name}.kind", f"one of {', '.join(kinds)}", stage.kind)
                prefix = "" if alone else stage.name
                self.stages[stage.name] = Part(self, stage, kinds[stage.kind], prefix, lane)
                self.outputs.extend(self.stages[stage.name].topics.outputs)

    def load(self) -> str:
        """Load all models."""
        for stage in self.stages.values():
            stage.model.load()
        return ", ".join(stage.model.used.place for stage in self.stages.values())

    def free(self) -> None:
        """Free all models."""
        for stage in self.stages.values():
            stage.model.free()

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin anew."""
        for stage in self.stages.values():
            stage.blocked = None
        return super().on_activate(state)

    def rest(self) -> None:
        """Take no more images, and let the stages finish the one they are at."""
        super().rest()
        for lane in self.lanes:
            lane.finish()

    def destroy_node(self) -> None:
        """End the threads, too."""
        if self.active:
            self.trigger_deactivate()
        for stage in self.stages.values():
            stage.model.close()
        for lane in self.lanes:
            lane.close()
        super().destroy_node()

    def figures(self) -> Mapping[str, object]:
        """What came in; the stages tell the rest."""
        for stage in self.stages.values():
            stage.model.check()
        for lane in self.lanes:
            lane.check()
        return {"images": self.images.received, f"refused on {self.images.topic}": self.images.refused}

    def parts(self) -> Mapping[str, Report]:
        """What each stage tells."""
        return {name: stage.report() for name, stage in self.stages.items()}

    def idle(self) -> Silence | None:
        """The first stage's reason, if all of them are idle."""
        reasons = [stage.idle() for stage in self.stages.values()]
        return reasons[0] if all(reasons) else None

    def _on_frame(self, frame: Frame) -> None:
        for lane in self.lanes:
            lane.put(frame)

    def _process(self, lane: PipelineConfig, frame: Frame) -> None:
        """One frame through the stages of one lane, in its thread."""
        wanted = [stage.name for stage in lane.stages if self.stages[stage.name].topics.wanted]
        if not wanted:
            return
        try:
            image = frame.image
        except MessageError as error:
            self.images.refuse(error)
            return
        for name, result in Pipeline(lane, self.stages).run(image, wanted):
            self.stages[name].publish(frame, result)
