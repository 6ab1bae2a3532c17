"""A new checkpoint takes over from the old one while images keep coming."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from camera_bench import CameraBench
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from std_srvs.srv import Trigger
from tiny_vision import CLASSES, save_detector, save_segmenter
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.messages.detections import decode_detections
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.nodes.detector import DetectorNode
from dl_robotics.nodes.hot_model import HotModel
from dl_robotics.nodes.models import LOADING

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
ANSWER_S = 10.0
PERIOD_S = 0.2
Asked = tuple[int, str]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_detector(tmp_path / "detector.safetensors", seed=0)


@pytest.fixture
def better(tmp_path: Path) -> Path:
    return save_detector(tmp_path / "better.safetensors", seed=1)


@pytest.fixture
def bench(rig: Rig, model: Path) -> CameraBench:
    return CameraBench(rig, DetectorNode, model=str(model), backend="torch")


def hot_model(bench: CameraBench) -> HotModel:
    return bench.node.stages["detector"].model


def set_model(rig: Rig, path: Path) -> SetParametersResult:
    """As ``ros2 param set`` does it."""
    told = Parameter("model", value=str(path)).to_parameter_msg()
    return rig.call(SetParameters, "detector/set_parameters", parameters=[told]).results[0]


def damage(path: Path) -> None:
    """Change the last weight: the file's header tells nothing of it."""
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def answers(heard: list, asked: Asked) -> bool:
    return bool(heard) and decode_header(heard[-1].header) == asked


def differ(one: Detection2DArray, other: Detection2DArray) -> bool:
    """Whether two answers to one picture come from different models."""
    before, after = decode_detections(one).detections, decode_detections(other).detections
    return before.boxes.shape != after.boxes.shape or bool((before.boxes != after.boxes).any())


def test_at_most_one_frame_is_dropped(bench: CameraBench, better: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    unanswered, swapped_at = 0, 0
    for number in range(1, 10_000):
        asked = bench.show()  # as fast as answers come, so that a loaded machine drops none by itself
        answered = bench.rig.happens(lambda asked=asked: answers(heard, asked), ANSWER_S)
        unanswered += not answered
        if number == 5:
            assert bench.tell(model=str(better)) == (True, "")
        if not swapped_at and hot_model(bench).used.model == str(better):
            swapped_at = number
        if swapped_at and number == swapped_at + 5:
            break
    assert unanswered <= 1
    assert differ(heard[0], heard[-1])


def affordable_period_s(bench: CameraBench, heard: list) -> float:
    """That of 5 frames a second, or of fewer where the machine is so loaded that it might drop some by itself."""
    slowest_s = 0.0
    for _ in range(5):
        begin_s = time.monotonic()
        bench.ask(heard)
        slowest_s = max(slowest_s, time.monotonic() - begin_s)
    return max(PERIOD_S, 5.0 * slowest_s)


def stream(bench: CameraBench, period_s: float, over: Callable[[int], bool]) -> list[Asked]:
    """Send images at a steady rate, answered or not, until it is over after that many."""
    sent: list[Asked] = []
    due_s = time.monotonic()
    while not over(len(sent)):
        sent.append(bench.show())
        due_s = max(due_s + period_s, time.monotonic())
        bench.rig.spin_for(due_s - time.monotonic())
    return sent


def test_a_steady_stream_loses_at_most_one_frame(bench: CameraBench, better: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    period_s = affordable_period_s(bench, heard)
    sent = stream(bench, period_s, lambda count: count == 5)
    with LOADING:  # the new model takes five frames at least to be loaded
        assert bench.tell(model=str(better)) == (True, "")
        sent += stream(bench, period_s, lambda count: count == 5)
    sent += stream(bench, period_s, lambda count: hot_model(bench).used.model == str(better) or count == 100)
    sent += stream(bench, period_s, lambda count: count == 5)
    bench.rig.until(lambda: answers(heard, sent[-1]), "the last answer")
    assert len(set(sent) - {decode_header(message.header) for message in heard}) <= 1
    assert differ(heard[0], heard[-1])


def test_the_old_model_works_while_the_new_one_is_loaded(bench: CameraBench, better: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    first = bench.ask(heard)
    with LOADING:  # takes as long as it likes
        assert bench.tell(model=str(better)) == (True, "")
        assert not any(differ(first, bench.ask(heard)) for _ in range(5))
        assert hot_model(bench).note.startswith("loading")
    bench.rig.until(lambda: hot_model(bench).used.model == str(better), "the exchange")
    assert differ(first, bench.ask(heard))
    assert bench.node.lanes[0].overtaken == 0


def test_other_classes_are_told_again(bench: CameraBench, tmp_path: Path) -> None:
    labels = bench.rig.hear("detector/label_info", LabelInfo, LATCHED)
    bench.rig.until(lambda: labels, "the class names")
    pets = save_detector(tmp_path / "pets.safetensors", ("background", "cat", "dog", "fish"))
    assert set_model(bench.rig, pets).successful
    bench.rig.until(lambda: len(labels) > 1, "the new class names")
    assert [list(decode_label_info(message).names.values())[1:] for message in labels] == [
        list(CLASSES[1:]),
        ["cat", "dog", "fish"],
    ]


@pytest.mark.parametrize("name", ["missing", "text", "segmenter", "truncated"])
def test_what_is_no_detector_is_refused_at_once(bench: CameraBench, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.safetensors"
    if name == "text":
        path.write_text("not a checkpoint")
    if name == "segmenter":
        save_segmenter(path)
    if name == "truncated":
        path.write_bytes(save_detector(path).read_bytes()[:-100])
    result = set_model(bench.rig, path)
    assert not result.successful
    assert str(path) in result.reason
    assert bench.ask(bench.rig.hear("detector/detections", Detection2DArray))


def test_damaged_weights_leave_the_old_model_and_its_parameter(bench: CameraBench, model: Path, better: Path) -> None:
    damage(better)
    assert set_model(bench.rig, better).successful  # this can only be seen once it is loaded
    bench.rig.until(lambda: hot_model(bench).note.startswith("refused"), "the refusal")
    assert bench.node.get_parameter("model").value == str(model)
    status = bench.report()["/detector: detector"]
    assert "damaged" in status.values["last exchange"]
    assert str(model) in status.values["model"]
    assert bench.ask(bench.rig.hear("detector/detections", Detection2DArray))


def test_the_service_loads_a_file_that_was_written_again(bench: CameraBench, model: Path) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    before = bench.ask(heard)
    save_detector(model, seed=1)
    response = bench.rig.call(Trigger, "detector/load")
    assert response.success, response.message
    assert differ(before, bench.ask(heard))
    damage(model)
    response = bench.rig.call(Trigger, "detector/load")
    assert not response.success
    assert "damaged" in response.message


def test_setting_the_same_model_loads_it_again(bench: CameraBench, model: Path) -> None:
    stage = hot_model(bench).stage
    assert set_model(bench.rig, model).successful
    bench.rig.until(lambda: hot_model(bench).stage is not stage, "the new stage")


def test_settings_that_do_not_fit_the_new_classes_refuse_it(bench: CameraBench, model: Path, tmp_path: Path) -> None:
    assert bench.tell(classes=["ball"]) == (True, "")
    pets = save_detector(tmp_path / "pets.safetensors", ("background", "cat", "dog"))
    assert bench.tell(model=str(pets)) == (True, "")
    bench.rig.until(lambda: hot_model(bench).note.startswith("refused"), "the refusal")
    assert "'ball'" in hot_model(bench).note
    assert hot_model(bench).stage.classes == CLASSES


def test_another_backend_is_an_exchange_too(bench: CameraBench) -> None:
    assert bench.tell(backend="onnxruntime") == (True, "")
    bench.rig.until(lambda: hot_model(bench).stage.backend.name == "onnxruntime", "the new backend")
    accepted, reason = bench.tell(backend="abacus")
    assert not accepted
    assert "backend" in reason


def test_a_node_without_a_model_takes_the_name_and_loads_nothing(rig: Rig, tmp_path: Path) -> None:
    node = rig.start(DetectorNode)
    assert node.set_parameters([Parameter("model", value=str(tmp_path / "later"))])[0].successful
    response = rig.call(Trigger, "detector/load")
    assert not response.success
    assert "expected a configured node" in response.message
