"""Of two friction coefficients the smaller one counts, as in Gazebo."""

from __future__ import annotations

from typing import Any

import numpy as np


def rank_friction(model: Any) -> None:
    """Give slippery geoms precedence, in place.

    MuJoCo takes the larger friction of two geoms of equal priority, and else that of the higher priority. A geom's
    priority is its rank by descending friction, so that the smaller friction of any two wins.
    """
    _, rank = np.unique(-model.geom_friction[:, 0], return_inverse=True)
    model.geom_priority[:] = rank
