"""Whether the robot touches what it should not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from dl_robotics.sim.mujoco.contacts import Touch
from dl_robotics.sim.mujoco.geoms import Group

REMEMBERED = 4096


def hazard_test(model: Any) -> Callable[[bytes], bool]:
    """A test of MuJoCo's contacts: does the robot touch anything but the floor?

    It takes the bytes of ``contact.geom`` (contacts, 2), int32. The same few sets of contacts come up again and again,
    and looking one up costs a fifth of examining it, which counts at 100 physics steps a millisecond.
    """
    robot = model.geom_group == Group.ROBOT_COLLISION
    solid = model.geom_contype & (Touch.OBSTACLE | Touch.DYNAMIC) != 0

    @lru_cache(maxsize=REMEMBERED)
    def is_hazard(pairs: bytes) -> bool:
        first, second = np.frombuffer(pairs, dtype=np.int32).reshape(-1, 2).T
        return bool(np.any(robot[first] & solid[second] | solid[first] & robot[second]))

    return is_hazard
