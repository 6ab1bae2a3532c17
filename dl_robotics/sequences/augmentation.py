"""Changes to a sequence that leave its meaning as it is, drawn anew each time it is learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from dl_robotics.config import require
from dl_robotics.data.series.series import Values


@dataclass(frozen=True)
class AugmentationConfig:
    """What is changed, and how far; everything is off unless told. After Um et al. (2017) and Zhang et al. (2018).

    :param jitter: standard deviation of noise added to each number, in standard deviations of the data.
    :param scale: standard deviation of the logarithm of a factor for each channel.
    :param shift: share of the length by which a sequence begins earlier or later, at most.
    :param warp: largest logarithm of the factor by which it runs faster or slower.
    :param turn_deg: standard deviation of the angle by which each three channels (a vector's x, y and z) are turned.
    :param silence: probability that a channel is left out.
    :param mixup: alpha of the Beta distribution of the share in which two sequences and their classes are mixed; 0
        mixes none. Classification only.
    """

    jitter: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    warp: float = 0.0
    turn_deg: float = 0.0
    silence: float = 0.0
    mixup: float = 0.0

    def __post_init__(self) -> None:
        for name in ("jitter", "scale", "warp", "turn_deg", "mixup"):
            require(getattr(self, name) >= 0.0, name, ">= 0", getattr(self, name))
        for name in ("shift", "silence"):
            require(0.0 <= getattr(self, name) < 1.0, name, "in [0, 1)", getattr(self, name))


def augment(values: Values, config: AugmentationConfig, rng: np.random.Generator) -> Values:
    """A changed copy of a scaled sequence, (T, C); all but ``mixup``, which takes two."""
    channels = values.shape[1]
    if config.shift > 0.0 or config.warp > 0.0:
        values = _retimed(values, config, rng)
    if config.turn_deg > 0.0:
        values = _turned(values, config.turn_deg, rng)
    factors = np.exp(rng.normal(0.0, config.scale, channels)) * (rng.random(channels) >= config.silence)
    changed: Values = (values * factors + rng.normal(0.0, config.jitter, values.shape)).astype(np.float32)
    return changed


def _retimed(values: Values, config: AugmentationConfig, rng: np.random.Generator) -> Values:
    """Shifted and run at another pace about its middle; beyond its ends a sequence stands still."""
    steps = np.arange(len(values), dtype=np.float64)
    middle, pace = len(values) / 2.0, np.exp(rng.uniform(-config.warp, config.warp))
    at = (steps - middle) * pace + middle + rng.uniform(-config.shift, config.shift) * len(values)
    return np.stack([np.interp(at, steps, column) for column in values.T], 1).astype(np.float32)


def _turned(values: Values, turn_deg: float, rng: np.random.Generator) -> Values:
    """Every three channels turned alike: those of sensors that are mounted together."""
    whole = values.shape[1] // 3 * 3
    axis = rng.normal(size=3)
    angle = np.deg2rad(rng.normal(0.0, turn_deg))
    matrix = Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()
    turned = values.copy()
    turned[:, :whole] = (values[:, :whole].reshape(len(values), -1, 3) @ matrix.T).reshape(len(values), whole)
    return turned
