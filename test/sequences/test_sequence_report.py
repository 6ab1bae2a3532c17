"""Reports by hand: recognitions, forecasts, anomalies."""

import json

import numpy as np
import pytest
from tiny_series import settings

from dl_robotics.data.errors import DataError
from dl_robotics.data.series.series import Series, Signals
from dl_robotics.sequences.report import make_report
from dl_robotics.sequences.results import UNKNOWN, Anomaly, Forecast, Recognition

SIGNALS = Signals(("a", "b"), (), 1.0)


def series(label=-1, values=((0.0, 0.0),)):
    return Series(np.array(values, np.float32), label, "here", SIGNALS)


def named(label):
    return Recognition(np.array([0.5, 0.5], np.float32), label)


def test_recognitions(tmp_path):
    report = make_report(settings())
    for truth, found in ((0, 0), (0, 0), (0, 1), (1, 1), (1, UNKNOWN)):
        report.add(series(truth), named(found))
    assert report.figures() == {"top1": 0.6, "top1/commonest": 0.6}
    assert report.classes()["walk"] == {"recall": pytest.approx(2 / 3), "precision": 1.0, "clips": 3.0}
    assert report.classes()["run"] == {"recall": 0.5, "precision": 0.5, "clips": 2.0}
    report.write(tmp_path, {"by": "hand"})
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["confusion"] == {"names": ["walk", "run"], "counts": [[2, 1], [0, 1]]}
    assert written["by"] == "hand"
    with pytest.raises(DataError, match="here: expected a label"):
        report.add(series(), named(0))


def test_forecasts_are_told_beside_baselines_in_standard_deviations(tmp_path):
    told = settings(goal="forecast", horizon=2, length=4, std=(2.0, 1.0), seasonal_period=2)
    report = make_report(told)
    values = np.zeros((6, 2))
    values[:, 0] = [0.0, 4.0, 0.0, 4.0, 0.0, 4.0]
    foretold = Forecast(np.array([[1.0, 0.0], [4.0, 0.0]], np.float32), np.array([1.0, 2.0]))
    report.add(series(values=values), foretold)
    figures = report.figures()
    assert figures["mae"] == pytest.approx(0.5 / 4)  # off by 1 of a deviation of 2, once in four numbers
    assert figures["mae/naive"] == pytest.approx(2.0 / 4)  # off by 4 in the first step
    assert figures["mae/moving_average"] == pytest.approx((1.0 + 1.0) / 4)
    assert figures["mae/seasonal"] == 0.0
    assert report.steps()["1"]["naive"] == pytest.approx(1.0)
    assert "moving_average" in report.table()
    report.write(tmp_path, {})
    assert json.loads((tmp_path / "report.json").read_text())["steps"]["2"]["model"] == 0.0


def test_anomalies(tmp_path):
    report = make_report(settings(goal="anomaly", horizon=2, normal="walk"))
    for label, score, anomalous in ((0, 1.0, False), (0, 3.0, True), (1, 2.0, False), (1, 9.0, True), (-1, 0.5, False)):
        report.add(series(label), Anomaly(score, 0.5, anomalous))
    assert report.figures() == {"auroc": pytest.approx(5 / 6), "found": 0.5, "false alarms": pytest.approx(1 / 3)}
    report.write(tmp_path, {})
    assert "auroc" in report.table()
