"""What the robot touches, by name and place."""

from __future__ import annotations

from typing import Any

import numpy as np

from dl_robotics.ops.contacts import Contact
from dl_robotics.sim.mujoco.contacts import Touch


def robot_contacts(model: Any, data: Any) -> list[Contact]:
    """Everything but the floor that the robot touches at present, its own solid first.

    :param model: the ``MjModel``, whose solids have names.
    :param data: the ``MjData``, whose contacts belong to the present moment.
    """
    found = data.contact
    is_robot = model.geom_contype[found.geom] == Touch.ROBOT  # (n, 2); what holds it up on the floor is not
    rows: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(is_robot.any(axis=1)).tolist():
        own, other = found.geom[row] if is_robot[row, 0] else found.geom[row, ::-1]
        rows.setdefault((model.geom(own).name, model.geom(other).name), []).append(row)
    outwards = np.where(is_robot[:, 0], 1.0, -1.0)[:, None] * found.frame[:, :3]
    return [
        Contact(*names, found.pos[at].copy(), outwards[at], np.maximum(-found.dist[at], 0.0))
        for names, at in rows.items()
    ]
