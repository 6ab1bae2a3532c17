"""Images of one red or blue rectangle on grey noise, some of none: what a detector learns in seconds."""

import numpy as np

from dl_robotics.data.sample import Sample

CLASSES = ("background", "red", "blue")
COLOURS = {1: (250, 30, 30), 2: (30, 30, 250)}
HEIGHT, WIDTH = 64, 96


def rectangle(rng):
    """A labelled image; one in eight shows nothing."""
    image = rng.integers(60, 120, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    if rng.random() < 0.125:
        return Sample(image, np.zeros((0, 4), np.float32), np.zeros(0, np.int64), None, "nothing")
    width, height = rng.integers(16, 40, 2)
    left, top, label = rng.integers(0, WIDTH - width), rng.integers(0, HEIGHT - height), int(rng.integers(1, 3))
    image[top : top + height, left : left + width] = COLOURS[label]
    boxes = np.array([[left, top, left + width, top + height]], np.float32)
    return Sample(image, boxes, np.array([label]), None, f"a rectangle at {left}, {top}")


def rectangles(count, seed):
    rng = np.random.default_rng(seed)
    return [rectangle(rng) for _ in range(count)]
