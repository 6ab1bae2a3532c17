"""Ground truth of the simulator's camera: of the same instant as its image, and only for those who read it."""

import numpy as np
import pytest
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from sensor_msgs.msg import CameraInfo, Image
from std_srvs.srv import Trigger
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.config import ConfigError
from dl_robotics.messages.camera_info import decode_camera_info
from dl_robotics.messages.detections import decode_detections
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.nodes.simulator import Simulator

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
# Towards the orange cylinder, which stands at (-1.25, -0.15).
POSE = {"world": "static", "start": "pose", "start_pose": [-1.25, -1.15, 1.5708], "paused": True}
CYLINDER, FLOOR, WALL = 3, 6, 7


def test_names_reach_those_who_come_late(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True)
    heard = rig.hear("simulator/labels/label_info", LabelInfo, LATCHED)
    rig.until(lambda: heard, "the names")
    names = decode_label_info(heard[0]).names
    assert [names[label] for label in (0, CYLINDER, FLOOR, WALL)] == ["background", "cylinder", "floor", "wall"]


def test_image_depth_boxes_and_mask_are_of_one_instant(rig: Rig) -> None:
    rig.start(Simulator, step_ticks=4, **POSE)
    images, depths = rig.hear("image", Image), rig.hear("depth", Image)
    boxes = rig.hear("simulator/labels/detections", Detection2DArray)
    masks, infos = rig.hear("simulator/labels/segmentation", Image), rig.hear("camera_info", CameraInfo)
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: images and depths and boxes and masks and infos, "all five")
    headers = {decode_header(heard[0].header) for heard in (images, depths, boxes, masks, infos)}
    assert len(headers) == 1

    mask, depth = decode_image(masks[0]), decode_image(depths[0])
    assert (masks[0].encoding, depths[0].encoding) == ("mono8", "32FC1")
    assert mask.shape == depth.shape == (240, 320)
    found = decode_detections(boxes[0]).detections
    middle = (found.boxes[:, 0] < 160) & (found.boxes[:, 2] > 160)
    (box,) = found.boxes[middle].astype(int)
    assert found.labels[middle].tolist() == [CYLINDER]
    ahead = mask[box[1] : box[3], box[0] : box[2]] == CYLINDER
    assert ahead.mean() > 0.9
    focal = decode_camera_info(infos[0]).intrinsics[0, 0]
    assert (mask[230] == FLOOR).all()
    # The camera is 0.085 m before the robot's origin, the cylinder's near side 0.85 m.
    assert depth[120, 160] == pytest.approx(0.765, abs=0.002)
    assert box[2] - box[0] == pytest.approx(2 * 0.15 * focal / 0.915, rel=0.05)
    assert np.isinf(depth[0]).any() == (mask[0] == 0).any()


def test_an_empty_result_is_sent_as_such(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True, step_ticks=4)
    boxes = rig.hear("simulator/labels/detections", Detection2DArray)
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: boxes, "an empty result")
    assert len(decode_detections(boxes[0]).detections) == 0
    assert decode_header(boxes[0].header)[1] == "camera_link_optical_frame"


def test_names_come_from_the_parameter(rig: Rig, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text("things: [thing]\nstuff: [stuff]\n")
    rig.start(Simulator, world="empty", paused=True, labels=str(tmp_path / "mine.yaml"))
    heard = rig.hear("simulator/labels/label_info", LabelInfo, LATCHED)
    rig.until(lambda: heard, "the names")
    assert decode_label_info(heard[0]).names == {0: "background", 1: "thing", 2: "stuff"}


def test_a_list_that_is_none_is_refused_by_name(rig: Rig, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text("thing: [x]\n")
    with pytest.raises(ConfigError, match=r"mine.yaml: thing: unknown key"):
        rig.start(Simulator, world="empty", paused=True, labels=str(tmp_path / "mine.yaml"))
