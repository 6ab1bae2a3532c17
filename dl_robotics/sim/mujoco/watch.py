"""Whether the robot touches what it should not, or has fallen over: sensors that MuJoCo reads in every physics step."""

from __future__ import annotations

import math
from typing import Any

import mujoco
from numba import njit

from dl_robotics.sim.mujoco.contacts import Touch
from dl_robotics.sim.mujoco.frames import Array
from dl_robotics.sim.mujoco.names import frame_site
from dl_robotics.sim.world import Model

TUMBLE_RAD = 0.5  # a robot whose up axis leans farther than this has fallen over
LEAST_UPRIGHT = math.cos(TUMBLE_RAD)
UP_Z, TOUCHES = 2, 3  # places in a row of sensor data: z of the up axis, and the first number of contacts


def add_watch(spec: Any, robot: Model) -> None:
    """Add the sensors: the model frame's up axis (3,), and the number of contacts of each of the robot's true shapes.

    True shapes never meet the floor (see :class:`~dl_robotics.sim.mujoco.contacts.ContactRules`).
    """
    up, site = mujoco.mjtSensor.mjSENS_FRAMEZAXIS, mujoco.mjtObj.mjOBJ_SITE
    spec.add_sensor(type=up, objtype=site, objname=frame_site(robot))
    counts = [1 << mujoco.mjtConDataField.mjCONDATA_FOUND.value, 0, 1]  # of which data, no reduction, of one contact
    contact, solid = mujoco.mjtSensor.mjSENS_CONTACT, mujoco.mjtObj.mjOBJ_GEOM
    for geom in (geom for geom in spec.geoms if geom.contype == Touch.ROBOT):
        spec.add_sensor(type=contact, objtype=solid, objname=geom.name, intprm=counts)


@njit(cache=True)
def touches_and_leans(sensed: Array) -> tuple[bool, bool]:  # pragma: no cover
    """Whether the robot touches anything but the floor, and leans over by more than :data:`TUMBLE_RAD`, at any time.

    :param sensed: (steps, sensors) sensor data.
    """
    touches = leans = False
    for row in sensed:
        leans = leans or row[UP_Z] < LEAST_UPRIGHT
        for contacts in row[TOUCHES:]:
            touches = touches or contacts > 0.0
    return touches, leans
