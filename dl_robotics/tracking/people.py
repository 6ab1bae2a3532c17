"""People, seen as skeletons, as things that are tracked."""

from __future__ import annotations

import numpy as np

from dl_robotics.tracking.costs import LEAST_EXTENT, extents, pairwise_oks
from dl_robotics.tracking.kalman import Array, ConstantVelocity
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.targets import Indices, Mask


class PeopleTargets:
    """Bodies that move at a nearly constant velocity and keep, until they are seen again, their last posture.

    What moves is a point of the body. It is measured as the mean shift of the joints that are seen now and were seen
    before, so that joints that hide or appear do not move it.

    :param sigmas: (J,) how far apart two observers place each joint, as a share of the person's size;
        (1,) the same for all. Then people of fewer or more joints may come: those that are missing were not seen.
    """

    def __init__(self, sigmas: Array) -> None:
        self._sigmas = sigmas
        self._motion = ConstantVelocity(3)
        self._posture: Array = np.zeros((0, len(sigmas), 3))  # joints relative to that point; nan where never seen

    def __len__(self) -> int:
        return len(self._motion)

    @property
    def joints(self) -> Array:
        """(n, J, 3) where the joints are expected; nan where that is not known."""
        return self._motion.place[:, None] + self._posture

    def predict(self, dt_s: float, told: TrackerSettings) -> None:
        """Go on in time."""
        self._motion.predict(dt_s, (told.acceleration * _size(self._posture)) ** 2)

    def similarity(self, observed: Array, told: TrackerSettings) -> Array:
        """(n, m) object keypoint similarity; joints are (m, J, 3), nan where not seen."""
        observed = self._fit(observed)
        return pairwise_oks(self.joints, observed, extents(self._posture), told.joint_tolerance * self._sigmas)

    def correct(self, rows: Indices, observed: Array, seen: Indices, told: TrackerSettings) -> None:
        """Take in where people were seen."""
        joints = self._fit(observed)[seen]
        posture = self._posture[rows]
        self._motion.correct(rows, _mean(joints - posture), told.place_std * _size(posture))
        fresh = joints - self._motion.place[rows][:, None]
        self._posture[rows] = np.where(np.isnan(fresh), posture, fresh)

    def begin(self, observed: Array, seen: Indices, told: TrackerSettings) -> None:
        """Add people."""
        joints = self._fit(observed)[seen]
        place, size = _mean(joints), _size(joints)
        self._motion.append(place, told.place_std * size, told.velocity_std * size)
        self._posture = np.concatenate([self._posture, joints - place[:, None]])

    def keep(self, kept: Mask) -> None:
        """Forget the others."""
        self._motion.keep(kept)
        self._posture = self._posture[kept]

    def _fit(self, observed: Array) -> Array:
        """What is observed, with as many joints as the postures, which get more if need be."""
        more = observed.shape[1] - self._posture.shape[1]
        self._posture = _with_unknown(self._posture, more)
        return _with_unknown(observed, -more)


def _with_unknown(joints: Array, count: int) -> Array:
    return np.pad(joints, ((0, 0), (0, count), (0, 0)), constant_values=np.nan) if count > 0 else joints


def _mean(joints: Array) -> Array:
    """(n, 3) mean of the known joints; 0 where none is."""
    known = ~np.isnan(joints)
    return np.asarray(np.where(known, joints, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))


def _size(joints: Array) -> Array:
    return np.maximum(extents(joints), LEAST_EXTENT)[:, None]
