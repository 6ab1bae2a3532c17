"""Clips of one activity each, by number, as a pose network might have found them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.config import MotionConfig
from dl_robotics.sim.motion.landmarks import landmarks
from dl_robotics.sim.motion.observation import observed
from dl_robotics.sim.motion.takes import draw_take, generator_of


@dataclass(frozen=True, eq=False)
class MotionClip:
    """One person, found in the frames of a camera.

    :param joints: (T, J, 3) float32: pixels with z = 0, or metres.
    :param scores: (T, J) float32 in [0, 1]; 0 for a joint that was not seen.
    :param stamps_s: (T,) float64 seconds from the begin.
    :param label: number of the activity.
    :param subject: number of the person.
    """

    joints: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    stamps_s: npt.NDArray[np.float64]
    label: int
    subject: int


def generate(seed: int, index: int, config: MotionConfig, layout: SkeletonLayout) -> MotionClip:
    """Clip number ``index`` of a seed; it depends on nothing else.

    :raises ConfigError: for a layout with joints that figures do not have.
    """
    rng = generator_of(seed, index)
    take = draw_take(seed, index, config, rng)
    joints = landmarks(take.places, layout)
    pixels, inside = take.view.see(joints)
    found, scores = observed(
        pixels if config.coordinates == "pixels" else joints, take.stamps_s, layout, config.noise, rng, inside
    )
    return MotionClip(found.astype(np.float32), scores.astype(np.float32), take.stamps_s, take.label, take.subject)
