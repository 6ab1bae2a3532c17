"""Files of the MOT challenge: every year's columns, and what is refused."""

import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.mot import read_mot, results, write_mot

# As the challenge's own pages and files have them.
MOT15_TRUTH = "1,3,794.27,247.59,71.245,174.88,1,-9.1,3.4,0\n1,6,1648.1,119.61,66.504,163.24,0,-11.2,5.7,0\n"
MOT15_DETECTIONS = "1,-1,794.2,47.5,71.2,174.8,67.5,-1,-1,-1\n"
MOT16_TRUTH = "1,1,912,484,97,109,0,7,1\n1,2,1338,418,167,379,1,1,0.5\n2,2,1342,417,168,380,1,1,0.25\n"
MOT17_DETECTIONS = "1,-1,1359.1,413.27,120.26,362.77,2.3092,-1,-1,-1\n1,-1,571.03,402.13,104.56,315.68,-0.5,-1,-1,-1\n"


def read(tmp_path, text):
    path = tmp_path / "file.txt"
    path.write_text(text)
    return read_mot(path)


def test_mot15_has_world_coordinates_and_no_classes(tmp_path):
    found = read(tmp_path, MOT15_TRUTH)
    np.testing.assert_allclose(found.boxes[0], [793.27, 246.59, 793.27 + 71.245, 246.59 + 174.88], rtol=1e-6)
    assert found.ids.tolist() == [3, 6]
    assert found.confidences.tolist() == [1.0, 0.0]
    assert found.classes.tolist() == [1, 1]
    assert found.visibility.tolist() == [1.0, 1.0]
    assert read(tmp_path, MOT15_DETECTIONS).confidences.tolist() == [67.5]


def test_the_truth_since_mot16_has_classes_and_visibility(tmp_path):
    found = read(tmp_path, MOT16_TRUTH)
    assert found.classes.tolist() == [7, 1, 1]
    assert found.visibility.tolist() == [1.0, 0.5, 0.25]
    assert found.of_frame(1) == slice(0, 2)
    assert found.of_frame(2) == slice(2, 3)
    assert found.of_frame(7) == slice(3, 3)
    assert found.last_frame == 2
    assert read(tmp_path, MOT17_DETECTIONS).confidences.tolist() == [2.3092, -0.5]


@pytest.mark.parametrize(
    "text",
    [
        "2,-1,10,20,30,40,0.5\n1,-1,11,21,31,41,0.25\n",  # seven columns, frames in disorder
        "2 -1 10 20 30 40 0.5 -1 -1 -1\r\n\r\n1 -1 11 21 31 41 0.25 -1 -1 -1\r\n",
        "\ufeff2.0, -1, 10, 20, 30, 40, 5e-1, -1, -1, -1, \n1,-1,11,21,31,41,0.25,-1,-1,-1",
    ],
)
def test_what_people_write_is_read(tmp_path, text):
    found = read(tmp_path, text)
    assert found.frames.tolist() == [1, 2]
    assert found.confidences.tolist() == [0.25, 0.5]
    assert found.boxes.tolist() == [[10.0, 20.0, 41.0, 61.0], [9.0, 19.0, 39.0, 59.0]]


def test_six_columns_are_enough_and_none_at_all_too(tmp_path):
    assert read(tmp_path, "1,-1,10,20,30,40\n").confidences.tolist() == [1.0]
    nothing = read(tmp_path, "\n")
    assert (len(nothing), nothing.last_frame, nothing.boxes.shape) == (0, 0, (0, 4))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,-1,10,20,30", "file.txt:2: expected frame, id, left, top, width, height ..., got 5 columns"),
        ("1,-1,10,20,wide,40,1", "file.txt:2: width: expected a number, got 'wide'"),
        ("1.5,-1,10,20,30,40,1", "file.txt:2: frame: expected a whole number, got '1.5'"),
        ("1,-1,nan,20,30,40,1", "file.txt:2: left: expected a finite number, got 'nan'"),
        ("0,-1,10,20,30,40,1", "file.txt:2: expected a frame from 1 on"),
        ("1,-1,10,20,-30,40,1", "file.txt:2: expected .* width and height of 0 or more"),
        ("1,4,10,20,30,40,1\n1,4,50,20,30,40,1", "frame 1: expected one box of track 4, got two"),
    ],
)
def test_what_cannot_be_is_refused_by_line(tmp_path, line, reason):
    with pytest.raises(DataError, match=reason):
        read(tmp_path, f"1,-1,1,2,3,4,1\n{line}\n")


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_mot(tmp_path / "nothing.txt")
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(DataError, match="expected lines of text"):
        read_mot(tmp_path / "image.txt")


def test_what_is_written_is_read_again(tmp_path):
    rng = np.random.default_rng(0)
    corners = np.round(rng.uniform(0, 500, (6, 2)), 2)
    boxes = np.hstack([corners, corners + np.round(rng.uniform(1, 90, (6, 2)), 2)]).astype(np.float32)
    write_mot(tmp_path / "out.txt", results(np.array([1, 1, 2, 4, 4, 9]), np.array([1, 2, 1, 3, 1, 2]), boxes))
    again = read_mot(tmp_path / "out.txt")
    assert again.frames.tolist() == [1, 1, 2, 4, 4, 9]
    assert again.ids.tolist() == [1, 2, 1, 3, 1, 2]
    np.testing.assert_allclose(again.boxes, boxes, atol=0.011)
    assert len((tmp_path / "out.txt").read_text().splitlines()[0].split(",")) == 10
