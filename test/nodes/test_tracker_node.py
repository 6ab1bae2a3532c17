"""The tracker over topics."""

import copy
from pathlib import Path

import numpy as np
import pytest
from camera_bench import CameraBench
from geometry_msgs.msg import PoseWithCovariance
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from tiny_vision import save_detector
from vision_msgs.msg import Detection2DArray, LabelInfo, ObjectHypothesis, ObjectHypothesisWithPose

from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.messages.skeletons import decode_skeletons, encode_skeletons
from dl_robotics.nodes.pipeline import PipelineNode
from dl_robotics.nodes.tracker import TrackerNode
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeletons import Skeletons

STEP_NS = 33_000_000
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PIPELINE = """
stages:
  - {name: boxes, kind: detector, settings: {backend: torch, score_threshold: 0.25, max_detections: 5}}
  - {name: tracks, kind: tracker, takes: [boxes, stamp], settings: {low_score: 0.2, high_score: 0.2, birth_score: 0.2}}
"""


@pytest.fixture
def node(rig: Rig) -> TrackerNode:
    node = rig.start(TrackerNode, autostart=True, min_hits=1)
    rig.until(lambda: node.active, "the node to start")
    return node


def header(frame: int) -> Header:
    return encode_header(1_000_000_000 + frame * STEP_NS, "camera")


def two_people(frame: int) -> Detections:
    left = np.array([100.0 + 3 * frame, 400.0 - 3 * frame])
    corners = np.stack([left, np.full(2, 50.0)], 1)
    boxes = np.hstack([corners, corners + np.array([40.0, 100.0])]).astype(np.float32)
    return Detections(boxes, np.array([1, 1]), np.array([0.9, 0.75], np.float32))


def test_detections_come_out_as_they_went_in_but_for_their_ids(rig: Rig, node: TrackerNode) -> None:
    detector = rig.speaker(Detection2DArray, "detections")
    heard = rig.hear("tracker/detections", Detection2DArray)
    for frame in range(5):
        message = encode_detections(two_people(frame), header(frame), ("person", "person"))
        doubt = ObjectHypothesis(class_id="statue", score=0.25)
        message.detections[0].results.append(ObjectHypothesisWithPose(hypothesis=doubt, pose=PoseWithCovariance()))
        detector.publish(message)
        rig.until(lambda number=frame + 1: len(heard) == number, "the tracks")
        assert [one.id for one in heard[-1].detections] == ["1", "2"]
        expected = copy.deepcopy(message)
        for detection, name in zip(expected.detections, ("1", "2"), strict=True):
            detection.id = name
        assert heard[-1] == expected


def test_skeletons_get_the_numbers_of_their_tracks(rig: Rig, node: TrackerNode) -> None:
    source = rig.speaker(PointCloud2, "skeletons")
    heard = rig.hear("tracker/skeletons", PointCloud2)
    joints = np.random.default_rng(0).uniform(0, 100, (2, 17, 3)).astype(np.float32) * (1, 1, 0)
    joints[1, :, 0] += 300
    for frame in range(3):
        order = [0, 1] if frame % 2 else [1, 0]
        people = Skeletons(joints[order].astype(np.float32), np.full((2, 17), 0.9, np.float32), np.array([70, 80]))
        source.publish(encode_skeletons(people, header(frame)))
        rig.until(lambda number=frame + 1: len(heard) == number, "the tracks")
        stamp_ns, _, found = decode_skeletons(heard[-1])
        assert stamp_ns == decode_header(header(frame))[0]
        assert found.persons.tolist() == ([2, 1] if frame % 2 else [1, 2])


def test_an_empty_message_is_answered_and_a_late_one_named(rig: Rig, node: TrackerNode) -> None:
    detector = rig.speaker(Detection2DArray, "detections")
    heard = rig.hear("tracker/detections", Detection2DArray)
    detector.publish(encode_detections(Detections.none(), header(5)))
    rig.until(lambda: heard, "an empty answer")
    assert heard[0].detections == []
    detector.publish(encode_detections(two_people(0), header(0)))
    rig.until(lambda: node.blocked, "the late message to be refused")
    assert "expected later than" in node.blocked.reason
    detector.publish(encode_detections(two_people(6), header(6)))
    rig.until(lambda: len(heard) == 2, "the next answer")
    assert [one.id for one in heard[1].detections] == ["1", "2"]
    assert node.blocked is None


def test_settings_follow_the_parameters(rig: Rig, node: TrackerNode) -> None:
    detector = rig.speaker(Detection2DArray, "detections")
    heard = rig.hear("tracker/detections", Detection2DArray)
    node.set_parameters([Parameter("keep_untracked", value=True), Parameter("birth_score", value=0.8)])
    detector.publish(encode_detections(two_people(0), header(0)))
    rig.until(lambda: heard, "the tracks")
    assert [one.id for one in heard[0].detections] == ["1", ""]


def test_class_names_stand_beside_the_tracks(rig: Rig, node: TrackerNode) -> None:
    source = rig.speaker(LabelInfo, "label_info", LATCHED)
    told = encode_label_info(("background", "person"), header(0))
    source.publish(told)
    heard = rig.hear("tracker/label_info", LabelInfo, LATCHED)
    rig.until(lambda: heard, "the class names")
    assert heard[0] == told


def test_a_pipeline_tracks_what_its_detector_finds(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(PIPELINE)
    model = str(save_detector(tmp_path / "detector.safetensors"))
    bench = CameraBench(rig, PipelineNode, pipeline=str(file), **{"boxes.model": model})
    heard = rig.hear("pipeline/tracks/detections", Detection2DArray)
    told = [[one.id for one in bench.ask(heard).detections] for _ in range(3)]
    assert len(told[0]) > 0
    assert told[0] == told[1] == told[2]
    assert len(set(told[0])) == len(told[0])
