"""The sequence recognizer over topics."""

import numpy as np
import pytest
from lifecycle_msgs.msg import State
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import Imu, PointCloud2
from std_msgs.msg import Float64
from tiny_series import BEGIN_NS, RATE_HZ, imu_at, save_model
from vision_msgs.msg import Classification, LabelInfo

from dl_robotics.messages.classification import decode_classification
from dl_robotics.messages.forecast import decode_anomaly, decode_forecast
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.nodes.sequence_recognizer import SequenceRecognizer, parse_signal
from dl_robotics.sequences.settings import SequenceSettings
from dl_robotics.sequences.stage import SequenceStage
from dl_robotics.sequences.window import Reading

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PERIOD_NS = round(1e9 / RATE_HZ)


class ImuBench:
    """A recognizer of the model, and somebody who moves."""

    def __init__(self, rig, path, **parameters):
        self.rig = rig
        self.node = rig.start(SequenceRecognizer, model=str(path), backend="torch", **parameters)
        self.node.trigger_configure()
        self.node.trigger_activate()
        self.imu = rig.speaker(Imu, "imu", 100)
        self.sent = 0

    def move(self, count):
        """Send readings, each when the one before has been received."""
        for _ in range(count):
            received = self.node.inputs[0].received
            self.imu.publish(imu_at(BEGIN_NS + self.sent * PERIOD_NS, np.sin(self.sent), np.cos(self.sent)))
            self.sent += 1
            self.rig.until(lambda received=received: self.node.inputs[0].received > received, "the reading")


def expected(path, count):
    stage = SequenceStage.load(path, backend="torch")
    stage.settings = SequenceSettings()
    for number in range(count):
        result = stage(Reading(0, BEGIN_NS + number * PERIOD_NS, np.array([np.sin(number), np.cos(number)])))
    return result


@pytest.fixture
def model(tmp_path):
    return save_model(tmp_path / "model.safetensors")


def test_activities_are_the_stages_and_carry_the_last_stamp(rig, model):
    bench = ImuBench(rig, model)
    heard = rig.hear("sequence_recognizer/activity", Classification)
    labels = rig.hear("sequence_recognizer/label_info", LabelInfo, LATCHED)
    bench.move(14)
    rig.until(lambda: len(heard) == 3, "three activities")
    found = decode_classification(heard[-1])
    assert (found.stamp_ns, found.frame_id) == (BEGIN_NS + 13 * PERIOD_NS, "wrist")
    probabilities = expected(model, 14).probabilities
    scores = {int(guess.word) - 1: guess.score for guess in found.guesses}
    np.testing.assert_allclose([scores[0], scores[1]], probabilities, atol=1e-5)
    assert found.guesses[0].score >= found.guesses[1].score
    rig.until(lambda: labels, "the class names")
    assert decode_label_info(labels[0]).names == {0: "unknown", 1: "walk", 2: "run"}


def test_settings_change_while_it_runs(rig, model):
    bench = ImuBench(rig, model)
    heard = rig.hear("sequence_recognizer/activity", Classification)
    rig.until(lambda: bench.node.parameters.value.min_probability == 0.0, "the first settings")
    (result,) = bench.node.set_parameters([Parameter("min_probability", value=1.0)])
    assert result.successful
    bench.move(12)
    rig.until(lambda: heard, "an activity")
    assert decode_classification(heard[0]).guesses[0].word == "0"


def test_forecasts(rig, tmp_path):
    path = save_model(tmp_path / "model.safetensors", goal="forecast", horizon=3)
    bench = ImuBench(rig, path)
    heard = rig.hear("sequence_recognizer/forecast", PointCloud2)
    bench.move(12)
    rig.until(lambda: heard, "a forecast")
    found, wanted = decode_forecast(heard[0]), expected(path, 12)
    np.testing.assert_allclose(found.values, wanted.values, atol=1e-5)
    np.testing.assert_allclose(found.times_s, np.arange(1, 4) / RATE_HZ)


def test_anomalies(rig, tmp_path):
    path = save_model(tmp_path / "model.safetensors", goal="anomaly", horizon=2)
    bench = ImuBench(rig, path)
    heard = rig.hear("sequence_recognizer/anomaly", PointCloud2)
    bench.move(14)
    rig.until(lambda: heard, "an anomaly score")
    assert decode_anomaly(heard[0]).score == pytest.approx(expected(path, 14).score, rel=1e-4)


def test_other_topics_by_parameter(rig, tmp_path):
    path = save_model(tmp_path / "model.safetensors", signals=())
    signals = ["left std_msgs/msg/Float64 data", "right std_msgs/msg/Float64 data"]
    node = rig.start(SequenceRecognizer, model=str(path), backend="torch", signals=signals)
    node.trigger_configure()
    node.trigger_activate()
    heard = rig.hear("sequence_recognizer/activity", Classification)
    speakers = [rig.speaker(Float64, topic, 100) for topic in ("left", "right")]

    def speak():
        for speaker in speakers:
            speaker.publish(Float64(data=1.0))

    timer = rig.client.create_timer(1.0 / RATE_HZ, speak)
    rig.until(lambda: heard, "an activity of unstamped numbers")
    timer.cancel()


def test_a_message_that_cannot_be_used_is_counted_and_harmless(rig, model):
    bench = ImuBench(rig, model)
    heard = rig.hear("sequence_recognizer/activity", Classification)
    bench.move(6)
    broken = imu_at(BEGIN_NS + 6 * PERIOD_NS, 1.0)
    broken.linear_acceleration.x = float("nan")
    bench.imu.publish(broken)
    rig.until(lambda: bench.node.inputs[0].refused == 1, "the refusal")
    bench.sent = 6
    bench.move(6)
    rig.until(lambda: heard, "an activity all the same")


@pytest.mark.parametrize(
    ("changed", "signals", "reason"),
    [
        ({"signals": ()}, [], "signals: expected topics and fields"),
        ({}, ["imu sensor_msgs/msg/Imu linear_acceleration.x"], "signals: expected 2 fields"),
        ({}, ["imu no_msgs/msg/Imu a b"], "expected an installed message type"),
        ({}, ["imu"], "signals: 'imu'"),
    ],
)
def test_signals_that_do_not_fit_keep_it_from_being_configured(rig, tmp_path, changed, signals, reason):
    path = save_model(tmp_path / "model.safetensors", **changed)
    node = rig.start(SequenceRecognizer, model=str(path), backend="torch", signals=signals)
    node.trigger_configure()
    assert node._state_machine.current_state[0] == State.PRIMARY_STATE_UNCONFIGURED
    assert reason in node._failure


def test_a_signal_is_read_from_its_text():
    signal = parse_signal("/imu sensor_msgs/msg/Imu linear_acceleration.x angular_velocity.z")
    assert signal.channels == ("imu.linear_acceleration.x", "imu.angular_velocity.z")
