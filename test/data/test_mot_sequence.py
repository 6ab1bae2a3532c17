"""Sequences of the MOT challenge, and what their confidences mean."""

import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.mot_sequence import open_sequence, scores

BOXES = "1,-1,10,20,30,40,0.5,-1,-1,-1\n2,-1,10,20,30,40,0.75,-1,-1,-1\n"
ABOUT = "[Sequence]\nname=Walk\nimDir=img1\nframeRate=25\nseqLength=5\nimWidth=640\n"


@pytest.fixture
def walk(tmp_path):
    for part in ("det", "gt"):
        (tmp_path / "Walk" / part).mkdir(parents=True)
        (tmp_path / "Walk" / part / f"{part}.txt").write_text(BOXES.replace("-1", "4") if part == "gt" else BOXES)
    (tmp_path / "Walk/seqinfo.ini").write_text(ABOUT)
    return tmp_path / "Walk"


@pytest.mark.parametrize("place", ["", "det/det.txt"])
def test_a_folder_or_its_detections_are_the_whole_sequence(walk, place):
    found = open_sequence(walk / place)
    assert (found.name, found.rate_hz, found.frames) == ("Walk", 25.0, 5)
    assert len(found.detections) == 2
    assert found.truth is not None
    assert found.truth.ids.tolist() == [4, 4]


def test_a_file_alone_has_neither_truth_nor_rate(walk, tmp_path):
    alone = tmp_path / "mine.txt"
    alone.write_text(BOXES)
    found = open_sequence(alone)
    assert (found.name, found.rate_hz, found.frames, found.truth) == ("mine", None, 2, None)
    assert open_sequence(alone, walk / "gt/gt.txt").truth is not None


def test_a_sequence_that_says_nonsense_of_itself_is_refused(walk):
    for about in ("frameRate=25", "[Sequence]\nframeRate=fast\nseqLength=5", "[Sequence]\nframeRate=0\nseqLength=5"):
        (walk / "seqinfo.ini").write_text(about)
        with pytest.raises(DataError, match=r"seqinfo.ini: expected frameRate and seqLength"):
            open_sequence(walk)


def test_probabilities_stay_and_no_confidence_is_full_confidence():
    assert scores(np.array([0.25, 1.0, 0.5])).tolist() == [0.25, 1.0, 0.5]
    assert scores(np.array([-1.0, -1.0])).tolist() == [1.0, 1.0]
    assert scores(np.zeros(0)).tolist() == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [((-0.5, 0.0, 2.0), (0.182, 0.5, 0.998)), ((-1.0, 24.0, 58.0, 150.0), (0.187, 0.5, 0.881, 0.999))],
    ids=["margins of DPM", "sums of ACF"],
)
def test_other_confidences_become_scores_in_the_same_order(given, expected):
    assert scores(np.array(given)).tolist() == pytest.approx(expected, abs=1e-3)
