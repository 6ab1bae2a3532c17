"""Joints as a pose network would find them: with errors, gaps, and scores that tell of both, mostly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import Array
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.config import NoiseConfig

Mask = npt.NDArray[np.bool_]
DRIFT_S = 0.5  # how long slow errors last
UNSEEN_FACTOR = 4.0  # on the errors of joints that are guessed
SEEN, UNSEEN = (0.5, 1.0), (0.0, 0.6)  # scores
LATEST = 0.4  # share of a clip after which the person has been found
LEAST = 0.1  # joints with a lower score count as not seen
LEGS, ARMS = ("hip", "knee", "ankle", "heel", "foot", "toe"), ("elbow", "wrist", "hand", "thumb", "index", "pinky")


def observed(
    joints: Array, times_s: Array, layout: SkeletonLayout, config: NoiseConfig, rng: np.random.Generator, inside: Mask
) -> tuple[Array, Array]:
    """Found joints (T, J, 3) and their scores (T, J).

    :param joints: (T, J, 3) true ones: pixels with z = 0, or metres.
    :param inside: (T, J) whether the joint is within the image.
    """
    size = float(np.median(np.linalg.norm(np.ptp(joints, axis=1), axis=-1)))
    flat = not joints[..., 2].any()
    seen = inside & ~_hidden(inside.shape, layout, config, rng)
    joints = _turned(_swapped(joints, layout, rng.uniform(*config.swapped), rng), layout, config.turned, rng)
    factor = np.where(seen, 1.0, UNSEEN_FACTOR) * size
    errors = factor[..., None] * _errors(joints.shape, times_s, config, rng)
    errors[..., 2] *= not flat
    scores = np.where(seen, rng.uniform(*SEEN, seen.shape), rng.uniform(*UNSEEN, seen.shape))
    missed = rng.random(len(joints)) < rng.uniform(*config.missed)
    if rng.random() < config.entering:
        missed[: int(rng.uniform(0.0, LATEST) * len(joints))] = True
    scores = np.where(missed[:, None] | (scores < LEAST), 0.0, scores)
    return np.where(scores[..., None] > 0.0, joints + errors, 0.0), scores


def _errors(shape: tuple[int, ...], times_s: Array, config: NoiseConfig, rng: np.random.Generator) -> Array:
    """(T, J, 3) of a person of size 1."""
    jitter = rng.uniform(*config.jitter) * rng.normal(size=shape)
    bias = config.bias * rng.normal(size=shape[1:])
    # An Ornstein-Uhlenbeck process: errors that fade within DRIFT_S and come anew.
    drift, kept = rng.normal(size=shape), np.exp(-np.diff(times_s) / DRIFT_S)
    for frame, share in enumerate(kept, 1):
        drift[frame] = share * drift[frame - 1] + np.sqrt(1.0 - share**2) * drift[frame]
    return np.asarray(jitter + bias + rng.uniform(*config.drift) * drift)


def _hidden(shape: tuple[int, int], layout: SkeletonLayout, config: NoiseConfig, rng: np.random.Generator) -> Mask:
    """(T, J) joints behind something."""
    hidden = np.zeros(shape, np.bool_)
    if rng.random() < config.occluded:
        begin, end = np.sort(rng.integers(0, shape[0] + 1, 2))
        hidden[begin:end] |= _limbs(layout, rng)
    if rng.random() < config.cut:
        below = rng.random() < 0.8
        hidden |= [any(part in name for part in LEGS) == below for name in layout.joints]
    return hidden


def _limbs(layout: SkeletonLayout, rng: np.random.Generator) -> list[bool]:
    """One arm or leg, or a few joints anywhere."""
    side, parts = ("left", "right")[int(rng.integers(2))], (LEGS, ARMS, ())[int(rng.integers(3))]
    if not parts:
        chance: list[bool] = (rng.random(len(layout.joints)) < 0.2).tolist()
        return chance
    return [name.startswith(side) and any(part in name for part in parts) for name in layout.joints]


def _swapped(joints: Array, layout: SkeletonLayout, share: float, rng: np.random.Generator) -> Array:
    """Left for right in some frames, of the legs or of the arms."""
    joints = joints.copy()
    for parts in (LEGS, ARMS):
        rows = np.flatnonzero([any(part in name for part in parts) for name in layout.joints])
        frames = np.flatnonzero(rng.random(len(joints)) < share)
        joints[np.ix_(frames, rows)] = joints[np.ix_(frames, np.array(layout.mirrored)[rows])]
    return joints


def _turned(joints: Array, layout: SkeletonLayout, share: float, rng: np.random.Generator) -> Array:
    """Left for right of the whole body, in a stretch of some clips: the back was taken for the front."""
    if rng.random() < share:
        begin, end = np.sort(rng.integers(0, len(joints) + 1, 2))
        joints[begin:end] = joints[begin:end][:, np.array(layout.mirrored)]
    return joints
