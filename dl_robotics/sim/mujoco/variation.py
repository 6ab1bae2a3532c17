"""Domain randomisation of the robot: factors on friction and mass."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from dl_robotics.sim.mujoco.friction import rank_friction
from dl_robotics.sim.mujoco.geoms import Group


class Variation:
    """Scales the robot of an ``MjModel`` that nobody else uses, always from the values of the world file.

    :param base: id of the robot's free body, on which all its others hang.
    """

    def __init__(self, model: Any, base: int) -> None:
        self._model = model
        self._geoms = np.flatnonzero(model.geom_group == Group.ROBOT_COLLISION)
        self._bodies = np.flatnonzero(model.body_rootid == base)
        self._friction = model.geom_friction[self._geoms, 0].copy()
        self._mass = model.body_mass[self._bodies].copy()
        self._inertia = model.body_inertia[self._bodies].copy()
        self._applied = (1.0, 1.0)

    def apply(self, data: Any, friction: float, mass: float) -> None:
        """Set the factors.

        :param data: the model's ``MjData``; its state is lost if the factors differ from the last ones.
        """
        if (friction, mass) == self._applied:
            return
        self._model.geom_friction[self._geoms, 0] = self._friction * friction
        rank_friction(self._model)
        self._model.body_mass[self._bodies] = self._mass * mass
        self._model.body_inertia[self._bodies] = self._inertia * mass
        mujoco.mj_setConst(self._model, data)
        self._applied = (friction, mass)
