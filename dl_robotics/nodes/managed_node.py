"""ROS 2's managed life cycle, as every node with a learned component goes through it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from dl_robotics.errors import UserError
from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.health import Report, Reporter, Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class NodeParameters(ParameterSet):
    """What every managed node can be told."""

    autostart: bool = parameter(False, "Whether the node configures and activates itself.", read_only=True)


P = TypeVar("P", bound=NodeParameters)


class ManagedNode(LifecycleNode, Generic[P]):
    """Configure loads, activate opens the inputs, deactivate closes them, cleanup frees what was loaded.

    A node names its topics in ``inputs`` and ``outputs``.
    """

    active = False  # on the class, since rclpy destroys even a node whose making has failed

    def __init__(self, name: str, parameters: type[P], **node: Any) -> None:
        super().__init__(name, **node)
        self.parameters = Parameters(self, parameters, accept=self.accept, told=self.told)
        self.inputs: list[Input[Any]] = []
        self.outputs: list[Output[...]] = []
        self.loaded = False
        self._failure = "not configured"
        self._reporter = Reporter(self, self._report, self.parts)
        if self.parameters.value.autostart:
            # On the first spin: by then the node is complete.
            steady = Clock(clock_type=ClockType.STEADY_TIME)
            self._starter = self.create_timer(0.0, self._start, clock=steady)

    @abstractmethod
    def load(self) -> str:
        """Load what the node works with.

        :returns: what that is.
        :raises UserError: naming it, and why it cannot be loaded.
        """

    @abstractmethod
    def free(self) -> None:
        """Let go of what was loaded."""

    @abstractmethod
    def figures(self) -> Mapping[str, object]:
        """What the diagnostics tell."""

    @abstractmethod
    def idle(self) -> Silence | None:
        """Why an active node has published nothing since this was last asked; None if it has."""

    def accept(self, told: P) -> None:
        """Refuse a change of parameters that cannot be made, by a UserError; none unless a node says so."""

    def told(self, names: frozenset[str]) -> None:
        """Called when these parameters have been set."""

    def parts(self) -> Mapping[str, Report]:
        """What the diagnostics tell of parts of the node, by name."""
        return {}

    def rest(self) -> None:
        """Close the inputs; called on the way out of the active state."""
        self.active = False
        for source in self.inputs:
            source.close()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the weights."""
        try:
            loaded = self.load()
        except UserError as error:
            self._failure = str(error)
            self.get_logger().error(f"not configured: {self._failure}")
            return TransitionCallbackReturn.FAILURE
        self.loaded = True
        self.get_logger().info(f"loaded {loaded}")
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Open the inputs."""
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
        self._unload("not configured")
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Come to rest and free the model."""
        if self.active:
            self.rest()
        self._unload("shut down")
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """After an error in a transition, of which rclpy keeps the text to itself: back to the beginning."""
        failure = f"a transition from {state.label!r} has failed"
        self.get_logger().error(failure)
        self.on_shutdown(state)
        self._failure = failure
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

    def _unload(self, reason: str) -> None:
        self.free()
        self.loaded, self._failure = False, reason

    def _report(self) -> Report:
        silence = self._silence() or Silence("publishing", Level.OK)
        for source in self.inputs:
            source.rematch()
        return silence.level, silence.reason, self.figures()

    def _silence(self) -> Silence | None:
        """The first reason there is for nothing having come out since the last report."""
        if not self.loaded:
            return Silence(f"no model: {self._failure}", Level.ERROR)
        if not self.active:
            return Silence("inactive")
        idle = self.idle()
        unread = next((text for text in (output.silence() for output in self.outputs) if text), "")
        if unread or not idle:
            return Silence(unread) if unread else None
        unheard = next((text for text in (source.silence() for source in self.inputs) if text), "")
        return Silence(unheard) if unheard else idle
