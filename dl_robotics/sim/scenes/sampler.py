"""From random numbers to scenes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from dl_robotics.config import require
from dl_robotics.ops.geometry import Array, transform, transform_from_planar
from dl_robotics.sim.labels import ClassList
from dl_robotics.sim.scenes.backdrop import Backdrop, Disc
from dl_robotics.sim.scenes.config import SceneConfig
from dl_robotics.sim.scenes.layout import Layout
from dl_robotics.sim.scenes.looks import Looks, ambient, colour, lights
from dl_robotics.sim.scenes.people import random_person
from dl_robotics.sim.scenes.props import Prop, random_ball, random_box, random_cylinder, random_distractor
from dl_robotics.sim.scenes.scene import Finish, Scene, Thing, Viewpoint

MAKERS: dict[str, Callable[[np.random.Generator, Looks], Prop]] = {
    "person": random_person,
    "box": random_box,
    "cylinder": random_cylinder,
    "ball": random_ball,
    "distractor": random_distractor,
}
ROBOT = "robot"
EYE_RADIUS_M = 0.2  # of the space around the camera
VIEW = 0.55  # share of the field of view, to either side, in which things are put
MUTED = 0.4  # saturation of floors and walls, of the sky
AIMED, AT_THINGS = 0.85, 0.6  # shares of frames that look at something, and of these, at one of the world's own things
AIM_SPREAD = 0.25  # rad
ONE_FINISH = 0.7  # share of frames whose walls all look alike


class SceneSampler:
    """Draws scenes.

    :raises ConfigError: for a kind of thing that is not known or has no class.
    :raises FileNotFoundError: for a world that does not ship.
    :raises SdfError: for a world that cannot be read.
    """

    def __init__(self, config: SceneConfig, classes: ClassList) -> None:
        for kind in config.things:
            require(kind in (*MAKERS, ROBOT), f"things.{kind}", f"one of {', '.join(MAKERS)}, {ROBOT}", kind)
            known = kind in classes.things or kind == "distractor"
            require(known, f"things.{kind}", f"one of the things of classes: {', '.join(classes.things)}", kind)
        self._config = config
        self._labels = {name: index for index, name in enumerate(classes.names)}
        self._looks = Looks(config.textured, config.textures)
        self._backdrops = [Backdrop(name, len(classes.things)) for name in config.worlds]
        weights = np.array(list(config.worlds.values()))
        self._weights = weights / weights.sum()

    def sample(self, rng: np.random.Generator) -> Scene:
        """A scene."""
        backdrop = self._backdrops[int(rng.choice(len(self._backdrops), p=self._weights))]
        if rng.random() < self._config.as_filed:
            return self._as_filed(backdrop, rng)
        own, discs = backdrop.own_things(rng) if rng.random() < self._config.keep else ([], [])
        layout = Layout(backdrop.free, discs)
        eye = _eye(layout, backdrop.free.start, discs, rng)
        viewpoint = self._viewpoint(backdrop, eye, rng)
        added = self._add(backdrop, layout, eye, viewpoint, rng)
        plain = rng.random() < self._config.plain
        scenery = backdrop.scenery if plain else tuple(self._repaint(backdrop.scenery, rng))
        things = (*scenery, *(own if plain else self._recolour(own, rng)), *added)
        if plain:
            return Scene(things, viewpoint, backdrop.lights, backdrop.ambient, backdrop.sky)
        shining = lights(rng, self._config.light, (float(eye[0]), float(eye[1])))
        return Scene(things, viewpoint, shining, ambient(rng, self._config.light), colour(rng, MUTED))

    def _as_filed(self, backdrop: Backdrop, rng: np.random.Generator) -> Scene:
        """The world as its file has it, seen by its robot's camera."""
        own, discs = backdrop.own_things(rng)
        eye = _eye(Layout(backdrop.free, discs), backdrop.free.start, discs, rng)
        viewpoint = Viewpoint(transform_from_planar(eye) @ backdrop.camera_pose, backdrop.camera.horizontal_fov)
        return Scene((*backdrop.scenery, *own), viewpoint, backdrop.lights, backdrop.ambient, backdrop.sky)

    def _viewpoint(self, backdrop: Backdrop, eye: Array, rng: np.random.Generator) -> Viewpoint:
        camera = self._config.camera
        roll, pitch = math.radians(rng.uniform(*camera.roll_deg)), math.radians(rng.uniform(*camera.pitch_deg))
        pose = transform((eye[0], eye[1], rng.uniform(*camera.height_m)), (roll, pitch, eye[2]))
        return Viewpoint(pose, backdrop.camera.horizontal_fov * rng.uniform(*camera.fov_factor))

    def _add(
        self, backdrop: Backdrop, layout: Layout, eye: Array, viewpoint: Viewpoint, rng: np.random.Generator
    ) -> list[Thing]:
        """Things of every kind, in view where there is room."""
        added = []
        for kind, (least, most) in self._config.things.items():
            for _ in range(int(rng.integers(least, most + 1))):
                thing, radius_m = self._make(kind, backdrop, rng)
                half_angle = VIEW * viewpoint.horizontal_fov
                place = layout.stand_in_view(rng, radius_m, eye, half_angle, self._config.distance_m)
                if place is not None:
                    added.append(thing.moved(transform_from_planar((*place, rng.uniform(-math.pi, math.pi)))))
        return added

    def _make(self, kind: str, backdrop: Backdrop, rng: np.random.Generator) -> tuple[Thing, float]:
        """A thing at the origin, and the radius of its footprint."""
        label = self._labels.get(kind, 0)
        if kind == ROBOT:
            parts = tuple(part for thing in backdrop.robot for part in thing.parts)
            return Thing(label, parts), backdrop.robot_radius_m
        parts, radius_m = MAKERS[kind](rng, self._looks)
        return Thing(label, parts), radius_m

    def _repaint(self, scenery: Iterable[Thing], rng: np.random.Generator) -> Iterable[Thing]:
        """Floors and walls in other, muted colours."""
        walls = self._looks.surface(rng, MUTED)
        alike = rng.random() < ONE_FINISH
        for thing in scenery:
            yield _painted(thing, lambda: walls if alike else self._looks.surface(rng, MUTED))

    def _recolour(self, things: Iterable[Thing], rng: np.random.Generator) -> list[Thing]:
        return [_painted(thing, lambda: self._looks.surface(rng)) for thing in things]


def _eye(layout: Layout, start: Array, targets: Sequence[Disc], rng: np.random.Generator) -> Array:
    """(3,) x, y and yaw of the camera, which mostly looks at something, or to where there is room.

    :param start: (2,) where it is if no other place is free.
    """
    x, y = layout.stand(rng, EYE_RADIUS_M) or start.tolist()
    yaw = rng.uniform(-math.pi, math.pi)
    target = layout.outlook(rng, np.array([x, y]))
    if targets and rng.random() < AT_THINGS:
        target = targets[int(rng.integers(len(targets)))][:2]
    if target is not None and rng.random() < AIMED:
        yaw = math.atan2(target[1] - y, target[0] - x) + rng.normal(0.0, AIM_SPREAD)
    return np.array([x, y, yaw])


def _painted(thing: Thing, finish: Callable[[], Finish]) -> Thing:
    return replace(thing, parts=tuple(replace(part, finish=finish()) for part in thing.parts))
