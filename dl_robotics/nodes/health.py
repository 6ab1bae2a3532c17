"""What a node tells about itself once a second: counts, ages, and why nothing comes out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node

from dl_robotics.messages.diagnostics import Level, Status, encode_diagnostics
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.outputs import STREAM, Output

REPORT_PERIOD_S = 1.0

OWN_TIME = "own time p50 (ms)"  # a stage's, without what brings it its input and publishes its result

Report: TypeAlias = tuple[Level, str, Mapping[str, object]]


@dataclass(frozen=True)
class Silence:
    """Why nothing is published: a sentence, and how bad that is."""

    reason: str
    level: Level = Level.WARN


def _window() -> deque[float]:
    return deque(maxlen=200)


@dataclass
class Health:
    """What passed through a node, or a stage of it, since it started; times are of the last 200 frames.

    :param ages_s: from a frame's stamp to its result.
    :param own_s: of that, what the stage itself took, where that is told.
    """

    frames_in: int = 0
    frames_out: int = 0
    dropped: int = 0
    ages_s: deque[float] = field(default_factory=_window)
    own_s: deque[float] = field(default_factory=_window)

    def passed(self, age_s: float, own_s: float | None = None) -> None:
        """Count a result."""
        self.frames_out += 1
        self.ages_s.append(age_s)
        if own_s is not None:
            self.own_s.append(own_s)

    def values(self, inputs: Iterable[Input[Any]] = ()) -> dict[str, object]:
        """The figures for the diagnostics."""
        refused = {f"refused on {source.topic}": source.refused for source in inputs}
        return {
            "frames in": self.frames_in,
            "frames out": self.frames_out,
            "dropped": self.dropped,
            "refused": sum(refused.values()),
            **refused,
            **_spread("age", self.ages_s),
            **(_spread("own time", self.own_s) if self.own_s else {}),
        }


def _spread(name: str, times_s: Iterable[float]) -> dict[str, object]:
    """Median and 95th percentile."""
    times_ms = np.fromiter(times_s, float) * 1e3
    percentiles = np.percentile(times_ms, [50.0, 95.0]) if len(times_ms) else (np.nan, np.nan)
    return {f"{name} p{rank} (ms)": f"{time_ms:.2f}" for rank, time_ms in zip((50, 95), percentiles, strict=True)}


class Reporter:
    """Publishes the state of a node and its parts on ``/diagnostics`` once a second of real time, simulated or not.

    :param report: level, message and figures of the node.
    :param parts: the same for its parts, by name.
    """

    def __init__(
        self, node: Node, report: Callable[[], Report], parts: Callable[[], Mapping[str, Report]] = dict
    ) -> None:
        self._node, self._report, self._parts = node, report, parts
        self._output = Output(node, "/diagnostics", DiagnosticArray, encode_diagnostics, STREAM)
        node.create_timer(REPORT_PERIOD_S, self._publish, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _publish(self) -> None:
        name = self._node.get_fully_qualified_name()
        reports = {name: self._report(), **{f"{name}: {part}": told for part, told in self._parts().items()}}
        statuses = [Status(level, part, text, values=values) for part, (level, text, values) in reports.items()]
        self._output(self._node.get_clock().now().nanoseconds, statuses)
