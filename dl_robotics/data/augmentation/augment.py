"""All variations of a training image in their order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dl_robotics.data.augmentation.config import AugmentationConfig
from dl_robotics.data.augmentation.geometry import Window, flip, resize, view
from dl_robotics.data.augmentation.photometric import distort
from dl_robotics.data.augmentation.windows import cropped, scaled
from dl_robotics.data.sample import Sample

_NO_BOXES = np.zeros((0, 4), np.float32)


def augment(sample: Sample, config: AugmentationConfig, rng: np.random.Generator) -> Sample:
    """A random variation of a sample (Liu et al. 2016): colours, zoom or expansion, crop, flip.

    :return: of another size, in general, but of no more pixels. Boxes and mask have moved with the image; boxes
        whose centre has left it are gone, all others clipped to it.
    """
    sample = replace(sample, image=distort(sample.image, config, rng))
    height, width = sample.image.shape[:2]
    window = _window(sample, config, rng)
    if window != (0, 0, width, height):
        sample = view(*_shrunk(sample, window), config.fill)
    return flip(sample) if rng.random() < config.flip else sample


def _window(sample: Sample, config: AugmentationConfig, rng: np.random.Generator) -> Window:
    """What is seen of the sample and its surroundings."""
    height, width = sample.image.shape[:2]
    image = Window(0, 0, width, height)
    window = scaled(width, height, float(np.exp(-rng.uniform(*np.log(config.zoom)))), rng)
    if rng.random() < config.expansion:
        window = scaled(width, height, rng.uniform(1.0, config.largest_expansion), rng)
    if rng.random() < config.crop:
        window = cropped(window, image, _NO_BOXES if sample.boxes is None else sample.boxes, config, rng)
    return window


def _shrunk(sample: Sample, window: Window) -> tuple[Sample, Window]:
    """Sample and window made smaller where the window has more pixels than the sample.

    The paper pastes the image into a canvas of up to 16 times its pixels; a network sees that shrunk again.
    """
    height, width = sample.image.shape[:2]
    pixels = (window.right - window.left) * (window.bottom - window.top)
    factor = min(float(np.sqrt(width * height / pixels)), 1.0)
    smaller = resize(sample, max(round(width * factor), 1), max(round(height * factor), 1))
    left, top, right, bottom = (int(edge * factor) for edge in window)
    return smaller, Window(left, top, max(right, left + 1), max(bottom, top + 1))
