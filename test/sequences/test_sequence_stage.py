"""Sequence models as stages: streams and whole clips, the three goals, and files that cannot be used."""

import numpy as np
import pytest
import torch
from tiny_series import RATE_HZ, SIGNAL, save_model, settings

from dl_robotics import checkpoint, config
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.config import ConfigError
from dl_robotics.data.series.config import SignalConfig
from dl_robotics.sequences.model import KIND, build_model, load_model
from dl_robotics.sequences.results import UNKNOWN, Anomaly, Forecast, Recognition
from dl_robotics.sequences.settings import SequenceSettings
from dl_robotics.sequences.stage import SequenceStage
from dl_robotics.sequences.window import Reading

NS = 1_700_000_000_000_000_000


def stage(tmp_path, settings_=None, backend="torch", **changed):
    made = SequenceStage.load(save_model(tmp_path / "model.safetensors", **changed), backend=backend)
    made.settings = settings_ or SequenceSettings()
    return made


def readings(count, begin=0, rate_hz=RATE_HZ):
    for number in range(begin, begin + count):
        values = np.array([np.sin(number / 3.0), np.cos(number / 5.0)])
        yield Reading(0, NS + round(number / rate_hz * 1e9), values)


def test_a_stream_says_what_its_window_says_as_a_clip(tmp_path):
    made = stage(tmp_path)
    results = [made(one) for one in readings(20)]
    assert results[:11] == [None] * 11
    assert all(isinstance(one, Recognition) for one in results[11:])
    values = np.stack([one.values for one in readings(20)]).astype(np.float32)
    expected = made.judge(values[-12:])
    np.testing.assert_allclose(results[-1].probabilities, expected.probabilities, atol=1e-5)
    assert results[-1].probabilities.sum() == pytest.approx(1.0)
    assert made.judged_ns == NS + round(19 / RATE_HZ * 1e9)


@pytest.mark.parametrize("network", [{"kind": "lstm"}, {"kind": "tcn"}, {"kind": "transformer", "heads": 2}])
def test_backends_agree(tmp_path, network):
    values = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
    changed = {"network": {"hidden": 8, **network}, "members": 2, "differences": True}
    found = [stage(tmp_path, None, name, **changed).judge(values).probabilities for name in ("torch", "onnxruntime")]
    np.testing.assert_allclose(*found, atol=1e-5)


def test_as_often_as_told_and_at_once_after_a_jump_of_time(tmp_path):
    made = stage(tmp_path, SequenceSettings(every=4))
    said = [made(one) is not None for one in readings(24)]
    assert np.flatnonzero(said).tolist() == [11, 15, 19, 23]
    said = [made(one) is not None for one in readings(12, begin=-1000)]
    assert np.flatnonzero(said).tolist() == [11]


def test_less_probable_than_asked_for_is_unknown(tmp_path):
    made = stage(tmp_path, SequenceSettings(min_probability=1.0))
    *_, last = (made(one) for one in readings(12))
    assert last.label == UNKNOWN
    made.settings = SequenceSettings(min_probability=0.0)
    assert made.judge(np.zeros((12, 2), np.float32)).label in (0, 1)


def test_probabilities_are_smoothed_and_forgotten_with_the_signals(tmp_path):
    plain, smooth = stage(tmp_path), stage(tmp_path, SequenceSettings(smoothing_s=60.0))
    for one in readings(40):
        latest, smoothed = plain(one), smooth(one)
        if latest is not None and one.stamp_ns == NS + round(11 / RATE_HZ * 1e9):
            first = latest.probabilities
    np.testing.assert_allclose(smoothed.probabilities, first, atol=1e-2)
    assert np.abs(latest.probabilities - smoothed.probabilities).max() > 1e-3
    smooth.reset()
    assert [smooth(one) for one in readings(11)] == [None] * 11


def test_a_gap_silences(tmp_path):
    made = stage(tmp_path, SequenceSettings(max_gap_s=0.1))
    assert [made(one) for one in readings(12)][-1] is not None
    after = [made(one) for one in readings(11, begin=30)]
    assert after == [None] * 11
    assert [made(one) for one in readings(3, begin=41)][-1] is not None


def test_forecasts_are_in_the_signals_units_and_times_in_seconds(tmp_path):
    made = stage(tmp_path, goal="forecast", horizon=3, mean=(5.0, 0.0), std=(2.0, 1.0))
    *_, last = (made(one) for one in readings(12))
    assert isinstance(last, Forecast)
    assert last.values.shape == (3, 2)
    np.testing.assert_allclose(last.times_s, np.arange(1, 4) / RATE_HZ)
    model, told = load_model(tmp_path / "model.safetensors")
    values = np.stack([one.values for one in readings(12)]).astype(np.float32)
    with torch.no_grad():
        network = model(torch.from_numpy((values - told.mean).astype(np.float32) / np.float32(told.std))[None])[0]
    np.testing.assert_allclose(last.values, network.numpy() * told.std + told.mean, atol=1e-4)


def test_what_is_far_from_its_forecast_is_anomalous(tmp_path):
    made = stage(tmp_path, goal="anomaly", horizon=2)
    assert made.steps == 14
    values = np.zeros((14, 2), np.float32)
    calm = made.judge(values)
    values[-2:] = 1000.0
    wild = made.judge(values)
    assert isinstance(calm, Anomaly)
    assert wild.score > calm.score
    assert (wild.rank, wild.anomalous) == (1.0, True)


def test_a_model_without_measured_errors_is_refused(tmp_path):
    told = settings(goal="anomaly", horizon=2)
    path = tmp_path / "model.safetensors"
    checkpoint.save(path, checkpoint.Checkpoint(KIND, build_model(told).state_dict(), config.to_dict(told)))
    with pytest.raises(CheckpointError, match=r"model\.safetensors: config\.errors: expected"):
        SequenceStage.load(path, backend="torch")


def test_weights_of_other_settings_are_refused(tmp_path):
    told = config.to_dict(settings()) | {"network": {"kind": "gru", "hidden": 9}}
    path = tmp_path / "model.safetensors"
    checkpoint.save(path, checkpoint.Checkpoint(KIND, build_model(settings()).state_dict(), told))
    with pytest.raises(CheckpointError, match="do not fit its settings"):
        load_model(path)


def test_other_topics_can_be_read_if_their_fields_are_as_many(tmp_path):
    made = stage(tmp_path, signals=(), rate_hz=RATE_HZ)
    assert made.signals == ()
    with pytest.raises(ValueError, match="signals: expected"):
        made(next(readings(1)))
    parts = (SignalConfig("a", "std_msgs/msg/Float64", ("data",)), SignalConfig("b", "std_msgs/msg/Float64", ("data",)))
    made.listen_to(parts)
    assert made.signals == parts
    with pytest.raises(ConfigError, match="signals: expected 2 fields"):
        made.listen_to(parts[:1])


def test_signals_without_a_rate_are_refused(tmp_path):
    made = stage(tmp_path, signals=(), rate_hz=0.0)
    with pytest.raises(ConfigError, match="rate_hz: expected"):
        made.listen_to((SIGNAL,))


def test_numbers_that_are_not_finite_are_damaged_weights(tmp_path):
    made = stage(tmp_path)
    with pytest.raises(FloatingPointError):
        made.judge(np.full((12, 2), np.nan, np.float32))
