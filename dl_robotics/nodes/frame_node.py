"""Stages on one topic: one subscription and one decoding for all, arrays between them, the newest frame first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn

from dl_robotics.config import require
from dl_robotics.messages.errors import MessageError
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.health import Report, Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.kind import AnyKind
from dl_robotics.nodes.managed_node import ManagedNode, NodeParameters
from dl_robotics.nodes.newest import Newest
from dl_robotics.nodes.part import Part
from dl_robotics.pipeline import STAMP, Pipeline, PipelineConfig

P = TypeVar("P", bound=NodeParameters)

JUMP_NS = 1_000_000_000  # a frame so much older than the one before is no late one: a bag or a simulation begins again


class FrameNode(ManagedNode[P]):
    """Runs a pipeline on every frame, as far as somebody reads its results.

    Each lane of the pipeline has a thread. While that is busy, the newest frame waits for it and older ones are
    dropped; the node itself, its services and parameters never wait for a stage.

    :param content: what its frames hold, as pipelines name it.
    """

    def __init__(self, name: str, parameters: type[P], content: str, **node: Any) -> None:
        super().__init__(name, parameters, **node)
        self._content = content
        self.source = self.make_source(self._on_frame)
        self.inputs = [self.source]
        self.stages: dict[str, Part[Any, Any, Any]] = {}
        self.lanes: list[Newest[Frame]] = []
        self._newest_ns: dict[str, int] = {}  # stamp of the last frame, by lane

    @abstractmethod
    def make_source(self, use: Callable[[Frame], None]) -> Input[Frame]:
        """The topic that brings the frames.

        :param use: takes each of them.
        """

    def set_up(self, pipeline: PipelineConfig, kinds: Mapping[str, AnyKind], alone: bool = False) -> None:
        """Make the stages.

        :param alone: of a pipeline of one stage, whether its topics and parameters go without its name.
        :raises ConfigError: for inputs that frames do not bring, a kind of stage that there is not, and parameters that
            cannot be.
        """
        brought = (self._content, STAMP)
        require(set(pipeline.inputs) <= {*brought}, "inputs", f"of {', '.join(brought)}", pipeline.inputs)
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
            stage.begin()
        return super().on_activate(state)

    def rest(self) -> None:
        """Take no more frames, and let the stages finish the one they are at."""
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
        source = self.source
        return {f"received on {source.topic}": source.received, f"refused on {source.topic}": source.refused}

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
            inputs = frame.inputs()
        except MessageError as error:
            self.source.refuse(error)
            return
        self._notice_jump(lane, frame.stamp_ns)
        for name, result in Pipeline(lane, self.stages).run(inputs, wanted):
            self.stages[name].publish(frame, result)

    def _notice_jump(self, lane: PipelineConfig, stamp_ns: int) -> None:
        """Begin anew where time has jumped back."""
        name = lane.stages[0].lane
        if stamp_ns < self._newest_ns.get(name, stamp_ns) - JUMP_NS:
            self.get_logger().warning("time has jumped back: beginning anew", throttle_duration_sec=5.0)
            for stage in lane.stages:
                self.stages[stage.name].begin()
        self._newest_ns[name] = stamp_ns
