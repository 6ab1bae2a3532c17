"""Kalman filters of many objects at once, each coordinate of each moving at a nearly constant velocity.

With a noise that does not mix coordinates the filter of an object falls apart into one of two states (place, velocity)
for each coordinate, whose matrices are written out here: a step of all objects is a dozen operations on arrays.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.intp] | npt.NDArray[np.bool_]

PLACE, VELOCITY, PLACE_VARIANCE, COVARIANCE, VELOCITY_VARIANCE = range(5)


class ConstantVelocity:
    """Filters of n objects with d coordinates.

    The noise is a random acceleration, white in time (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to
    Tracking and Navigation", 2001, section 6.2.2), so that frames may come at any times: over dt seconds it adds
    q [[dt^3/3, dt^2/2], [dt^2/2, dt]] to the covariance of place and velocity.

    :param dimensions: d.
    """

    def __init__(self, dimensions: int) -> None:
        self.state: Array = np.zeros((0, 5, dimensions))  # (n, the five figures above, d)

    def __len__(self) -> int:
        return len(self.state)

    @property
    def place(self) -> Array:
        """(n, d) expected places."""
        return self.state[:, PLACE]

    @property
    def velocity(self) -> Array:
        """(n, d) expected velocities, per second."""
        return self.state[:, VELOCITY]

    def append(self, place: Array, place_std: Array, velocity_std: Array) -> None:
        """Begin filters of more objects, at rest as far as is known.

        :param place: (m, d).
        :param place_std: standard deviations of the places, (m, 1) or (m, d).
        :param velocity_std: the same of the velocities.
        """
        begun = np.zeros((len(place), *self.state.shape[1:]))
        begun[:, PLACE] = place
        begun[:, PLACE_VARIANCE] = place_std**2
        begun[:, VELOCITY_VARIANCE] = velocity_std**2
        self.state = np.concatenate([self.state, begun])

    def keep(self, rows: Rows) -> None:
        """Go on with some of the objects only."""
        self.state = self.state[rows]

    def predict(self, dt_s: float, noise: Array) -> None:
        """Go on in time.

        :param noise: q, (n, 1) or (n, d): variance of the velocity that is added per second.
        """
        place, velocity, variance, covariance, velocity_variance = self.state.swapaxes(0, 1)
        place += dt_s * velocity
        variance += dt_s * (2.0 * covariance + dt_s * velocity_variance) + noise * (dt_s**3 / 3.0)
        covariance += dt_s * velocity_variance + noise * (dt_s**2 / 2.0)
        velocity_variance += dt_s * noise

    def correct(self, rows: Rows, measured: Array, std: Array) -> None:
        """Take in where some of the objects were seen.

        :param measured: (rows, d) places.
        :param std: their standard deviations, (rows, 1) or (rows, d).
        """
        place, velocity, variance, covariance, velocity_variance = self.state[rows].swapaxes(0, 1)
        innovation = measured - place
        expected = variance + std**2
        gain, velocity_gain = variance / expected, covariance / expected
        corrected = (
            place + gain * innovation,
            velocity + velocity_gain * innovation,
            (1.0 - gain) * variance,
            (1.0 - gain) * covariance,
            velocity_variance - velocity_gain * covariance,
        )
        self.state[rows] = np.stack(corrected, axis=1)
