"""A world as a backdrop: its scenery, its own things, and the free space on its floor."""

from __future__ import annotations

import dataclasses

import numpy as np

from dl_robotics.ops.geometry import Array, transform_from_planar
from dl_robotics.resources import shipped
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.scenes.scene import Finish, Part, Rgb, Thing
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.shapes import footprint_radius, visuals
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Camera, Material, Model, Transform, World

ROOM_M = 0.12  # radius of the smallest place that counts as free
Disc = tuple[float, float, float]  # x, y, radius


class Backdrop:
    """A world, read once and shown often.

    Attributes: ``scenery``, what stays where it is; ``robot``, standing at the origin; ``camera_pose`` in the robot's
    model frame; ``free``, where there is room among the scenery; ``lights``, ``ambient`` and ``sky`` as the file has
    them.

    :param name: file or shipped name of a world with a robot that has a camera.
    :param things: classes 1 to ``things`` are things, of which all can be moved; so can what has no class.
    """

    def __init__(self, name: str, things: int) -> None:
        world = read_world(shipped("worlds", name, ".sdf"))
        others = [model for model in world.models if model is not world.robot]
        fixed = [model for model in others if _is_scenery(model, things)]
        self._own = [_Own(model) for model in others if model not in fixed]
        self.scenery = tuple(thing for model in fixed for thing in things_of(model, model.pose))
        self.robot = things_of(world.robot, np.eye(4))
        self.robot_radius_m = footprint_radius(world.robot)
        link, self.camera = _camera(world)
        self.camera_pose: Array = link @ self.camera.pose
        self.free = FreeSpace(dataclasses.replace(world, models=(world.robot, *fixed)), ROOM_M)
        self.lights = world.lights
        self.ambient: Rgb = world.ambient[:3]
        self.sky: Rgb = world.background[:3]

    def own_things(self, rng: np.random.Generator) -> tuple[list[Thing], list[Disc]]:
        """The world's own things, those that move somewhere on their way, and their footprints."""
        things: list[Thing] = []
        discs: list[Disc] = []
        for own in self._own:
            pose = own.pose(rng)
            things += [thing.moved(pose) for thing in own.things]
            discs.append((float(pose[0, 3]), float(pose[1, 3]), own.radius_m))
        return things, discs


class _Own:
    """A model that can be moved: its things in the model frame, and where it may be."""

    def __init__(self, model: Model) -> None:
        self.things, self.radius_m = things_of(model, np.eye(4)), footprint_radius(model)
        self._still = model.pose
        self._path = None if model.follower is None else trajectory(model).table

    def pose(self, rng: np.random.Generator) -> Transform:
        """Of the model frame in the world."""
        if self._path is None:
            return self._still
        pose = transform_from_planar(self._path[int(rng.integers(len(self._path)))])
        pose[2, 3] = self._still[2, 3]
        return pose


def things_of(model: Model, pose: Transform) -> tuple[Thing, ...]:
    """A model's visuals, one thing for each of their labels.

    :param pose: of the model frame, in the world.
    """
    parts: dict[int, list[Part]] = {}
    for visual, where in visuals(model):
        parts.setdefault(visual.label, []).append(Part(visual.shape, pose @ where, _finish(visual.material)))
    return tuple(Thing(label, tuple(found)) for label, found in parts.items())


def _finish(material: Material) -> Finish:
    return Finish(material.diffuse[:3], shiny=max(material.specular[:3]) > 0.0)


def _is_scenery(model: Model, things: int) -> bool:
    labels = {visual.label for visual, _ in visuals(model)}
    return any(label > things for label in labels)


def _camera(world: World) -> tuple[Transform, Camera]:
    for link, sensor in world.robot.sensors():
        if isinstance(sensor, Camera):
            return link.pose, sensor
    raise ValueError(f"{world.source}: expected a robot with a camera, {world.robot.name!r} has none")
