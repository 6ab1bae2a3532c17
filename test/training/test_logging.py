"""Scalars in CSV files and TensorBoard events."""

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dl_robotics.training.logging import ScalarLog


def test_scalars_can_be_read_back(tmp_path):
    with ScalarLog(tmp_path) as log:
        log.write("training", 100, {"loss": 0.5, "q": 2.0})
        log.write("evaluation", 100, {"return": 9.0})
        log.write("training", 200, {"loss": 0.25, "q": 4.0})
    assert (tmp_path / "training.csv").read_text().splitlines() == ["step,loss,q", "100,0.5,2.0", "200,0.25,4.0"]
    assert (tmp_path / "evaluation.csv").read_text().splitlines() == ["step,return", "100,9.0"]
    events = EventAccumulator(str(tmp_path)).Reload()
    assert [(event.step, event.value) for event in events.Scalars("training/loss")] == [(100, 0.5), (200, 0.25)]
    assert [event.value for event in events.Scalars("evaluation/return")] == [9.0]


def test_other_columns_are_refused(tmp_path):
    with ScalarLog(tmp_path) as log:
        log.write("training", 1, {"loss": 0.5})
        with pytest.raises(ValueError, match="q"):
            log.write("training", 2, {"q": 0.5})
