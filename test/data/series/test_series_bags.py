"""Series in bags: fields of topics at one rate, labels beside them, gaps between them."""

import numpy as np
import pytest
from geometry_msgs.msg import Vector3
from std_msgs.msg import Float64, UInt8
from tiny_series import BEGIN_NS, IMU, RATE_HZ, SIGNAL, imu_at, save_bag

from dl_robotics.config import ConfigError
from dl_robotics.data.errors import DataError
from dl_robotics.data.recordings import BagWriter
from dl_robotics.data.series.config import LabelTopicConfig, SeriesConfig, SignalConfig
from dl_robotics.data.series.open import open_series

TOLD = {"signals": (SIGNAL,), "rate_hz": 25.0}
LABELS = LabelTopicConfig("/activity")


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    return save_bag(tmp_path_factory.mktemp("bags") / "bag")


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    return save_bag(tmp_path_factory.mktemp("bags") / "gap", gap_s=(2.0, 3.0))


def opened(path, **told):
    return open_series(SeriesConfig(paths=(str(path),), **{**TOLD, **told}))


def test_fields_are_resampled_to_the_rate_by_stamp(bag):
    data = opened(bag)
    values = data[0].values  # x is the time, z twice that
    assert values.shape[1] == 2
    np.testing.assert_allclose(np.diff(values[:, 0]), 1.0 / 25.0, atol=1e-5)
    np.testing.assert_allclose(values[:, 1], 2.0 * values[:, 0], atol=1e-5)
    assert data[0].signals == (("imu.linear_acceleration.x", "imu.angular_velocity.z"), (SIGNAL,), 25.0)
    assert (data.classes, data[0].label) == ((), -1)


def test_labels_hold_until_the_next_one_and_samples_with_both_are_left_out(bag):
    data = opened(bag, labels=LABELS, window=30, hop=30)
    found = [(data.classes[data[n].label], data[n].values[0, 0], data[n].values[-1, 0]) for n in range(len(data))]
    assert {word for word, *_ in found} == {"walk", "run"}
    assert all(last < 4.02 for word, _, last in found if word == "walk")
    assert all(first > 3.98 for word, first, _ in found if word == "run")
    assert len(found) == 5  # six windows of 1.2 s fit into 8 s; one has the change within


def test_nothing_is_interpolated_over_a_gap(broken):
    data = opened(broken, window=5, max_gap_s=0.2)
    times = np.concatenate([data[n].values[:, 0] for n in range(len(data))])
    assert not ((times > 2.02) & (times < 2.98)).any()
    assert times.max() > 7.0
    bridged = opened(broken, max_gap_s=2.0)
    assert len(bridged) == 1


def test_blocks_are_stretches_of_time(bag):
    data = opened(bag, window=25, block_s=2.0)
    assert data.blocks == sorted(data.blocks)
    assert set(data.blocks) == {0, 1, 2, 3}


def test_numbers_of_unstamped_topics_are_put_on_the_stamps_clock(tmp_path):
    """The receiving machine's clock is an hour ahead of the stamps', and runs at half their pace."""
    with BagWriter(tmp_path / "bag") as bag:
        for number in range(60):
            time_s = number / 20.0
            received_ns = BEGIN_NS + 3600 * 10**9 + round(time_s * 0.5e9)
            bag.write_message("/imu", imu_at(BEGIN_NS + round(time_s * 1e9), time_s), received_ns)
            bag.write_message("/load", Float64(data=10.0 * time_s), received_ns)
    load = SignalConfig("/load", "std_msgs/msg/Float64", ("data",))
    values = opened(tmp_path / "bag", signals=(SIGNAL, load))[0].values
    np.testing.assert_allclose(values[:, 2], 10.0 * values[:, 0], atol=1e-3)


def test_classes_by_number_and_arrays_by_place(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        bag.write_message("/class", UInt8(data=1), BEGIN_NS)
        for number in range(20):
            bag.write_message("/imu", imu_at(BEGIN_NS + number * 50_000_000, 1.0), BEGIN_NS + number * 50_000_000)
    field = SignalConfig("/imu", IMU, ("orientation_covariance[8]", "header.stamp.sec"))
    told = {"signals": (field,), "labels": LabelTopicConfig("/class", "std_msgs/msg/UInt8"), "window": 5}
    data = opened(tmp_path / "bag", classes=("still", "moving"), **told)
    assert {data[n].label for n in range(len(data))} == {1}
    assert opened(tmp_path / "bag", **told).classes == ("1",)
    with pytest.raises(DataError, match="/class: expected messages that can be used"):
        opened(tmp_path / "bag", classes=("still",), **told)


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        (SignalConfig("/imu", IMU, ("acceleration.x",)), "/imu: expected messages that can be used.*acceleration.x"),
        (SignalConfig("/imu", IMU, ("linear_acceleration",)), "linear_acceleration: expected a finite number"),
        (SignalConfig("/imu", "std_msgs/msg/Float64", ("data",)), "expected messages of std_msgs/msg/Float64 on /imu"),
        (SignalConfig("/other", IMU, ("linear_acceleration.x",)), "on /other; got .*/imu"),
    ],
)
def test_what_is_not_there_is_named(bag, signal, expected):
    with pytest.raises(DataError, match=expected):
        opened(bag, signals=(signal,))


def test_messages_with_numbers_that_are_none_are_left_out(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        for number in range(20):
            stamp_ns = BEGIN_NS + number * 20_000_000
            message = imu_at(stamp_ns, 1.0)
            if number == 7:
                message.linear_acceleration = Vector3(x=float("nan"), y=0.0, z=0.0)
            bag.write_message("/imu", message, stamp_ns)
    np.testing.assert_allclose(opened(tmp_path / "bag", rate_hz=RATE_HZ)[0].values[:, 0], 1.0)


def test_bags_need_signals_and_a_rate(bag):
    with pytest.raises(DataError, match="signals: expected topics"):
        open_series(SeriesConfig(paths=(str(bag),)))
    with pytest.raises(ConfigError, match="rate_hz: expected > 0 Hz"):
        SeriesConfig(paths=(str(bag),), signals=(SIGNAL,))
    with pytest.raises(ConfigError, match="type: expected a message type"):
        SignalConfig("/imu", "Imu", ("x",))
