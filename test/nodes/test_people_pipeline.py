"""From a camera to activities in one process."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from camera_bench import PICTURE, CameraBench
from rig import Rig
from sensor_msgs.msg import Image
from vision_msgs.msg import Detection2DArray

from dl_robotics import config
from dl_robotics.commands.benchmark.random_models import save_random_recogniser
from dl_robotics.messages.activities import decode_activities
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.nodes.image_node import ImageNode, ImageNodeParameters
from dl_robotics.nodes.kind import Kind
from dl_robotics.nodes.models import PartParameters
from dl_robotics.nodes.pipeline import KINDS, PipelineNode
from dl_robotics.nodes.pose_estimator import PoseTopics
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.pipeline import PipelineConfig
from dl_robotics.pose.models import LANDMARKS, PoseModelError, find
from dl_robotics.resources import shipped

ACTIVITIES, ANNOTATED = "pipeline/activity/activities", "pipeline/activity/annotated"
FRAMES = 6
PEOPLE = config.load(PipelineConfig, shipped("pipelines", "people", ".yaml"))
LAYOUT = SkeletonLayout.load("blazepose33")


class DotFinder:
    """Finds people drawn as dots, a joint each from top to bottom, all dots of one as bright as each other."""

    layout, settings = LAYOUT, None

    def reset(self) -> None:
        """Nothing is remembered."""

    def __call__(self, image: np.ndarray) -> Skeletons:
        places = [np.argwhere(image[..., 0] == level)[:, ::-1] for level in np.unique(image[image > 0])]
        joints = np.zeros((len(places), len(LAYOUT.joints), 3), np.float32)
        for row, dots in enumerate(places):
            joints[row, :, :2] = dots
        return Skeletons(joints, np.ones(joints.shape[:2], np.float32), np.arange(len(places)))


@dataclass(frozen=True)
class DotParameters(PartParameters):
    """None."""


DOTS = Kind("pose", DotParameters, lambda _: DotFinder(), PoseTopics, example=lambda _: (dotted(80),))


class DotNode(ImageNode[ImageNodeParameters]):
    """The pipeline for people, of dots."""

    def __init__(self, **node: Any) -> None:
        super().__init__("pipeline", ImageNodeParameters, **node)
        self.set_up(PEOPLE, {**KINDS, "pose": DOTS})


def dotted(*columns: int) -> np.ndarray:
    """A picture of people, who stand in these columns."""
    image = np.zeros_like(PICTURE)
    for number, column in enumerate(columns):
        image[10 + number : 109 + number : 3, column] = 100 + number
    return image


@pytest.fixture
def model(tmp_path: Path) -> Path:
    small = {"layout": "blazepose33", "frames": FRAMES, "rate_hz": 20.0, "channels": (8,), "strides": (1,)}
    return save_random_recogniser(tmp_path / "recogniser.safetensors", **small)


@pytest.fixture
def bench(rig: Rig, model: Path) -> CameraBench:
    told = {"activity.model": str(model), "activity.backend": "torch", "activity.min_confidence": 0.0}
    patient = {
        "activity.max_gap_s": 60.0,
        "activity.forget_s": 60.0,
        "tracker.max_lost_s": 60.0,
    }  # a busy machine stalls
    return CameraBench(rig, DotNode, **told, **patient, **{"activity.every": 1})


def test_people_are_followed_and_named(bench: CameraBench) -> None:
    heard, begin_s = bench.rig.hear(ACTIVITIES, Detection2DArray), time.monotonic()
    tracks = []
    while not tracks or min(tracks[-1].values(), default=0) == 0:
        asked = bench.ask(heard, dotted(30 + len(tracks) % 2, 90))
        answer = decode_activities(asked)
        tracks.append({one.person: one.label for one in answer.people})
        assert time.monotonic() < begin_s + 60.0
    assert len(tracks[-1]) == 2
    assert {frozenset(found) for found in tracks if len(found) == 2} == {frozenset(tracks[-1])}
    left = sorted(one.box[0] for one in answer.people)
    assert left == pytest.approx([30 + (len(tracks) - 1) % 2, 90])


def test_annotated_pictures_have_people_in_them(bench: CameraBench) -> None:
    heard = bench.rig.hear(ANNOTATED, Image)
    for _ in range(4):
        drawn = decode_image(bench.ask(heard, dotted(60)))
    assert (drawn != dotted(60)).any()


def test_what_is_not_read_is_not_run(bench: CameraBench) -> None:
    skeletons = bench.rig.hear("pipeline/pose/annotated", Image)
    bench.ask(skeletons, dotted(60))
    frames_in = {name: part.health.frames_in for name, part in bench.node.stages.items()}
    assert frames_in == {"pose": 1, "tracker": 0, "activity": 0}


def test_the_shipped_pipeline_with_the_real_networks(rig: Rig, model: Path) -> None:
    """Noise shows nobody; the answer comes all the same."""
    try:
        find(LANDMARKS)
    except PoseModelError as missing:
        pytest.skip(str(missing))
    told = {"activity.model": str(model), "activity.backend": "torch", "pose.backend": "litert"}
    bench = CameraBench(rig, PipelineNode, pipeline="people", **told)
    answer = bench.ask(rig.hear(ACTIVITIES, Detection2DArray))
    assert answer.detections == []
    assert decode_header(answer.header)[0] == bench.stamp_ns
