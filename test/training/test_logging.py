"""Scalars in CSV files and TensorBoard events."""

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dl_robotics.training.curves import read_columns
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


def test_what_a_row_does_not_tell_is_an_empty_cell(tmp_path):
    # Of TD3's updates, every other one has no value of the actor's.
    with ScalarLog(tmp_path) as log:
        log.write("learning", 1, {"loss": 0.5})
        log.write("learning", 2, {"loss": 0.25, "q": 4.0})
        log.write("learning", 3, {"loss": 0.125})
    assert (tmp_path / "learning.csv").read_text().splitlines() == ["step,loss,q", "1,0.5,", "2,0.25,4.0", "3,0.125,"]
    assert np.isnan(read_columns(tmp_path / "learning.csv")["q"]).tolist() == [True, False, True]
    with ScalarLog(tmp_path, done=1) as log:
        log.write("learning", 2, {"loss": 0.25})
    assert (tmp_path / "learning.csv").read_text().splitlines() == ["step,loss,q", "1,0.5,", "2,0.25,"]


def write(log, *steps):
    for step in steps:
        log.write("training", step, {"loss": step / 10.0})


def test_a_run_that_goes_on_keeps_the_rows_before_and_drops_those_after(tmp_path):
    with ScalarLog(tmp_path) as log:
        write(log, 1, 2, 3)
    with (tmp_path / "training.csv").open("a") as file:
        file.write("4,0.4\r\n1")  # killed in the middle of a row
    with ScalarLog(tmp_path, done=2) as log:
        write(log, 3, 4)
    rows = (tmp_path / "training.csv").read_text().splitlines()
    assert rows == ["step,loss", "1,0.1", "2,0.2", "3,0.3", "4,0.4"]
    events = EventAccumulator(str(tmp_path)).Reload()
    assert [event.step for event in events.Scalars("training/loss")] == [1, 2, 3, 4]


def test_a_table_without_rows_begins_anew(tmp_path):
    (tmp_path / "training.csv").touch()
    with ScalarLog(tmp_path, done=5) as log:
        write(log, 6)
    assert (tmp_path / "training.csv").read_text().splitlines() == ["step,loss", "6,0.6"]


def test_notes(tmp_path):
    with ScalarLog(tmp_path) as log:
        log.note(3, "a state was damaged")
        log.note(5, "and so was another")
    assert (tmp_path / "notes.txt").read_text().splitlines() == [
        "step 3: a state was damaged",
        "step 5: and so was another",
    ]
    events = EventAccumulator(str(tmp_path)).Reload()
    assert [event.step for event in events.Tensors("notes/text_summary")] == [3, 5]
