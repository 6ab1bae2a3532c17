"""Images from one node to another in the same process."""

import threading
from pathlib import Path

import numpy as np
import pytest
from camera_bench import FRAME_ID, PICTURE
from rclpy.node import Node
from rig import Rig
from sensor_msgs.msg import Image
from tiny_vision import save_detector
from vision_msgs.msg import Detection2DArray

from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.nodes.detector import DetectorNode
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.image_input import ImageInput
from dl_robotics.nodes.image_output import ImageOutput


class Camera(Node):
    def __init__(self, **node: object) -> None:
        super().__init__("camera", **node)
        self.images = ImageOutput(self, "image")

    def show(self, stamp_ns: int, picture: np.ndarray = PICTURE) -> None:
        self.images(picture, encode_header(stamp_ns, FRAME_ID))


class Viewer(Node):
    """Looks at images as a node with stages does."""

    def __init__(self, **node: object) -> None:
        super().__init__("viewer", **node)
        self.frames: list[Frame] = []
        self.images = ImageInput(self, False, self.frames.append)
        self.images.open()


def test_the_array_itself_is_handed_over_and_nothing_is_sent(rig: Rig) -> None:
    camera, viewer = rig.start(Camera), rig.start(Viewer)
    rig.until(lambda: camera.count_subscribers("/image") == 0, "the end of the subscription")
    camera.show(1)
    assert viewer.frames[0].image is PICTURE
    assert (viewer.frames[0].stamp_ns, viewer.frames[0].frame_id) == (1, FRAME_ID)
    assert viewer.images.received == 1


def test_the_order_of_the_nodes_does_not_matter(rig: Rig) -> None:
    viewer = rig.start(Viewer)
    rig.until(lambda: viewer.count_subscribers("/image") == 1, "the subscription")
    camera = rig.start(Camera)
    rig.until(lambda: viewer.count_subscribers("/image") == 0, "the end of the subscription")
    camera.show(1)
    rig.spin_for(0.1)
    assert len(viewer.frames) == 1


def test_readers_elsewhere_get_messages(rig: Rig, stranger: Rig) -> None:
    camera, viewer = rig.start(Camera), rig.start(Viewer)
    heard = stranger.hear("image", Image)
    rig.until(lambda: camera.count_subscribers("/image") == 1, "the reader elsewhere")
    camera.show(5)
    stranger.until(lambda: heard, "the message")
    np.testing.assert_array_equal(decode_image(heard[0]), PICTURE)
    assert len(viewer.frames) == 1


def test_a_closed_input_takes_nothing(rig: Rig) -> None:
    camera, viewer = rig.start(Camera), rig.start(Viewer)
    viewer.images.close()
    assert not camera.images.wanted
    camera.show(1)
    assert viewer.frames == []


def test_other_topics_and_other_contexts_are_left_alone(rig: Rig, stranger: Rig) -> None:
    viewer, far = rig.start(Viewer, "-r", "image:=other"), stranger.start(Viewer)
    camera = rig.start(Camera)
    camera.show(1)
    assert viewer.frames == far.frames == []


@pytest.fixture
def detector(rig: Rig, tmp_path: Path) -> DetectorNode:
    model = save_detector(tmp_path / "detector.safetensors")
    node = rig.start(DetectorNode, model=str(model), backend="torch", autostart=True)
    rig.until(lambda: node.active, "the node to start")
    return node


def test_a_busy_stage_takes_the_newest_frame_and_counts_the_others(rig: Rig, detector: DetectorNode) -> None:
    camera, heard = rig.start(Camera), rig.hear("detector/detections", Detection2DArray)
    gate, lane = threading.Event(), detector.lanes[0]
    lane.submit(gate.wait, 20.0)  # the stage is busy with something
    for stamp_ns in range(1, 11):
        camera.show(stamp_ns)
    gate.set()
    rig.until(lambda: heard, "the answer")
    assert [decode_header(message.header) for message in heard] == [(10, FRAME_ID)]
    assert lane.overtaken == 9
    camera.show(11)
    rig.until(lambda: len(heard) == 2, "the next answer")
    report = detector.parts()["detector"][2]
    assert (report["frames in"], report["frames out"], report["dropped"]) == (2, 2, 9)


def test_a_node_at_rest_is_done_with_its_frame_and_takes_no_other(rig: Rig, detector: DetectorNode) -> None:
    camera, heard = rig.start(Camera), rig.hear("detector/detections", Detection2DArray)
    camera.show(1)
    detector.trigger_deactivate()
    camera.show(2)
    rig.spin_for(0.2)
    assert [decode_header(message.header)[0] for message in heard] in ([], [1])
    detector.trigger_activate()
    camera.show(3)
    rig.until(lambda: heard and decode_header(heard[-1].header)[0] == 3, "the answer")
