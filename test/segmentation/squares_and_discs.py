"""Labelled images that a small network learns in seconds: a red square and a blue disc on noise."""

import numpy as np

from dl_robotics.data.sample import Sample

CLASSES = ("background", "square", "disc")
HEIGHT, WIDTH = 64, 96
COLOURS = {1: (200, 80, 60), 2: (60, 90, 220)}


def squares_and_discs(count, seed):
    rng = np.random.default_rng(seed)
    return [_scene(rng, f"scene[{number}]") for number in range(count)]


def _scene(rng, source):
    image = rng.integers(60, 120, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    for number, colour in COLOURS.items():
        dy, dx = abs(y - rng.integers(12, HEIGHT - 12)), abs(x - rng.integers(12, WIDTH - 12))
        radius = rng.integers(8, 14)
        inside = np.maximum(dy, dx) < radius if number == 1 else dy**2 + dx**2 < radius**2
        image[inside], mask[inside] = colour, number
    return Sample(image, None, None, mask, source)
