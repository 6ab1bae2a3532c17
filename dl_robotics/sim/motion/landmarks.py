"""A figure's joints in the order of any table of joints."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dl_robotics.config import ConfigError
from dl_robotics.ops.geometry import Array
from dl_robotics.ops.skeleton_layout import SkeletonLayout

# Joints that a figure names otherwise, or that lie between two of its own.
BETWEEN: Mapping[str, tuple[str, ...]] = {
    "hip_centre": ("pelvis",),
    "spine": ("pelvis", "chest"),
    "shoulder_centre": ("chest",),
    **{f"{side}_{name}": (f"{side}_toe",) for side in ("left", "right") for name in ("foot", "foot_index")},
    **{f"{side}_hand_tip": (f"{side}_index",) for side in ("left", "right")},
}


def landmarks(places: Mapping[str, Array], layout: SkeletonLayout) -> Array:
    """(..., J, 3) places in the order of a table.

    :param places: of a figure's joints, (..., 3) each.
    :raises ConfigError: for a joint that figures do not have, naming it.
    """
    return np.stack([_place(places, name) for name in layout.joints], axis=-2)


def _place(places: Mapping[str, Array], name: str) -> Array:
    sources = BETWEEN.get(name, (name,))
    if not all(source in places for source in sources):
        known = ", ".join(sorted({*places, *BETWEEN}))
        raise ConfigError(f"layout: expected joints that a generated figure has ({known}), got {name!r}")
    return np.asarray(np.mean([places[source] for source in sources], axis=0), np.float64)
