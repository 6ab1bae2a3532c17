"""The detector over topics."""

import time
from pathlib import Path

import numpy as np
import pytest
from camera_bench import PICTURE, CameraBench
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from sensor_msgs.msg import CompressedImage, Image
from tiny_vision import CLASSES, save_detector
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.detection.stage import Detector
from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.detections import decode_detections
from dl_robotics.messages.diagnostics import Level
from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.nodes.detector import DetectorNode

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_detector(tmp_path / "detector.safetensors")


@pytest.fixture
def bench(rig: Rig, model: Path) -> CameraBench:
    return CameraBench(rig, DetectorNode, model=str(model), backend="torch", score_threshold=0.5, max_detections=20)


def test_detections_are_the_stages_and_carry_the_images_header(bench: CameraBench, model: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    answer = bench.ask(heard)
    found = decode_detections(answer).detections
    stage = Detector.load(model, backend="torch")
    stage.settings = bench.node.stages["detector"].model.used
    expected = stage(PICTURE)
    assert len(expected) > 0
    np.testing.assert_array_equal(found.labels, expected.labels)
    np.testing.assert_allclose(found.boxes, expected.boxes, atol=1e-3)
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-6)
    assert {decode_header(one.header) for one in answer.detections} == {decode_header(answer.header)}


def test_blue_first_is_the_same_picture(bench: CameraBench) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    red_first = decode_detections(bench.ask(heard)).detections
    blue_first = decode_detections(bench.ask(heard, PICTURE[..., ::-1], "bgr8")).detections
    np.testing.assert_array_equal(red_first.boxes, blue_first.boxes)


def test_an_empty_result_is_published_as_such(bench: CameraBench) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    assert len(bench.ask(heard).detections) > 0
    assert bench.tell(score_threshold=1.0) == (True, "")
    assert bench.ask(heard).detections == []
    assert bench.tell(score_threshold=0.5) == (True, "")
    assert len(bench.ask(heard).detections) > 0


def test_classes_are_told_to_those_who_come_late(bench: CameraBench) -> None:
    labels = bench.rig.hear("detector/label_info", LabelInfo, LATCHED)
    bench.rig.until(lambda: labels, "the class names")
    told = decode_label_info(labels[0])
    assert told.names == dict(enumerate(CLASSES))
    assert told.threshold == pytest.approx(0.5)
    assert bench.tell(score_threshold=0.75) == (True, "")
    bench.rig.until(lambda: labels[-1].threshold == pytest.approx(0.75), "the new threshold")


def test_only_the_classes_asked_for_are_kept(bench: CameraBench) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    assert bench.tell(classes=["box"]) == (True, "")
    assert set(decode_detections(bench.ask(heard)).detections.labels) <= {CLASSES.index("box")}
    accepted, reason = bench.tell(classes=["unicorn"])
    assert not accepted
    assert "unicorn" in reason
    assert bench.node.stages["detector"].model.parameters.value.classes == ("box",)


def test_annotated_images_are_drawn_on_request(bench: CameraBench) -> None:
    bench.show()
    heard = bench.rig.hear("detector/annotated", Image)
    drawn = decode_image(bench.ask(heard))
    assert drawn.shape == PICTURE.shape
    assert (drawn != PICTURE).any()
    assert (drawn == PICTURE).any()


def test_nothing_is_run_that_nobody_reads(bench: CameraBench) -> None:
    bench.show()
    status = bench.report()["/detector: detector"]
    assert status.values["frames in"] == "0"
    assert bench.report()["/detector"].message == "nobody reads /detector/detections"


def test_what_passes_is_counted_and_timed(bench: CameraBench, model: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    for _ in range(3):
        bench.ask(heard)
    status = bench.report(lambda told: told["/detector: detector"].values["frames out"] == "3")["/detector: detector"]
    assert (status.level, status.message) == (Level.OK, "works")
    assert str(model) in status.values["model"]
    assert float(status.values["own time p50 (ms)"]) > 0.0
    assert float(status.values["age p50 (ms)"]) > float(status.values["own time p50 (ms)"])


def test_compressed_images_are_taken_from_the_topic_of_their_transport(rig: Rig, model: Path) -> None:
    node = rig.start(
        DetectorNode, "-r", "image:=camera/picture", model=str(model), backend="torch", autostart=True, compressed=True
    )
    rig.until(lambda: node.active, "the node to start")
    camera = rig.speaker(CompressedImage, "camera/picture/compressed")
    heard = rig.hear("detector/detections", Detection2DArray)
    header = encode_header(time.time_ns(), "camera")
    camera.publish(encode_compressed_image(PICTURE, "rgb8", header))
    rig.until(lambda: heard, "the answer")
    assert decode_header(heard[0].header) == decode_header(header)
