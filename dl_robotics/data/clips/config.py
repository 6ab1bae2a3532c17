"""Which clips of joints to learn from, and how to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from dl_robotics.config import require
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.config import MotionConfig

Format: TypeAlias = Literal["auto", "arrays", "pyskl", "ntu", "kinetics", "bag", "generated"]
Axes: TypeAlias = Literal["pixels", "rep103", "kinect"]


@dataclass(frozen=True)
class ClipTopicsConfig:
    """Topics of a bag. An empty name takes the bag's only topic of the type.

    :param skeletons: ``sensor_msgs/PointCloud2`` with fields x, y, z, score, joint, person.
    :param labels: ``vision_msgs/Detection2DArray``, whose ``id`` is the person's number and whose class the activity;
        or ``std_msgs/String``, the activity of all people from then on, empty for none.
    :param label_info: ``vision_msgs/LabelInfo``, where classes are written as numbers.
    """

    skeletons: str = ""
    labels: str = ""
    label_info: str = ""


@dataclass(frozen=True)
class GeneratorConfig:
    """Clips that are made up.

    :param seed: equal seeds give equal clips; a person of one seed is in no other.
    :param clips: number of them; activities take turns.
    """

    seed: int = 0
    clips: int = 1000
    motion: MotionConfig = field(default_factory=MotionConfig)

    def __post_init__(self) -> None:
        require(self.seed >= 0, "seed", ">= 0", self.seed)
        require(self.clips >= 1, "clips", ">= 1", self.clips)


@dataclass(frozen=True, kw_only=True)
class ClipsConfig:
    """Labelled clips: files, folders and bags, joined in the order of their paths, or clips made up by a generator.

    :param paths: ``~`` is the home folder; none for generated clips.
    :param format: ``auto`` looks at each path.
    :param layout: the table of the joints, a shipped one's name or the path of another.
    :param subset: part of the data, as its makers name it: a split of a PYSKL file; ``train`` or ``val`` of
        Kinetics-skeleton; ``xsub_train``, ``xsub_val``, ``xview_train``, ... of NTU RGB+D.
    :param persons: most people kept of a clip: those that move most.
    :param axes: what coordinates of arrays and PYSKL files are: pixels; metres with x forward, y left and z up
        (REP-103); or metres as the Kinect has them, x left, y up and z forward, which are turned to the former.
    :param rate_hz: of formats without stamps.
    :param topics: of bags.
    :param longest_gap_s: of bags: a person who is not seen for longer begins a new clip.
    :param shortest_s: of bags: shorter clips are left out.
    :param generator: of generated clips.
    :param classes: names by class id. Empty: as the data name them.
    :param rename: another name for a class of the data. Names that become equal merge; an empty one drops its clips.
    :param unknown_classes: what happens to classes that ``classes`` does not name: refused by name, or dropped.
    :param readable_part: use what can be read of damaged bags instead of refusing them.
    :param block: what a split keeps whole: all clips of a subject, where the data tell, or each clip.
    """

    layout: str
    paths: tuple[str, ...] = ()
    format: Format = "auto"
    subset: str = ""
    persons: int = 1
    axes: Axes = "rep103"
    rate_hz: float = 30.0
    topics: ClipTopicsConfig = field(default_factory=ClipTopicsConfig)
    longest_gap_s: float = 0.5
    shortest_s: float = 0.5
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    classes: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    unknown_classes: Literal["refuse", "drop"] = "refuse"
    readable_part: bool = False
    block: Literal["subject", "clip"] = "subject"

    def __post_init__(self) -> None:
        generated = self.format == "generated"
        require(bool(self.paths) != generated, "paths", "none" if generated else "one or more", self.paths)
        require(self.persons >= 1, "persons", ">= 1", self.persons)
        require(self.rate_hz > 0.0, "rate_hz", "> 0", self.rate_hz)
        require(self.longest_gap_s > 0.0, "longest_gap_s", "> 0 s", self.longest_gap_s)
        require(self.shortest_s >= 0.0, "shortest_s", ">= 0 s", self.shortest_s)
        require(len(set(self.classes)) == len(self.classes), "classes", "each name once", self.classes)
        require("" not in self.classes, "classes", "names that are not empty", self.classes)

    @cached_property
    def skeleton(self) -> SkeletonLayout:
        """The table of joints."""
        return SkeletonLayout.load(self.layout)
