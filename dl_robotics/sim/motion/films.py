"""People who move before the simulator's camera: what it sees frame by frame, and what they truly do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import Array, apply, transform_from_planar
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.sim.labels import Boxes, enclosing_boxes
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.landmarks import landmarks
from dl_robotics.sim.motion.performance import Performance, perform
from dl_robotics.sim.motion.person import random_person
from dl_robotics.sim.motion.roaming import random_script
from dl_robotics.sim.motion.stage_set import StageSet, random_set, seats_of
from dl_robotics.sim.motion.takes import draw_take, generator_of
from dl_robotics.sim.motion.view import View, random_view
from dl_robotics.sim.scenes.canvas import Canvas
from dl_robotics.sim.scenes.limbs import limbs
from dl_robotics.sim.scenes.looks import Looks
from dl_robotics.sim.scenes.people import clothes, dressed
from dl_robotics.sim.scenes.scene import Finish, Scene, Thing, Viewpoint
from dl_robotics.sim.scenes.textures import draw_texture

CLIP_M = (0.05, 60.0)
APART_M = 0.8  # people keep at least so far from each other
TRIES = 20
FILMS, TEXTURES = 2, 3  # what a random generator is for; others: dl_robotics.sim.motion.takes
PERSON = 1  # label of people


@dataclass(frozen=True, eq=False)
class Actor:
    """A figure that moves.

    :param places: (T, 3) by the names of its joints, in the world, m.
    :param clothes: a finish for every covering.
    :param activities: (T,) names of what it does.
    """

    performance: Performance
    places: dict[str, Array]
    clothes: dict[str, Finish]
    activities: npt.NDArray[np.str_]

    def thing(self, frame: int) -> Thing:
        """The figure in one frame."""
        places = {name: place[frame] for name, place in self.places.items()}
        return Thing(PERSON, dressed(limbs(self.performance.person.body, places), self.clothes))


@dataclass(frozen=True, eq=False)
class FilmFrame:
    """A picture and who truly does what in it.

    :param image: (height, width, 3) uint8, red first.
    :param skeletons: of everybody, in or out of the picture, in pixels; score 1 for a joint within the image, else 0.
    :param boxes: (n, 4) around what is seen of each person; zeros for nothing.
    :param activities: n names.
    """

    stamp_s: float
    image: npt.NDArray[np.uint8]
    skeletons: Skeletons
    boxes: Boxes
    activities: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Film:
    """Actors on a set before a camera; ``stamps_s`` (T,) from the begin."""

    stamps_s: Array
    actors: tuple[Actor, ...]
    scenery: StageSet
    view: View

    def scene(self, frame: int) -> Scene:
        """What there is to see; actor i is instance i + 1."""
        scenery = self.scenery
        things = (*(actor.thing(frame) for actor in self.actors), *scenery.things)
        viewpoint = Viewpoint(self.view.poses[frame], self.view.horizontal_fov)
        return Scene(things, viewpoint, scenery.lights, scenery.ambient, scenery.sky)


class Films:
    """Endless films by number; each depends on the seed and its number alone.

    :param seed: >= 0.
    :param layout: of the true skeletons.
    :raises ConfigError: for a layout with joints that figures do not have.
    :raises RuntimeError: where no OpenGL can be had.
    """

    def __init__(self, config: FilmConfig, seed: int, layout: SkeletonLayout) -> None:
        self._config, self._seed, self._layout = config, seed, layout
        rng = np.random.default_rng((seed, TEXTURES))
        textures = [draw_texture(rng) for _ in range(config.textures)]
        self._looks = Looks(config.textured, config.textures)
        self._canvas = Canvas(config.view.width, config.view.height, textures, CLIP_M)

    def __getitem__(self, number: int) -> Film:
        """People who do one thing after another."""
        config, rng = self._config, np.random.default_rng((self._seed, FILMS, number))
        stamps_s = np.arange(round(config.duration_s * config.rate_hz)) / config.rate_hz
        cast: list[tuple[Performance, dict[str, Array]]] = []
        for _ in range(int(rng.integers(config.people[0], config.people[1] + 1))):
            person = random_person(rng, config.height_m, config.pace)
            script = random_script(config.activities, person.pace, config.duration_s, rng)
            performance = perform(person, script, rng)
            places = self._somewhere(performance.places(stamps_s), [other["pelvis"] for _, other in cast], rng)
            if places is not None:
                cast.append((performance, places))
        middle = np.mean([places["pelvis"] for _, places in cast], axis=0)
        return self._film(cast, stamps_s, random_view(rng, config.view, middle), rng)

    def take(self, index: int, lead_s: float) -> tuple[Film, int]:
        """The film of a take, and the number of its activity; see :func:`~dl_robotics.sim.motion.takes.draw_take`."""
        rng = generator_of(self._seed, index)
        take = draw_take(self._seed, index, self._config, rng, lead_s)
        return self._film([(take.performance, take.places)], take.stamps_s, take.view, rng), take.label

    def frames(self, film: Film) -> Iterator[FilmFrame]:
        """Draw a film."""
        seen = [film.view.see(landmarks(actor.places, self._layout)) for actor in film.actors]
        persons = np.arange(len(seen))
        for frame, stamp_s in enumerate(film.stamps_s.tolist()):
            scene = film.scene(frame)
            picture = self._canvas.draw(scene)
            boxes, _ = enclosing_boxes(picture.instances, len(scene.things) + 1)
            joints = np.stack([pixels[frame] for pixels, _ in seen]).astype(np.float32)
            scores = np.stack([inside[frame] for _, inside in seen]).astype(np.float32)
            names = tuple(str(actor.activities[frame]) for actor in film.actors)
            yield FilmFrame(stamp_s, picture.image, Skeletons(joints, scores, persons), boxes[1 : len(seen) + 1], names)

    def _film(
        self, cast: list[tuple[Performance, dict[str, Array]]], stamps_s: Array, view: View, rng: np.random.Generator
    ) -> Film:
        looks = self._looks
        actors = tuple(
            Actor(performance, places, clothes(rng, looks), performance.activity(stamps_s))
            for performance, places in cast
        )
        seats = [seat for one in actors for seat in seats_of(one.performance, one.places, stamps_s, rng, looks)]
        return Film(stamps_s, actors, random_set(rng, looks, self._config.light, tuple(seats)), view)

    def _somewhere(
        self, places: dict[str, Array], others: list[Array], rng: np.random.Generator
    ) -> dict[str, Array] | None:
        """Places in the world where the person comes near nobody; None if none was found."""
        for _ in range(TRIES):
            pose = (*rng.uniform(-self._config.area_m, self._config.area_m, 2), rng.uniform(-np.pi, np.pi))
            path = apply(transform_from_planar(pose), places["pelvis"])
            if all(np.linalg.norm((path - other)[:, :2], axis=1).min() >= APART_M for other in others):
                return {name: apply(transform_from_planar(pose), place) for name, place in places.items()}
        return None
