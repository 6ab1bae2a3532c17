"""A stage on topics, with ROS 2's managed life cycle: what every node with a learned component has in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from dl_robotics.errors import UserError
from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.health import Health, Reporter, Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.parameters import ParameterSet, parameter
from dl_robotics.stage import Stage


@dataclass(frozen=True)
class StageParameters(ParameterSet):
    """What every stage node can be told."""

    model: str = parameter("", "Checkpoint file with the weights; read when the node is configured.")
    device: str = parameter("cpu", "Where the network runs, as torch names it: cpu, cuda, cuda:1.")
    autostart: bool = parameter(False, "Whether the node configures and activates itself.", read_only=True)


class Stamped(Protocol):
    """A decoded frame with the time at which it was taken."""

    @property
    def stamp_ns(self) -> int:
        """Nanoseconds of ROS time."""


P = TypeVar("P", bound=StageParameters)
S = TypeVar("S", bound=Stage[Any, Any])
F = TypeVar("F", bound=Stamped)


class StageNode(LifecycleNode, Generic[P, S, F]):
    """Configure loads the stage, activate opens the inputs, deactivate closes them, cleanup frees the stage.

    A node names its topics in ``inputs`` and ``outputs``, hands each frame to :meth:`receive` and says in
    :meth:`process` what becomes of it; ``blocked`` is why the last one came to nothing.

    :param load: builds the stage from a checkpoint's path and a device.
    """

    active = False  # on the class, since rclpy destroys even a node whose making has failed

    def __init__(self, name: str, parameters: type[P], load: Callable[[str, str], S], **node: Any) -> None:
        super().__init__(name, **node)
        self.parameters = Parameters(self, parameters)
        self.health = Health()
        self.inputs: list[Input[Any]] = []
        self.outputs: list[Output[...]] = []
        self.stage: S | None = None
        self._load = load
        self._failure = "not configured"
        self.blocked: Silence | None = None
        self._reported_out = 0
        self._reporter = Reporter(self, self._report)
        if self.parameters.value.autostart:
            # On the first spin: by then the node is complete.
            steady = Clock(clock_type=ClockType.STEADY_TIME)
            self._starter = self.create_timer(0.0, self._start, clock=steady)

    @abstractmethod
    def process(self, stage: S, frame: F) -> Silence | None:
        """Turn a frame into a result and publish it.

        :returns: None, or why nothing was published.
        """

    def halt(self) -> None:
        """Called after every frame that came to nothing; for nodes whose last result is still in force."""

    def rest(self) -> None:
        """Close the inputs; called on the way out of the active state."""
        self.active = False
        for source in self.inputs:
            source.close()

    def receive(self, frame: F) -> None:
        """Take a decoded frame: process and count it."""
        if self.stage is None:
            return
        self.health.frames_in += 1
        try:
            self.blocked = self.process(self.stage, frame)
        except (ValueError, ArithmeticError) as error:  # what a frame holds must not end the node
            self.blocked = Silence(f"cannot be processed: {error}", Level.ERROR)
        if self.blocked:
            self.health.dropped += 1
            self.halt()
        else:
            self.health.passed((self.get_clock().now().nanoseconds - frame.stamp_ns) * 1e-9)

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the weights."""
        told = self.parameters.value
        try:
            self.stage = self._load(told.model, told.device)
        # torch refuses a device that it does not have or know with a RuntimeError.
        except (UserError, ValueError, OSError, RuntimeError) as error:
            self._failure = f"model {told.model!r} on {told.device!r}: {error}"
            self.get_logger().error(f"not configured: {self._failure}")
            return TransitionCallbackReturn.FAILURE
        self.get_logger().info(f"loaded {told.model!r} on {told.device!r}")
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Open the inputs."""
        self.blocked = None
        for source in self.inputs:
            source.open()
        self.active = True
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Come to rest."""
        self.rest()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free the model."""
        self.stage, self._failure = None, "not configured"
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Come to rest and free the model."""
        if self.active:
            self.rest()
        self.stage, self._failure = None, "shut down"
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """After an error in a transition, of which rclpy keeps the text to itself: back to the beginning."""
        self.get_logger().error(f"a transition from {state.label!r} has failed")
        self.on_shutdown(state)
        self._failure = f"a transition from {state.label!r} has failed"
        return super().on_error(state)

    def destroy_node(self) -> None:
        """Come to rest first, while the publishers are still there."""
        if self.active:
            self.trigger_deactivate()
        super().destroy_node()

    def _start(self) -> None:
        self.destroy_timer(self._starter)
        if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def _report(self) -> tuple[Level, str, Mapping[str, object]]:
        silence = self._silence() or Silence("publishing", Level.OK)
        for source in self.inputs:
            source.rematch()
        self._reported_out = self.health.frames_out
        model = self.parameters.value.model if self.stage is not None else "none"
        return silence.level, silence.reason, {"model": model, **self.health.values(self.inputs)}

    def _silence(self) -> Silence | None:
        """The first reason there is for nothing having come out since the last report."""
        if self.stage is None:
            return Silence(f"no model: {self._failure}", Level.ERROR)
        if not self.active:
            return Silence("inactive")
        unread = next((text for text in (output.silence() for output in self.outputs) if text), "")
        if unread:
            return Silence(unread)
        if self.health.frames_out > self._reported_out:
            return None
        unheard = next((text for text in (source.silence() for source in self.inputs) if text), "")
        return Silence(unheard) if unheard else self.blocked or Silence("no frame yet")
