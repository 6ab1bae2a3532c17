"""Activities of people whose joints come on a topic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rclpy.parameter import Parameter
from rig import Rig
from sensor_msgs.msg import PointCloud2
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.commands.benchmark.random_models import save_random_recogniser
from dl_robotics.messages.activities import StampedActivities, decode_activities
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.messages.skeletons import encode_skeletons
from dl_robotics.nodes.action_recognizer import ActionRecognizer
from dl_robotics.nodes.outputs import NEWEST_LATCHED
from dl_robotics.ops.skeletons import Skeletons

FRAME_ID, BEGIN_NS, PERIOD_NS = "camera_optical_frame", 1_700_000_000_123_456_789, 100_000_000
SETTINGS = {"every": 2, "smoothing_s": 0.2, "min_confidence": 0.0, "forget_s": 1.0}
FRAMES = 8


@pytest.fixture
def model(tmp_path: Path) -> Path:
    small = {"frames": FRAMES, "rate_hz": 10.0, "channels": (8,), "strides": (1,)}
    return save_random_recogniser(tmp_path / "recogniser.safetensors", **small)


class Bench:
    """An active recogniser, and who tells it of people."""

    def __init__(self, rig: Rig, model: Path, **parameters: object) -> None:
        self.rig = rig
        told = {"model": str(model), "backend": "torch", **SETTINGS, **parameters}
        self.node: ActionRecognizer = rig.start(ActionRecognizer, autostart=True, **told)
        rig.until(lambda: self.node.active, "the node to start")
        self.heard = rig.hear("action_recognizer/activities", Detection2DArray)
        self.speaker = rig.speaker(PointCloud2, "skeletons")

    def ask(self, skeletons: Skeletons, stamp_ns: int) -> StampedActivities:
        """The answer to a frame."""
        before = len(self.heard)
        self.speaker.publish(encode_skeletons(skeletons, encode_header(stamp_ns, FRAME_ID)))
        self.rig.until(lambda: len(self.heard) > before, "the answer")
        return decode_activities(self.heard[-1])


def crowd(numbers: list[int], seed: int = 0) -> Skeletons:
    rng = np.random.default_rng((seed, *numbers))
    joints = rng.uniform(0.0, 400.0, (len(numbers), 17, 3)).astype(np.float32)
    return Skeletons(joints, rng.uniform(0.3, 1.0, joints.shape[:2]).astype(np.float32), np.array(numbers, np.int64))


def recorded() -> list[tuple[int, Skeletons]]:
    """A stream in which frames are dropped, a person leaves and returns, another comes in, and both change places."""
    present = [[1]] * 4 + [[1, 2]] * 6 + [[2]] * 4 + [[2, 1]] * 6 + [[]] * 2 + [[2]] * 3
    lost = {2, 7, 8, 15}
    return [(BEGIN_NS + k * PERIOD_NS, crowd(who, k)) for k, who in enumerate(present) if k not in lost]


def test_people_are_told_apart_and_named_as_the_stage_does(rig: Rig, model: Path) -> None:
    bench, stage = Bench(rig, model), ActionRecogniser.load(model, backend="torch")
    stage.settings = replace(stage.settings, **SETTINGS)
    named = 0
    for stamp_ns, skeletons in recorded():
        answer = bench.ask(skeletons, stamp_ns)
        expected = stage(skeletons, stamp_ns)
        assert (answer.stamp_ns, answer.frame_id) == (stamp_ns, FRAME_ID)
        assert [one.person for one in answer.people] == expected.persons.tolist()
        assert [one.label for one in answer.people] == expected.labels.tolist()
        for one, box, score in zip(answer.people, expected.boxes, expected.scores, strict=True):
            np.testing.assert_allclose(one.box, box, atol=1e-3)
            assert one.scores[one.label] == pytest.approx(score, abs=1e-5)
            named += one.label > 0
    assert named > 10


def test_class_names_come_beside(rig: Rig, model: Path) -> None:
    Bench(rig, model, min_confidence=0.25)
    heard = rig.hear("action_recognizer/label_info", LabelInfo, NEWEST_LATCHED)
    rig.until(lambda: heard, "the names")
    assert decode_label_info(heard[-1]).names == {0: "unknown", 1: "ball", 2: "box"}
    assert heard[-1].threshold == pytest.approx(0.25)


def test_a_bag_that_begins_again_begins_anew(rig: Rig, model: Path) -> None:
    bench = Bench(rig, model, max_gap_s=1.0)
    for k in range(FRAMES):
        answer = bench.ask(crowd([5], k), BEGIN_NS + k * 3 * PERIOD_NS)
    assert answer.people[0].label > 0
    assert bench.ask(crowd([5]), BEGIN_NS).people[0].label == 0


def test_settings_change_while_it_runs(rig: Rig, model: Path) -> None:
    bench = Bench(rig, model)
    for k in range(FRAMES):
        bench.ask(crowd([5], k), BEGIN_NS + k * PERIOD_NS)
    assert bench.node.set_parameters_atomically([Parameter("min_confidence", value=1.0)]).successful
    answer = bench.ask(crowd([5]), BEGIN_NS + FRAMES * PERIOD_NS)
    assert list(answer.people[0].scores) == [0]
    refused = bench.node.set_parameters_atomically([Parameter("continual", value=True)])
    assert not refused.successful
    assert "a model without padding" in refused.reason


def test_another_layout_is_told_in_the_diagnostics(rig: Rig, model: Path) -> None:
    bench = Bench(rig, model)
    bench.speaker.publish(encode_skeletons(Skeletons.none(33), encode_header(BEGIN_NS, FRAME_ID)))
    bench.rig.until(lambda: bench.node.stages["recogniser"].blocked, "the refusal")
    assert "expected the 17 joints of the model's layout, got 33" in bench.node.stages["recogniser"].blocked.reason
