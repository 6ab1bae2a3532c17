"""Clips as they might have been: another view, another body, another pace, a worse camera."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.data.clips.clip import Clip
from dl_robotics.ops.skeleton_layout import SkeletonLayout

Matrix = npt.NDArray[np.float64]
WHOLE_TURN_DEG = 180.0


@dataclass(frozen=True)
class ClipAugmentation:
    """What is drawn at random for each clip; nothing as it comes.

    :param turn_deg: largest turn of people about the vertical through them, for joints in metres; 180 for any.
    :param tilt_deg: largest turn about each other axis: of the camera, in pixels about the line of sight.
    :param scale: largest relative change of size, along each axis on its own.
    :param mirror: probability that left and right change places.
    :param crop: smallest share of the clip's time that is kept, beginning at random; 1 for all.
    :param noise: standard deviation of a shift of each joint in each frame, as a share of the person's size.
    :param lost_joints: share of the joints that are not seen in any frame, drawn between 0 and this.
    :param lost_frames: share of the frames in which nothing is seen, drawn between 0 and this.
    """

    turn_deg: float = 0.0
    tilt_deg: float = 0.0
    scale: float = 0.0
    mirror: float = 0.0
    crop: float = 1.0
    noise: float = 0.0
    lost_joints: float = 0.0
    lost_frames: float = 0.0

    def __post_init__(self) -> None:
        for name in ("turn_deg", "tilt_deg"):
            require(0.0 <= getattr(self, name) <= WHOLE_TURN_DEG, name, "0 to 180", getattr(self, name))
        require(0.0 <= self.scale < 1.0, "scale", "in [0, 1)", self.scale)
        require(0.0 <= self.mirror <= 1.0, "mirror", "in [0, 1]", self.mirror)
        require(0.0 < self.crop <= 1.0, "crop", "in (0, 1]", self.crop)
        require(self.noise >= 0.0, "noise", ">= 0", self.noise)
        for name in ("lost_joints", "lost_frames"):
            require(0.0 <= getattr(self, name) < 1.0, name, "in [0, 1)", getattr(self, name))


def augment(clip: Clip, config: ClipAugmentation, layout: SkeletonLayout, rng: np.random.Generator) -> Clip:
    """A clip, changed at random; joints in metres if it has no image size."""
    clip = _cropped(clip, config.crop, rng)
    flat = clip.image_size is not None
    joints, scores = clip.joints, clip.scores
    seen = scores > 0.0
    if not seen.any():
        return clip
    middle = joints[seen].mean(0)
    centred = joints - middle
    if rng.random() < config.mirror:
        order = list(layout.mirrored)
        centred, scores = centred[:, :, order], scores[:, :, order]
        centred[..., 0 if flat else 1] *= -1.0
    centred = centred @ _transformation(config, flat, rng).T.astype(np.float32)
    if config.noise:
        size = float(np.sqrt(np.square(centred[scores > 0.0]).sum(-1).mean()))
        shift = rng.normal(0.0, config.noise * size, centred.shape).astype(np.float32)
        centred = centred + shift * ([1.0, 1.0, 0.0] if flat else 1.0)
    scores = _lost(scores, config, rng)
    return replace(clip, joints=(centred + middle).astype(np.float32), scores=scores)


def _cropped(clip: Clip, smallest: float, rng: np.random.Generator) -> Clip:
    """A stretch of the clip."""
    count = len(clip.stamps_s)
    kept = max(min(2, count), round(count * rng.uniform(smallest, 1.0)))
    first = int(rng.integers(count - kept + 1))
    part = slice(first, first + kept)
    return replace(clip, joints=clip.joints[part], scores=clip.scores[part], stamps_s=clip.stamps_s[part])


def _transformation(config: ClipAugmentation, flat: bool, rng: np.random.Generator) -> Matrix:
    """Sizes and turns in one matrix (3, 3)."""
    sizes = np.diag(np.exp(rng.uniform(-1.0, 1.0, 3) * math.log1p(config.scale)))
    largest_deg = np.array([0.0, 0.0, config.tilt_deg] if flat else [config.tilt_deg, config.tilt_deg, config.turn_deg])
    about_x, about_y, about_z = (
        _turn(axis, angle) for axis, angle in enumerate(np.deg2rad(rng.uniform(-1, 1, 3) * largest_deg))
    )
    turned: Matrix = about_x @ about_y @ about_z @ sizes
    return turned


def _turn(axis: int, angle_rad: float) -> Matrix:
    one, other = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[one, one] = matrix[other, other] = math.cos(angle_rad)
    matrix[other, one] = math.sin(angle_rad)
    matrix[one, other] = -matrix[other, one]
    return matrix


def _lost(
    scores: npt.NDArray[np.float32], config: ClipAugmentation, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Scores, zero for what a worse camera would not have seen."""
    frames, _, joints = scores.shape
    if config.lost_joints:
        scores = scores * (rng.random(joints) >= rng.uniform(0.0, config.lost_joints))
    if config.lost_frames:
        scores = scores * (rng.random((frames, 1, 1)) >= rng.uniform(0.0, config.lost_frames))
    return scores.astype(np.float32)
