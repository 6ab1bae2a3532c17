"""Sequence models as a ROS 2 node: numeric fields of any topics in, activities, forecasts or anomalies out.

Run it with ``ros2 run dl_robotics sequence_recognizer`` or ``python -m dl_robotics.nodes.sequence_recognizer``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from vision_msgs.msg import Classification, LabelInfo

from dl_robotics.config import ConfigError, require
from dl_robotics.data.series.config import SignalConfig
from dl_robotics.messages.classification import Guess, encode_classification
from dl_robotics.messages.forecast import encode_anomaly, encode_forecast
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.messages.message_class import message_class
from dl_robotics.messages.numeric_fields import read_numbers, read_stamp_ns
from dl_robotics.nodes.health import Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.models import NetworkParameters
from dl_robotics.nodes.outputs import NEWEST_LATCHED, Output
from dl_robotics.nodes.run import run
from dl_robotics.nodes.stage_node import StageNode, StageParameters
from dl_robotics.ops.activities import UNKNOWN
from dl_robotics.parameters import parameter
from dl_robotics.sequences.results import Forecast, Recognition, Result
from dl_robotics.sequences.settings import SequenceSettings
from dl_robotics.sequences.stage import SequenceStage
from dl_robotics.sequences.window import Reading

DEPTH = 100  # a window needs every sample, and a burst of them comes after each pause of the node


@dataclass(frozen=True)
class SequenceRecognizerParameters(SequenceSettings, StageParameters, NetworkParameters):
    """Parameters of a sequence recognizer."""

    signals: tuple[str, ...] = parameter(
        (),
        "What to read, one text a topic: its name, the type of its messages, and their fields, apart by spaces, e.g. "
        "'imu sensor_msgs/msg/Imu linear_acceleration.x'. Empty for what the model has learned from.",
        read_only=True,
    )


class Heard(NamedTuple):
    """A reading, and the frame that it was taken in."""

    reading: Reading
    frame_id: str

    @property
    def stamp_ns(self) -> int:
        """When it was taken."""
        return self.reading.stamp_ns


class SequenceRecognizer(StageNode[SequenceRecognizerParameters, SequenceStage, Heard]):
    """Publishes what the last steps of its signals mean, as often as ``every`` says."""

    def __init__(self, **node: Any) -> None:
        super().__init__("sequence_recognizer", SequenceRecognizerParameters, load, **node)
        self._labels = Output(self, "~/label_info", LabelInfo, encode_label_info, NEWEST_LATCHED)
        self._activity = Output(self, "~/activity", Classification, encode_classification)
        self._forecast = Output(self, "~/forecast", PointCloud2, encode_forecast)
        self._anomaly = Output(self, "~/anomaly", PointCloud2, encode_anomaly)

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the model, and with it the topics to read."""
        result = super().on_configure(state)
        if self.stage is not None:
            self.inputs = [self._input(number, signal) for number, signal in enumerate(self.stage.signals)]
            goals: Mapping[str, Output[...]] = {
                "classify": self._activity,
                "forecast": self._forecast,
                "anomaly": self._anomaly,
            }
            self.outputs = [goals[self.stage.config.goal]]
        return result

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin anew, and tell the names of the class ids."""
        if self.stage is not None:
            self.stage.reset()
            names = (UNKNOWN, *self.stage.classes) if self.stage.classes else ()
            header = encode_header(self.get_clock().now().nanoseconds, "")
            self._labels(names, header, self.parameters.value.min_probability)
        return super().on_activate(state)

    def process(self, stage: SequenceStage, frame: Heard) -> Silence | None:
        """Publish what a reading makes known."""
        result = stage.look()
        if result is None:
            return Silence(f"signals with a gap, or fewer than {stage.steps} steps of them so far")
        self._publish(stage, result, encode_header(stage.judged_ns or frame.stamp_ns, frame.frame_id))
        return None

    def _publish(self, stage: SequenceStage, result: Result, header: Header) -> None:
        if isinstance(result, Recognition):
            self._activity(guesses(result), header)
        elif isinstance(result, Forecast):
            self._forecast(result.values, result.times_s, stage.config.channels, header)
        else:
            self._anomaly(result.score, result.rank, result.anomalous, header)

    def _hear(self, heard: Heard) -> None:
        if self.stage is None:
            return
        self.stage.settings = self.parameters.value
        if self.stage.take(heard.reading):
            self.receive(heard)

    def _input(self, number: int, signal: SignalConfig) -> Input[Any]:
        decode = partial(self._decode, number, signal)
        # Relative, so that a namespace or a remapping can lead it elsewhere.
        topic, kind = signal.topic.lstrip("/"), message_class(signal.type)
        return Input(self, topic, kind, decode, self._hear, reliable=True, depth=DEPTH)

    def _decode(self, number: int, signal: SignalConfig, message: Any) -> Heard:
        stamp_ns = read_stamp_ns(message)
        values = read_numbers(message, signal.fields)
        frame_id = "" if stamp_ns is None else str(message.header.frame_id)
        stamp_ns = self.get_clock().now().nanoseconds if stamp_ns is None else stamp_ns
        return Heard(Reading(number, stamp_ns, values), frame_id)


def load(told: SequenceRecognizerParameters) -> SequenceStage:
    """The model that the parameters name, on the signals that they name.

    :raises ConfigError: if the model does not say which signals it takes, and neither do the parameters.
    """
    stage = SequenceStage.load(told.file, told.device, told.backend)
    if told.signals:
        stage.listen_to(tuple(parse_signal(text) for text in told.signals))
    require(len(stage.signals) > 0, "signals", "topics and fields, as the model has learned from arrays", told.signals)
    for signal in stage.signals:
        message_class(signal.type)
    return stage


def parse_signal(text: str) -> SignalConfig:
    """A topic, its type and fields from a text.

    :raises ConfigError: if it is none.
    """
    topic, kind, *fields = [*text.split(), "", ""] if len(text.split()) < 2 else text.split()
    try:
        return SignalConfig(topic, kind, tuple(fields))
    except ConfigError as error:
        raise ConfigError(f"signals: {text!r}: {error}") from error


def guesses(result: Recognition) -> list[Guess]:
    """Class ids, 0 for unknown, with their probabilities, the likeliest first; unknown where that is the answer."""
    order = (-result.probabilities).argsort(kind="stable").tolist()
    found = [Guess(str(number + 1), float(result.probabilities[number])) for number in order]
    return found if result.label >= 0 else [Guess("0", 1.0 - found[0].score), *found]


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(SequenceRecognizer, args)


if __name__ == "__main__":
    sys.exit(main())
