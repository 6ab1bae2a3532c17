"""Labelled images drawn for tests: coloured rectangles, their boxes and masks."""

import cv2
import numpy as np

from dl_robotics.data.sample import Sample

CLASSES = ("background", "cup", "plate")


class Drawn:
    """Labelled images in memory; ``samples`` may be changed."""

    def __init__(self, samples, blocks=None, classes=CLASSES, version="drawn"):
        self.samples, self.classes, self.version = samples, classes, version
        self.blocks = list(range(0, 2 * len(samples), 2)) if blocks is None else blocks

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return self.samples[index]


def rectangles(boxes, labels, width=64, height=48, seed=0):
    """A random image, smooth enough for JPEG, and a mask in which each box is filled with its class."""
    rng = np.random.default_rng(seed)
    image = cv2.resize(rng.integers(0, 256, (3, 4, 3), dtype=np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    mask = np.zeros((height, width), np.uint8)
    for (left, top, right, bottom), label in zip(boxes, labels, strict=True):
        mask[int(top) : int(bottom), int(left) : int(right)] = label
    return Sample(image, np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64), mask, f"drawn {seed}")


def drawn(count=5):
    """Images with none, one or two objects."""
    boxes = [[4, 6, 30, 40], [33, 2, 60, 20]]
    return Drawn([rectangles(boxes[: n % 3], [1, 2][: n % 3], seed=n) for n in range(count)])
