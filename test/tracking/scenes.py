"""Walking people whose identities are known."""

import numpy as np

from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeletons import Skeletons

RATE_HZ = 30.0
PERSON = (40.0, 100.0)  # width and height in pixels
BODY = np.random.default_rng(0).random((17, 3)) * (*PERSON, 0.0)  # joints in a person's box


def stamp_ns(frame, rate_hz=RATE_HZ):
    return round((frame + 1) / rate_hz * 1e9)


def boxes(*centres, scores=None, labels=None):
    """Detections of people at places."""
    centres = np.array(centres, np.float64).reshape(-1, 2)
    half = np.array(PERSON) / 2.0
    number = len(centres)
    return Detections(
        np.hstack([centres - half, centres + half]).astype(np.float32),
        np.array([1] * number if labels is None else labels, np.int64),
        np.array([0.9] * number if scores is None else scores, np.float32),
    )


def skeletons(*centres, seen=slice(None), metres_a_pixel=None):
    """The same as joints, those seen of them."""
    corners = np.array(centres, np.float64).reshape(-1, 1, 2) - np.array(PERSON) / 2.0
    joints = np.zeros((len(corners), len(BODY), 3), np.float32)
    joints[..., :2] = corners + BODY[:, :2]
    if metres_a_pixel:
        joints = joints[..., [2, 0, 1]] * np.float32(metres_a_pixel)  # upright across the x axis
    scores = np.zeros(joints.shape[:2], np.float32)
    scores[:, seen] = 0.9
    return Skeletons(joints, scores, np.arange(len(joints)))
