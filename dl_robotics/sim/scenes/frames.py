"""Labelled frames by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.detections import Detections
from dl_robotics.sim.labels import ClassList, ground_truth
from dl_robotics.sim.scenes.canvas import Canvas
from dl_robotics.sim.scenes.config import SceneConfig
from dl_robotics.sim.scenes.sampler import SceneSampler
from dl_robotics.sim.scenes.textures import draw_texture

Purpose = Literal["train", "evaluate"]
PURPOSES: tuple[Purpose, ...] = ("train", "evaluate")
CLIP_M = (0.02, 20.0)
TEXTURES, FRAMES = 0, 1  # what a random generator is for


@dataclass(frozen=True, eq=False)
class LabelledFrame:
    """A picture and what is truly in it.

    :param image: (height, width, 3) uint8, red first.
    :param mask: (height, width) uint8 class ids.
    :param detections: boxes of the things, with scores of 1.
    :param horizontal_fov: of the camera, rad.
    """

    image: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.uint8]
    detections: Detections
    horizontal_fov: float


class LabelledFrames:
    """Endless labelled frames; each depends on purpose, seed and number alone.

    Every frame has a random generator of its own, seeded with purpose, seed and number. Frames for training and for
    evaluation therefore never share one, whatever their seeds; nor do they share textures.

    :param seed: >= 0.
    :raises RuntimeError: where no OpenGL can be had.
    """

    def __init__(self, config: SceneConfig, seed: int, purpose: Purpose = "train") -> None:
        self.classes = ClassList.load(config.classes)
        self._config = config
        self._source = (PURPOSES.index(purpose), seed)
        self._sampler = SceneSampler(config, self.classes)
        rng = np.random.default_rng((*self._source, TEXTURES))
        textures = [draw_texture(rng) for _ in range(config.textures)]
        self._canvas = Canvas(config.camera.width, config.camera.height, textures, CLIP_M)

    def __getitem__(self, number: int) -> LabelledFrame:
        rng = np.random.default_rng((*self._source, FRAMES, number))
        scene = self._sampler.sample(rng)
        picture = self._canvas.draw(scene)
        labels = np.array([0, *(thing.label for thing in scene.things)], np.uint8)
        things, rule = len(self.classes.things), self._config.boxes
        truth = ground_truth(picture.instances, labels, picture.whole, things, rule)
        return LabelledFrame(picture.image, truth.mask, truth.detections, scene.viewpoint.horizontal_fov)
