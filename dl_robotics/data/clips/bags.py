"""Clips in bags: a topic of skeletons, and one that says who does what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.labels import read_class_names, spell_out
from dl_robotics.data.bags.recording import Recording
from dl_robotics.data.bags.topics import BOXES, LABEL_INFO, choose_topic
from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.data.series.stamped import Stamped, read_topic
from dl_robotics.data.views import digest
from dl_robotics.messages.detections import decode_objects
from dl_robotics.messages.skeletons import decode_skeletons
from dl_robotics.ops.skeletons import Skeletons

SKELETONS, WORDS = "sensor_msgs/msg/PointCloud2", "std_msgs/msg/String"
EVERYBODY = -1  # in the place of a person's number
NS_PER_S = 1e9

Doing = Mapping[int, str]  # what people do, by their numbers


class Run(NamedTuple):
    """Somebody who does one thing without a gap.

    :param person: their number, or ``EVERYBODY``.
    :param frames: numbers of the messages of skeletons.
    """

    person: int
    word: str
    frames: list[int]


def find_in_bag(path: Path, config: ClipsConfig) -> Found:
    """The clips of a bag: for each person, or everybody, every run of one activity.

    What a label says counts from its stamp until the next one; of people, as long as they are in the labels.

    :raises DataError: naming bag and topic of what is missing or cannot be used.
    """
    bag, notes = Recording(path, (SKELETONS, BOXES, WORDS, LABEL_INFO), config.readable_part), Notes(path)
    topic = _chosen(bag, config.topics.skeletons, "skeletons", (SKELETONS,))
    labels = _chosen(bag, config.topics.labels, "labels", (BOXES, WORDS))
    info = choose_topic(bag, config.topics.label_info, "label_info", (LABEL_INFO,), near=labels)
    names = read_class_names(bag, info)
    decode = partial(decode_skeletons, num_joints=len(config.skeleton.joints))
    seen = read_topic(bag, topic, SKELETONS, lambda m: decode(m).skeletons, notes, config.readable_part)
    kind = bag.topics[labels].type
    said = read_topic(bag, labels, kind, _everybody if kind == WORDS else _each, notes, config.readable_part)
    runs = [run for run in _runs(seen, said.on_clock_of(seen), config) if _long_enough(run, seen, config)]
    notes.tell()
    spelt = [run._replace(word=spell_out(run.word, names, config)) for run in runs]
    words = [names[number] for number in sorted(names)] or sorted({run.word for run in spelt})
    entries = [Entry(run.word, -1, partial(_read, f"{path}: {topic}", config, seen, run)) for run in spelt]
    version = digest(path.name, topic, labels, seen.stamps_ns.tobytes(), *(f"{run.word} {run.frames}" for run in spelt))
    return Found(words, entries, version)


def _chosen(bag: Recording, asked: str, use: str, types: Sequence[str]) -> str:
    topic = choose_topic(bag, asked, use, types)
    if not topic:
        raise DataError(f"{bag.path}: expected a topic of {use}, {' or '.join(types)}; got {bag.described()}")
    return topic


def _each(message: Any) -> Doing:
    """What each person does; objects without a number, or with a name for one, are nobody's."""
    objects = decode_objects(message)
    return {int(one): word for one, word in zip(objects.ids, objects.classes, strict=False) if one.isdecimal()}


def _everybody(message: Any) -> Doing:
    return {EVERYBODY: str(message.data)}


def _runs(seen: Stamped, said: Stamped, config: ClipsConfig) -> Iterator[Run]:
    """Every run, in the order in which they end."""
    label_of = np.searchsorted(said.stamps_ns, seen.stamps_ns, side="right") - 1
    at_work: dict[int, Run] = {}
    for frame, label in enumerate(label_of.tolist()):
        doing: Doing = said.values[label] if label >= 0 else {}
        people = seen.values[frame].persons.tolist()
        present = {EVERYBODY} if EVERYBODY in doing and people else set(people)
        for person in present:
            word, run = doing.get(person, ""), at_work.get(person)
            if run and (run.word != word or _seconds(seen, run.frames[-1], frame) > config.longest_gap_s):
                yield at_work.pop(person)
            if word:
                at_work.setdefault(person, Run(person, word, [])).frames.append(frame)
    yield from at_work.values()


def _long_enough(run: Run, seen: Stamped, config: ClipsConfig) -> bool:
    return len(run.frames) >= 2 and _seconds(seen, run.frames[0], run.frames[-1]) >= config.shortest_s


def _seconds(seen: Stamped, first: int, last: int) -> float:
    return float(seen.stamps_ns[last] - seen.stamps_ns[first]) / NS_PER_S


def _read(place: str, config: ClipsConfig, seen: Stamped, run: Run, label: int) -> Clip:
    skeletons: list[Skeletons] = [seen.values[frame] for frame in run.frames]
    numbers = sorted({int(n) for one in skeletons for n in one.persons}) if run.person == EVERYBODY else [run.person]
    shape = (len(skeletons), len(numbers), len(config.skeleton.joints))
    joints: npt.NDArray[np.float32] = np.zeros((*shape, 3), np.float32)
    scores: npt.NDArray[np.float32] = np.zeros(shape, np.float32)
    for row, one in enumerate(skeletons):
        for column, number in enumerate(numbers):
            (rows,) = np.nonzero(one.persons == number)
            if len(rows):
                joints[row, column], scores[row, column] = one.joints[rows[0]], one.scores[rows[0]]
    stamps_ns = seen.stamps_ns[run.frames]
    stamps_s = (stamps_ns - stamps_ns[0]) / NS_PER_S
    source = f"{place} from {stamps_ns[0]} ns on"
    axes = config.axes if joints[..., 2].any() else "pixels"
    return make_clip(config, joints, scores, label, -1, source, axes=axes, stamps_s=stamps_s)
