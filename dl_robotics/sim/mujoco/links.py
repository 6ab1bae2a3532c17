"""What a link carries: solids, visuals and sensors."""

from __future__ import annotations

from typing import Any

from dl_robotics.sim.mujoco.appearance import add_camera, material_name
from dl_robotics.sim.mujoco.contacts import ContactRules, Touch
from dl_robotics.sim.mujoco.frames import frame
from dl_robotics.sim.mujoco.geoms import Group, add_geom
from dl_robotics.sim.mujoco.names import sensor_name, solid_name
from dl_robotics.sim.world import Camera, Collision, Link, Model, Sensor, Visual

SOLREF = (0.02, 1.0)  # two physics steps of 10 ms: the stiffest contact that MuJoCo allows with them
SOLIMP = (0.98, 0.99, 0.001, 0.5, 2.0)  # wheels then sink 0.03 mm into the floor, with MuJoCo's default 0.2 mm
FRICTIONLESS, SLIDING = 1, 3  # values of MuJoCo's ``condim``


class LinkFiller:
    """Fills bodies with the links of one model.

    :param spec: the ``MjSpec``.
    :param index: the model's index in the world; every geom carries it as its first user value, and as its second the
        label of its visual, 0 for a solid.
    :param is_robot: whether geoms go into the robot's own groups.
    """

    def __init__(self, spec: Any, model: Model, index: int, is_robot: bool, rules: ContactRules) -> None:
        self._spec, self._model, self._rules = spec, model, rules
        self._index = float(index)
        self._visual = Group.ROBOT_VISUAL if is_robot else Group.WORLD_VISUAL
        self._solid = Group.ROBOT_COLLISION if is_robot else Group.WORLD_COLLISION

    def fill(self, body: Any, link: Link) -> None:
        """Add the solids, visuals and sensors of a link to its body."""
        for collision in link.collisions:
            self._add_collision(body, link, collision)
        for visual in link.visuals:
            self._add_visual(body, visual)
        for sensor in link.sensors:
            self._add_sensor(body, link, sensor)

    def _add_collision(self, body: Any, link: Link, collision: Collision) -> None:
        pose = self._model.pose @ link.pose @ collision.pose
        for solid in self._rules.solids(self._model, link.name, collision, pose):
            user = [self._index, 0.0]
            geom = add_geom(body, solid.shape, collision.pose, bounded=False, group=self._solid, userdata=user)
            geom.contype, geom.conaffinity = solid.is_what, solid.looks_for
            geom.name = solid_name(self._model, link.name, collision) if solid.is_what != Touch.NOTHING else ""
            geom.friction[0] = solid.friction
            geom.condim = SLIDING if solid.friction > 0.0 else FRICTIONLESS
            geom.solref, geom.solimp = SOLREF, SOLIMP

    def _add_visual(self, body: Any, visual: Visual) -> None:
        user = [self._index, float(visual.label)]
        geom = add_geom(body, visual.shape, visual.pose, bounded=True, group=self._visual, userdata=user)
        geom.contype, geom.conaffinity = 0, 0
        geom.material = material_name(self._spec, visual.material)

    def _add_sensor(self, body: Any, link: Link, sensor: Sensor) -> None:
        name = sensor_name(self._model, link, sensor)
        body.add_site(name=name, **frame(sensor.pose))
        if isinstance(sensor, Camera):
            add_camera(body, name, sensor)
