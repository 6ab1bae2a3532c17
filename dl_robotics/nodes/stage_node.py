"""A stage on topics: each frame is processed as it comes, in the thread that receives it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn

from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.health import Health, Silence
from dl_robotics.nodes.managed_node import ManagedNode, NodeParameters
from dl_robotics.nodes.models import Load, ModelParameters, load_model
from dl_robotics.stage import Stage


@dataclass(frozen=True)
class StageParameters(NodeParameters, ModelParameters):
    """What every stage node can be told."""


class Stamped(Protocol):
    """A decoded frame with the time at which it was taken."""

    @property
    def stamp_ns(self) -> int:
        """Nanoseconds of ROS time."""


P = TypeVar("P", bound=StageParameters)
S = TypeVar("S", bound=Stage[Any, Any])
F = TypeVar("F", bound=Stamped)


class StageNode(ManagedNode[P], Generic[P, S, F]):
    """Hands each frame to :meth:`receive` and says in :meth:`process` what becomes of it.

    ``blocked`` is why the last one came to nothing.

    :param load: builds the stage as the parameters say.
    """

    def __init__(self, name: str, parameters: type[P], load: Load[P, S], **node: Any) -> None:
        super().__init__(name, parameters, **node)
        self.health = Health()
        self.stage: S | None = None
        self._load = load
        self.blocked: Silence | None = None
        self._reported_out = 0

    @abstractmethod
    def process(self, stage: S, frame: F) -> Silence | None:
        """Turn a frame into a result and publish it.

        :returns: None, or why nothing was published.
        """

    def halt(self) -> None:
        """Called after every frame that came to nothing; for nodes whose last result is still in force."""

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

    def load(self) -> str:
        """Load the stage."""
        self.stage = load_model(self._load, self.parameters.value)
        return self.parameters.value.place

    def free(self) -> None:
        """Free the stage."""
        self.stage = None

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin anew."""
        self.blocked = None
        return super().on_activate(state)

    def figures(self) -> Mapping[str, object]:
        """The model, and what passed through it."""
        model = self.parameters.value.model if self.stage is not None else "none"
        return {"model": model, **self.health.values(self.inputs)}

    def idle(self) -> Silence | None:
        """Why the last frame came to nothing."""
        out, self._reported_out = self._reported_out, self.health.frames_out
        return None if self.health.frames_out > out else self.blocked or Silence("no frame yet")
