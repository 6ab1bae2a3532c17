"""What a node tells about itself once a second: counts, ages, and why nothing comes out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node

from dl_robotics.messages.diagnostics import Level, Status, encode_diagnostics
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.outputs import STREAM, Output

REPORT_PERIOD_S = 1.0


@dataclass(frozen=True)
class Silence:
    """Why nothing is published: a sentence, and how bad that is."""

    reason: str
    level: Level = Level.WARN


@dataclass
class Health:
    """What passed through a node since it started; ages are from a frame's stamp to its result, over the last 200."""

    frames_in: int = 0
    frames_out: int = 0
    dropped: int = 0
    ages_s: deque[float] = field(default_factory=lambda: deque(maxlen=200))

    def passed(self, age_s: float) -> None:
        """Count a result."""
        self.frames_out += 1
        self.ages_s.append(age_s)

    def values(self, inputs: Iterable[Input[object]]) -> dict[str, object]:
        """The figures for the diagnostics."""
        median, high = np.percentile(self.ages_s, [50.0, 95.0]) * 1e3 if self.ages_s else (np.nan, np.nan)
        refused = {f"refused on {source.topic}": source.refused for source in inputs}
        return {
            "frames in": self.frames_in,
            "frames out": self.frames_out,
            "dropped": self.dropped,
            "refused": sum(refused.values()),
            **refused,
            "age p50 (ms)": f"{median:.1f}",
            "age p95 (ms)": f"{high:.1f}",
        }


class Reporter:
    """Publishes a node's state on ``/diagnostics`` once a second of real time, simulated time or not."""

    def __init__(self, node: Node, report: Callable[[], tuple[Level, str, Mapping[str, object]]]) -> None:
        self._node, self._report = node, report
        self._output = Output(node, "/diagnostics", DiagnosticArray, encode_diagnostics, STREAM)
        node.create_timer(REPORT_PERIOD_S, self._publish, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _publish(self) -> None:
        level, message, values = self._report()
        status = Status(level, self._node.get_fully_qualified_name(), message, values=values)
        self._output(self._node.get_clock().now().nanoseconds, [status])
