"""CLEAR MOT and identity figures, counted by hand."""

from pathlib import Path

import motmetrics
import numpy as np
import pytest

from dl_robotics.data.mot import MotBoxes, read_mot, results
from dl_robotics.tracking.metrics import score_tracks

HERE, THERE, ELSEWHERE = (0, 0, 40, 100), (300, 0, 340, 100), (600, 0, 640, 100)
PACKAGED = Path(motmetrics.__file__).parent / "data"


def table(*rows, flags=None, classes=None):
    """Rows of frame, id and box."""
    frames, ids, boxes = zip(*rows, strict=True)
    found = results(np.array(frames), np.array(ids), np.array(boxes, np.float32))
    flags = found.confidences if flags is None else np.array(flags, np.float64)
    classes = found.classes if classes is None else np.array(classes)
    return MotBoxes(found.frames, found.ids, found.boxes, flags, classes, found.visibility)


def test_misses_false_boxes_and_switches_are_counted():
    truth = table(*[(frame, person, box) for frame in (1, 2, 3, 4) for person, box in ((1, HERE), (2, THERE))])
    result = table(
        (1, 7, HERE),
        (1, 8, THERE),
        (2, 7, HERE),
        (2, 8, THERE),
        (3, 9, HERE),
        (3, 5, ELSEWHERE),
        (4, 9, HERE),
        (4, 8, THERE),
    )
    figures = score_tracks({"walk": (truth, result)})["walk"]
    # Eight true boxes: one missed (person 2 in frame 3), one false (track 5), one switch (person 1 from 7 to 9).
    assert figures["MOTA"] == pytest.approx(1.0 - 3 / 8)
    assert (figures["missed boxes"], figures["false boxes"], figures["switches"]) == (1, 1, 1)
    assert (figures["recall"], figures["precision"]) == (pytest.approx(7 / 8), pytest.approx(7 / 8))
    # The best one-to-one identities, 1 with 7 or 9 and 2 with 8, agree on 2 + 3 boxes: 2 x 5 / (8 + 8).
    assert figures["IDF1"] == pytest.approx(10 / 16)


def test_only_marked_pedestrians_count_and_distractors_neither_way():
    truth = table((1, 1, HERE), (1, 2, THERE), (1, 3, ELSEWHERE), flags=[1, 0, 0], classes=[1, 1, 8])
    result = table((1, 1, HERE), (1, 2, ELSEWHERE))
    figures = score_tracks({"walk": (truth, result)})["walk"]
    assert (figures["true boxes"], figures["false boxes"], figures["missed boxes"]) == (1, 0, 0)
    assert figures["MOTA"] == 1.0


def test_a_car_that_was_tracked_is_false():
    truth = table((1, 1, HERE), (1, 3, ELSEWHERE), flags=[1, 0], classes=[1, 3])
    figures = score_tracks({"walk": (truth, table((1, 1, HERE), (1, 2, ELSEWHERE)))})["walk"]
    assert figures["false boxes"] == 1


def test_an_empty_result_misses_everything():
    truth = table((1, 1, HERE), (2, 1, HERE))
    nothing = results(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4), np.float32))
    figures = score_tracks({"walk": (truth, nothing)})["walk"]
    assert (figures["MOTA"], figures["missed boxes"]) == (0.0, 2)


def test_the_figures_of_motmetrics_own_sequences_are_theirs():
    """TUD-Campus and TUD-Stadtmitte as motmetrics' documentation has them."""
    pairs = {
        name: (read_mot(PACKAGED / name / "gt.txt"), read_mot(PACKAGED / name / "test.txt"))
        for name in ("TUD-Campus", "TUD-Stadtmitte")
    }
    figures = score_tracks(pairs)
    assert figures["TUD-Campus"]["MOTA"] == pytest.approx(0.526, abs=5e-4)
    assert figures["TUD-Campus"]["IDF1"] == pytest.approx(0.558, abs=5e-4)
    assert figures["TUD-Stadtmitte"]["MOTA"] == pytest.approx(0.564, abs=5e-4)
    assert figures["TUD-Stadtmitte"]["IDF1"] == pytest.approx(0.645, abs=5e-4)
    assert figures["overall"]["switches"] == 14
