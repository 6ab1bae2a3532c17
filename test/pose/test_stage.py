"""The stage follows people through pictures in which a red dot is a person's hips and a green one the head."""

import numpy as np
import pytest
from scipy import ndimage

from dl_robotics.config import ConfigError
from dl_robotics.inference.backend import BackendError
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.preprocess import ImageError
from dl_robotics.pose.finder import Finder
from dl_robotics.pose.followed import unmatched
from dl_robotics.pose.landmarks import Landmarker
from dl_robotics.pose.models import PoseModelError
from dl_robotics.pose.settings import PoseSettings
from dl_robotics.pose.stage import PoseEstimator

HEAD = 60  # pixels above the hips
SHAPE = (240, 480, 3)


def picture(*hips):
    """People whose hips are at these x, y."""
    image = np.zeros(SHAPE, np.uint8)
    for x, y in hips:
        image[y - 3 : y + 4, x - 3 : x + 4] = (255, 0, 0)
        image[y - HEAD - 3 : y - HEAD + 4, x - 3 : x + 4] = (0, 255, 0)
    return image


def boxes(*people, label=1):
    """A detector's view of people whose hips are at these x, y."""
    rows = [(x - 20, y - HEAD - 10, x + 20, y + HEAD) for x, y in people]
    return Detections(
        np.array(rows, np.float32).reshape(-1, 4), np.full(len(rows), label), np.ones(len(rows), np.float32)
    )


def dots(channel):
    """(n, 2) middles x, y of what is bright."""
    marked, count = ndimage.label(channel > 0.4)
    middles = ndimage.center_of_mass(marked > 0, marked, range(1, count + 1))
    return np.array(middles, np.float32).reshape(-1, 2)[:, ::-1]


def pairs(pixels):
    """Red dots, and the green dot nearest to each."""
    red, green = dots(pixels[..., 0]), dots(pixels[..., 1])
    if len(red) == 0 or len(green) == 0:
        return []
    return [(hips, green[np.linalg.norm(green - hips, axis=1).argmin()]) for hips in red]


class FindsDots:
    """Numbers as the detector gives them, one anchor for each person; counts how often it is asked."""

    name = "dots"

    def __init__(self):
        self.calls = 0

    def __call__(self, images):
        self.calls += 1
        rows, logits = np.zeros((1, 2254, 12), np.float32), np.full((1, 2254, 1), -9.0, np.float32)
        for number, (hips, head) in enumerate(pairs((images[0] + 1.0) / 2.0)):
            anchor = int(head[1] // 8) * 56 + int(head[0] // 8) * 2
            centre = (np.floor(head / 8) + 0.5) * 8
            rows[0, anchor, 2:4] = 4.0
            rows[0, anchor, 4:8] = [*(hips - centre), *(head - centre)]
            logits[0, anchor] = 3.0 - 0.1 * number
        return rows, logits


class LocatesDots:
    """Numbers as the landmark network gives them: joints at hips, head and feet of who is nearest to the middle."""

    name = "dots"

    def __init__(self):
        self.calls = 0

    def __call__(self, images):
        self.calls += 1
        rows, presence = np.full((39, 5), 5.0, np.float32), np.zeros((1, 1), np.float32)
        people = sorted(pairs(images[0]), key=lambda pair: np.linalg.norm(pair[0] - 128.0))
        if people and np.linalg.norm(people[0][0] - 128.0) < 100.0:
            presence[0, 0] = 0.9
            rows[:, :2], rows[34, :2] = people[0]
            up = people[0][1] - people[0][0]
            rows[1:4, :2] += [up, -up, 0.3 * up[::-1]]
        return rows.reshape(1, 195), presence, np.full((1, 64, 64, 39), -20.0, np.float32)


@pytest.fixture
def estimator():
    one = PoseEstimator(Finder(FindsDots()), Landmarker(LocatesDots()))
    one.settings = PoseSettings(search_every=1)
    return one


def hips(skeletons):
    return skeletons.joints[:, 0, :2]


def test_joints_in_pixels_of_the_image(estimator):
    found = estimator(picture((100, 150)))
    assert (found.joints.shape, found.scores.shape, len(estimator.layout.joints)) == ((1, 33, 3), (1, 33), 33)
    assert found.joints[0, 7] == pytest.approx((100, 150, 0), abs=1.0)
    assert found.scores[0] == pytest.approx(1 / (1 + np.exp(-5.0)))
    assert found.persons.tolist() == [0]


def test_nobody(estimator):
    found = estimator(picture())
    assert found.joints.shape == (0, 33, 3)


def test_people_keep_their_numbers_while_they_walk_and_others_come_and_go(estimator):
    both = estimator(picture((100, 150), (300, 150)))
    number = {tuple(np.round(place / 100)): person for place, person in zip(hips(both), both.persons, strict=True)}
    left, right = number[(1, 2)], number[(3, 2)]
    for step in range(1, 6):
        found = estimator(picture((100 + 8 * step, 150), (300, 150 + 3 * step)))
        assert sorted(found.persons) == [0, 1]
        assert hips(found)[found.persons.tolist().index(left)] == pytest.approx((100 + 8 * step, 150), abs=1.5)
    alone = estimator(picture((300, 165)))
    assert alone.persons.tolist() == [right]
    returned = estimator(picture((140, 150), (300, 165)))
    assert returned.persons.tolist() == [right, 2]


def test_its_own_detector_is_asked_when_nobody_is_followed_and_now_and_then(estimator):
    estimator.settings = PoseSettings(search_every=4)
    for frame in range(9):
        estimator(picture((100, 150)) if frame else picture())
    # Frames 0 and 1, before anybody is there, then every fourth.
    assert estimator._find._network.calls == 4


def test_a_detectors_boxes_are_enough(estimator):
    people = (100, 150), (300, 150)
    for _ in range(3):
        found = estimator(picture(*people), boxes(*people))
    # A search in each new box, one look a person and frame.
    assert estimator._find._network.calls == 2
    assert estimator._look._network.calls == 3 * 2
    assert sorted(hips(found)[:, 0]) == pytest.approx([100, 300], abs=1.0)
    missed = estimator(picture(*people), boxes())
    assert missed.persons.tolist() == found.persons.tolist()


def test_in_a_box_its_own_detector_takes_the_person_whose_face_is_in_it(estimator):
    """The view around one person's box shows the neighbour as well, who comes first in it."""
    found = estimator(picture((100, 150), (150, 150)), boxes((150, 150)))
    assert hips(found) == pytest.approx(np.array([[150, 150]]), abs=1.0)


def test_a_box_is_enough_where_its_own_detector_finds_nobody(estimator):
    estimator.settings = PoseSettings(detection_threshold=1.0)
    found = estimator(picture((100, 150)), boxes((100, 150)))
    assert hips(found) == pytest.approx(np.array([[100, 150]]), abs=1.0)
    # Once to find the hips in the box, once about them.
    assert estimator._look._network.calls == 2


def test_boxes_of_other_classes_are_left_out(estimator):
    image = picture((100, 150))
    assert len(estimator(image, boxes((100, 150), label=2))) == 0
    estimator.settings = PoseSettings(person_class=2)
    assert len(estimator(image, boxes((100, 150), label=2))) == 1
    estimator.reset()
    estimator.settings = PoseSettings(person_class=0)
    assert len(estimator(image, boxes((100, 150), label=7))) == 1


def test_two_boxes_of_one_person_are_one(estimator):
    assert len(estimator(picture((100, 150)), boxes((100, 150), (110, 150)))) == 1


def test_no_more_people_than_asked_for(estimator):
    image = picture((60, 150), (180, 150), (300, 150))
    assert len(estimator(image)) == 3
    estimator.settings = PoseSettings(max_people=2)
    assert estimator(image).persons.tolist() == [0, 1]
    looked = estimator._look._network.calls
    assert len(estimator(image)) == 2
    assert estimator._look._network.calls == looked + 2


def test_those_who_are_hardly_there_are_dropped(estimator):
    estimator.settings = PoseSettings(presence_threshold=0.95)
    assert len(estimator(picture((100, 150)))) == 0


def test_after_a_reset_or_in_another_size_all_begins_anew(estimator):
    image = picture((100, 150))
    estimator(image)
    estimator(picture())
    assert estimator(image).persons.tolist() == [1]
    estimator.reset()
    assert estimator(image).persons.tolist() == [0]
    assert estimator(np.pad(image, ((0, 20), (0, 0), (0, 0)))).persons.tolist() == [0]


def test_what_is_no_image_is_refused(estimator):
    with pytest.raises(ImageError, match="a grey image"):
        estimator(np.zeros((240, 320), np.uint8))


def test_each_known_person_has_one_box():
    """Of two boxes on one person the better fitting one is theirs; the other may be somebody behind."""
    known = np.array([[0, 0, 100, 200], [300, 0, 400, 200]], np.float32)
    new = np.array([[20, 0, 120, 200], [2, 0, 102, 200], [200, 0, 310, 200]], np.float32)
    assert unmatched(new, known).tolist() == new[[0, 2]].tolist()
    assert unmatched(new, known[:0]).tolist() == new.tolist()
    assert len(unmatched(new[:0], known)) == 0


def test_missing_networks_and_what_cannot_run_them_are_refused(tmp_path, networks):
    with pytest.raises(PoseModelError, match="fetch it with"):
        PoseEstimator.load(tmp_path)
    with pytest.raises(BackendError, match="expected device 'cpu', got 'cuda'"):
        PoseEstimator.load(networks, device="cuda")
    with pytest.raises(ConfigError, match="backend: expected one of auto, litert, openvino, got 'torch'"):
        PoseEstimator.load(networks, backend="torch")
