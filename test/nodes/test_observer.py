"""The observer beside a running stage: what it sees over DDS, and what the command makes of it."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import Image, Imu
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.commands.observe import report, stage_times, troubles
from dl_robotics.config import ConfigError
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.diagnostics import Level, Status, encode_diagnostics
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.nodes.observer import Observer, Watched
from dl_robotics.nodes.passage import Passage
from dl_robotics.nodes.result_kinds import class_table
from dl_robotics.nodes.truth_pairs import WAITING, TruthPairs
from dl_robotics.ops.detections import Detections

MS = 1_000_000
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PICTURE = np.zeros((4, 6, 3), np.uint8)
BALL = np.array([[1.0, 1.0, 4.0, 4.0]], np.float32)


def objects(label):
    return Detections(BALL, np.array([label], np.int64), np.ones(1, np.float32))


class Scene:
    """A camera, a stage and its truth, all spoken by the test."""

    def __init__(self, rig, kind, result, truth=""):
        self.rig = rig
        self.camera = rig.client.create_publisher(Image, "camera", 10)
        self.result = rig.client.create_publisher(kind, result, 10)
        self.truth = rig.client.create_publisher(kind, truth, 10) if truth else None
        self.observer = rig.start(lambda **node: Observer(Watched("camera", result, truth), **node))
        publishers = [p for p in (self.camera, self.result, self.truth) if p]
        rig.until(lambda: all(p.get_subscription_count() for p in publishers), "the observer to subscribe")

    def name(self, beside, names):
        publisher = self.rig.client.create_publisher(LabelInfo, f"{beside}/label_info", LATCHED)
        publisher.publish(encode_label_info(names, encode_header(1, "")))

    def see(self, stamp_ns, result=None, truth=None):
        """An image with its result and its truth, as messages that lack a header."""
        header = encode_header(stamp_ns, "camera")
        self.camera.publish(encode_image(PICTURE, "rgb8", header))
        for publisher, make in ((self.truth, truth), (self.result, result)):
            if make:
                publisher.publish(make(header))


def test_ages_drops_and_rates():
    passage = Passage()
    for number in range(5):
        passage.saw_image(100 * MS * number, 100 * MS * number + 5 * MS, 50 * MS * number)
    for number, age in ((1, 20), (3, 40)):
        passage.saw_result(100 * MS * number, 100 * MS * number + age * MS, (50 * number + age) * MS)
    figures = passage.figures()
    assert (figures["images"], figures["results"], figures["dropped"]) == (5, 2, 1)
    assert figures["images/s"] == pytest.approx(20.0)
    assert figures["results/s"] == pytest.approx(1 / 0.12)
    assert figures["age p50 (ms)"] == pytest.approx(30.0)
    assert figures["age p95 (ms)"] == pytest.approx(39.0)
    assert figures["delay p50 (ms)"] == pytest.approx(30.0)
    assert figures["image age p50 (ms)"] == pytest.approx(5.0)
    assert np.isnan(Passage().figures()["age p50 (ms)"])


def test_pairs_join_in_any_order_and_forget_what_waits_too_long():
    joined = []
    pairs = TruthPairs(lambda truth, result: joined.append((truth, result)))
    pairs.truth(1, "a")
    pairs.result(1, "A")
    pairs.result(2, "B")
    pairs.truth(2, "b")
    pairs.result(3, "C")
    for stamp in range(4, 4 + WAITING):
        pairs.result(stamp, "late")
    pairs.truth(3, "c")
    assert joined == [("a", "A"), ("b", "B")]


def test_classes_are_matched_by_name():
    table = class_table({0: "background", 1: "person", 5: "ball"}, {0: "background", 1: "ball"})
    assert table[[0, 1, 5, 9]].tolist() == [0, 255, 1, 255]


def test_detections_beside_their_truth(rig, tmp_path, capsys):
    scene = Scene(rig, Detection2DArray, "stage/detections", "labels/detections")
    scene.name("stage", ("background", "ball"))
    scene.name("labels", ("background", "person", "ball"))
    observer = scene.observer
    rig.until(lambda: observer.report, "the class names")
    now_ns = time.time_ns()
    stamps = [now_ns - (100 - number) * MS for number in range(4)]
    for number, stamp_ns in enumerate(stamps):
        answered = number != 1
        scene.see(
            stamp_ns,
            result=(lambda header: encode_detections(objects(1), header)) if answered else None,
            truth=lambda header: encode_detections(objects(2), header),
        )
    rig.until(lambda: observer.judged == 3, "three pairs")
    rig.until(lambda: observer.passage.figures()["images"] == 4, "the images")
    assert observer.report.figures()["AP"] == pytest.approx(1.0)
    assert report(observer, Watched("camera", "stage/detections", "labels/detections"), tmp_path) == 0
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["passage"]["dropped"] == 1
    assert told["judged"] == 3
    assert 90.0 < told["passage"]["age p50 (ms)"] < 20_000.0
    assert told["figures"]["AP50"] == 1.0
    assert "ball" in capsys.readouterr().out


def test_masks_beside_their_truth(rig):
    scene = Scene(rig, Image, "stage/segmentation", "labels/segmentation")
    scene.name("stage", ("background", "ball"))
    scene.name("labels", ("background", "ball", "floor"))
    rig.until(lambda: scene.observer.report, "the class names")
    truth = np.array([[0, 1, 1, 2]], np.uint8)  # the stage knows no floor
    said = np.array([[0, 1, 0, 0]], np.uint8)
    scene.see(time.time_ns(), *(lambda header, ids=ids: encode_image(ids, "mono8", header) for ids in (said, truth)))
    rig.until(lambda: scene.observer.judged == 1, "the pair")
    assert scene.observer.report.figures() == pytest.approx({"miou": 0.5, "accuracy": 2 / 3})


def test_times_of_stages_come_from_the_diagnostics(rig):
    scene = Scene(rig, Detection2DArray, "detections")
    values = {"frames in": 7, "own time p50 (ms)": "12.50", "age p95 (ms)": "31.00"}
    statuses = [Status(Level.OK, "/pipeline: detector", "", values=values), Status(Level.OK, "/watch", "")]
    speaker = rig.speaker(DiagnosticArray, "/diagnostics")
    speaker.publish(encode_diagnostics(1, statuses))
    rig.until(lambda: len(scene.observer.statuses) == 2, "the diagnostics")
    times = stage_times(scene.observer.statuses)
    assert times == {"/pipeline: detector": {"own time p50 (ms)": 12.5, "age p95 (ms)": 31.0}}


def test_what_cannot_be_observed_is_named(rig, capsys):
    watched = Watched("camera", "imu", "labels")
    rig.client.create_publisher(Imu, "imu", 10)
    observer = rig.start(lambda **node: Observer(watched, **node))
    rig.until(lambda: observer.trouble, "the topic of a wrong type")
    assert report(observer, watched, None) == 1
    told = "\n".join(troubles(observer, watched))
    assert "nobody publishes /camera" in told
    assert "/imu: expected messages of type vision_msgs/msg/Detection2DArray or sensor_msgs/msg/Image" in told
    assert told in capsys.readouterr().out.replace("note: ", "")


def test_the_command_ends_by_itself_and_tells_that_nothing_came(tmp_path):
    topics = ["--image", "/camera", "--result", "/detections"]
    command = [sys.executable, "-m", "dl_robotics.commands", "observe", *topics, "--seconds", "0.5"]
    ended = subprocess.run(
        [*command, "--output", str(tmp_path)], capture_output=True, text=True, timeout=60.0, check=False
    )
    assert ended.returncode == 1, ended.stderr
    assert "note: nobody publishes /detections" in ended.stdout
    assert json.loads((tmp_path / "report.json").read_text())["passage"]["age p50 (ms)"] is None


def test_an_empty_topic_is_refused():
    with pytest.raises(ConfigError, match="image: expected a topic"):
        Watched("", "detections")
