"""Which signals to learn from, and how to read and to cut them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dl_robotics.config import require

Format: TypeAlias = Literal["auto", "npz", "ts", "bag"]


@dataclass(frozen=True)
class SignalConfig:
    """Numeric fields of one topic, a channel each.

    :param topic: as the bag has it, or as a node subscribes to it.
    :param type: of its messages, e.g. ``sensor_msgs/msg/Imu``.
    :param fields: dotted names, with places of arrays in brackets: ``linear_acceleration.x``, ``position[2]``.
    """

    topic: str
    type: str
    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.topic != "", "topic", "a name", self.topic)
        require(self.type.count("/") == 2, "type", "a message type such as sensor_msgs/msg/Imu", self.type)
        require(len(self.fields) > 0 and "" not in self.fields, "fields", "names of fields", self.fields)
        require(len(set(self.fields)) == len(self.fields), "fields", "each name once", self.fields)

    @property
    def channels(self) -> tuple[str, ...]:
        """A name for each field: the topic's and its own."""
        return tuple(f"{self.topic.strip('/')}.{name}" for name in self.fields)


@dataclass(frozen=True)
class LabelTopicConfig:
    """A topic that says what is going on, from the stamp of each message until the next.

    :param topic: of any type.
    :param type: of its messages.
    :param field: holds the class: its name, or its number among ``classes``. An empty name ends what was going on.
    """

    topic: str
    type: str = "std_msgs/msg/String"
    field: str = "data"

    def __post_init__(self) -> None:
        require(self.topic != "", "topic", "a name", self.topic)
        require(self.field != "", "field", "the name of a field", self.field)


@dataclass(frozen=True, kw_only=True)
class SeriesConfig:
    """Series of numbers: bags, arrays (``.npz``) and files of the UEA archive (``.ts``), one after another.

    :param paths: of bags and files. ``~`` is the home folder.
    :param format: ``auto`` looks at each path.
    :param subset: of arrays with an official split: ``train`` or ``test``; empty for all.
    :param signals: of bags: what is read. They are resampled to ``rate_hz`` together.
    :param labels: of bags: what was going on; None where nothing is classified.
    :param classes: names by class id; empty: the words that come, in alphabetical order.
    :param rename: another name for a class of the data; names that become equal merge, an empty one drops the class.
    :param unknown_classes: what happens to classes that ``classes`` does not name: refused by name, or dropped.
    :param rate_hz: steps a second; of arrays what they were taken at, 0 if that is not known.
    :param max_gap_s: of bags: two messages further apart are not interpolated.
    :param window: steps of a sample; 0 for whole clips.
    :param hop: steps from one sample to the next; 0 for ``window``.
    :param block_s: length of the stretches of a bag that a split keeps whole.
    :param readable_part: use what can be read of damaged bags instead of refusing them.
    """

    paths: tuple[str, ...]
    format: Format = "auto"
    subset: Literal["", "train", "test"] = ""
    signals: tuple[SignalConfig, ...] = ()
    labels: LabelTopicConfig | None = None
    classes: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    unknown_classes: Literal["refuse", "drop"] = "refuse"
    rate_hz: float = 0.0
    max_gap_s: float = 0.5
    window: int = 0
    hop: int = 0
    block_s: float = 5.0
    readable_part: bool = False

    def __post_init__(self) -> None:
        require(len(self.paths) > 0, "paths", "at least one bag or file", self.paths)
        require(len(set(self.classes)) == len(self.classes), "classes", "each name once", self.classes)
        require("" not in self.classes, "classes", "names that are not empty", self.classes)
        require(self.window == 0 or self.window >= 2, "window", "0, or 2 steps and more", self.window)
        require(self.hop >= 0, "hop", ">= 0 steps", self.hop)
        for name in ("max_gap_s", "block_s"):
            require(getattr(self, name) > 0.0, name, "> 0 s", getattr(self, name))
        lowest = "> 0 Hz, to which signals are resampled" if self.signals else ">= 0 Hz"
        require(self.rate_hz > 0.0 or (self.rate_hz == 0.0 and not self.signals), "rate_hz", lowest, self.rate_hz)
        names = [channel for signal in self.signals for channel in signal.channels]
        require(len(set(names)) == len(names), "signals", "each field of a topic once", names)
