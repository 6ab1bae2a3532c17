"""The real networks, run by both runtimes, on people in the simulator's camera."""

import numpy as np
import pytest

from dl_robotics.inference.backend import difference
from dl_robotics.inference.tflite import make_tflite
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.pose import finder, landmarks
from dl_robotics.pose.models import DETECTION, LANDMARKS, find
from dl_robotics.pose.stage import PoseEstimator
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.films import Films

BLAZEPOSE = SkeletonLayout.load("blazepose33")
UPRIGHT = FilmConfig(activities=("stand", "walk", "wave"), people=(1, 1), textures=1)


@pytest.mark.parametrize(("model", "reader"), [(DETECTION, finder), (LANDMARKS, landmarks)])
def test_both_runtimes_compute_the_same(networks, model, reader):
    images = np.random.default_rng(0).random((1, reader.SIDE, reader.SIDE, 3), np.float32)
    one, other = (
        make_tflite(name, find(model, networks), reader.OUTPUTS, reader.SIDE, threads=1)
        for name in ("litert", "openvino")
    )
    shapes = [output.shape for output in one(images)]
    expected = {
        DETECTION: [(1, 2254, 12), (1, 2254, 1)],
        LANDMARKS: [(1, 195), (1, 1), (1, 64, 64, 39)],
    }
    assert shapes == expected[model]
    assert difference(one(images), other(images)) < 1e-3


def test_an_empty_room_is_empty(networks):
    estimator = PoseEstimator.load(networks, backend="openvino", threads=1)
    assert len(estimator(np.full((120, 160, 3), 90, np.uint8))) == 0


def test_figures_are_found_in_a_detectors_boxes_joint_by_joint(networks):
    """The median of some people, up to left and right: whether a figure comes or goes, its face hardly tells.

    The true joints of figures are not quite where people have them.
    """
    estimator = PoseEstimator.load(networks, backend="openvino", threads=1)
    films = Films(UPRIGHT, 5, BLAZEPOSE)
    distances = []
    for number in range(5):
        frame = next(films.frames(films[number]))
        estimator.reset()
        found = estimator(frame.image, Detections(frame.boxes, np.ones(1, np.int64), np.ones(1, np.float32)))
        assert len(found) == 1
        true, places = frame.skeletons.joints[0], found.joints[0]
        errors = [np.linalg.norm(one - true, axis=1).mean() for one in (places, places[list(BLAZEPOSE.mirrored)])]
        distances.append(min(errors) / np.ptp(true[:, 1]))
    assert np.median(distances) < 0.08


def test_turned_pictures_give_turned_joints(networks):
    """Whichever way up the camera hangs: within two hundredths of the body's height."""
    estimator = PoseEstimator.load(networks, backend="openvino", threads=1)
    films = Films(UPRIGHT, 5, BLAZEPOSE)
    frame = next(films.frames(films[1]))
    width = frame.image.shape[1]
    upright = estimator(frame.image, Detections(frame.boxes, np.ones(1, np.int64), np.ones(1, np.float32)))
    x_min, y_min, x_max, y_max = frame.boxes[0]
    box = np.array([[y_min, width - x_max, y_max, width - x_min]], np.float32)
    turned = estimator(np.rot90(frame.image).copy(), Detections(box, np.ones(1, np.int64), np.ones(1, np.float32)))
    assert len(upright) == len(turned) == 1
    expected = np.stack([upright.joints[0, :, 1], width - 1 - upright.joints[0, :, 0]], -1)
    seen = upright.scores[0] > 0.9
    distances = np.linalg.norm(turned.joints[0, :, :2] - expected, axis=1)[seen]
    assert distances.mean() < 0.02 * (y_max - y_min)
