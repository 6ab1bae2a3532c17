"""Procedural textures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Grey: TypeAlias = npt.NDArray[np.float64]  # (size, size) in [0, 1]: how much of the second colour
Texture: TypeAlias = npt.NDArray[np.uint8]  # (size, size, 3)

SIZE = 64
FULL_SCALE = 255.0


def draw_texture(rng: np.random.Generator, size: int = SIZE) -> Texture:
    """A texture of two colours, mixed by a random pattern; white is its brightest."""
    pattern = PATTERNS[int(rng.integers(len(PATTERNS)))](rng, size)
    first, second = rng.uniform(0.25, 1.0, 3), rng.uniform(0.1, 1.0, 3)
    if rng.random() < 0.5:  # shades of one colour: the object's own shows
        first, second = np.ones(3), np.full(3, rng.uniform(0.3, 0.8))
    mixed = first + pattern[..., None] * (second - first)
    return np.rint(np.clip(mixed, 0.0, 1.0) * FULL_SCALE).astype(np.uint8)


def checker(rng: np.random.Generator, size: int) -> Grey:
    """Squares."""
    cells = int(rng.choice([2, 4, 8]))
    row, column = np.indices((size, size)) * cells // size
    return np.asarray((row + column) % 2, dtype=np.float64)


def stripes(rng: np.random.Generator, size: int) -> Grey:
    """Parallel stripes along either side."""
    count, thin = int(rng.choice([2, 4, 8])), rng.uniform(0.2, 0.8)
    place = np.indices((size, size))[int(rng.integers(2))] * count / size
    return np.asarray(place % 1.0 < thin, dtype=np.float64)


def gradient(rng: np.random.Generator, size: int) -> Grey:
    """From one corner or side to the other."""
    across, down = rng.uniform(-1.0, 1.0, 2)
    row, column = np.indices((size, size)) / size
    slope = across * column + down * row
    return np.asarray((slope - slope.min()) / max(float(np.ptp(slope)), 1e-9))


def noise(rng: np.random.Generator, size: int) -> Grey:
    """Random values on grids that halve in spacing and strength (value noise)."""
    total = np.zeros((size, size))
    first = int(rng.integers(1, 4))
    for octave in range(first, first + int(rng.integers(1, 4))):
        grid = rng.random((2**octave, 2**octave))
        total += np.asarray(cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC), np.float64) / 2.0**octave
    return np.asarray((total - total.min()) / max(float(np.ptp(total)), 1e-9))


def speckle(rng: np.random.Generator, size: int) -> Grey:
    """Independent pixels."""
    return np.asarray(rng.random((size, size)) ** rng.uniform(1.0, 4.0))


def bricks(rng: np.random.Generator, size: int) -> Grey:
    """Rows of bricks or planks, every second one shifted, with joints between."""
    rows, columns = int(rng.choice([4, 8])), int(rng.choice([1, 2, 4]))
    row, column = np.indices((size, size))
    line = row * rows // size
    shifted = (column + line % 2 * size // (2 * columns)) % size
    joint = (row % (size // rows) < 2) | (shifted % (size // columns) < 2)
    shade = rng.uniform(0.0, 0.4, (rows, columns))[line, shifted * columns // size]
    return np.where(joint, 1.0, shade)


PATTERNS: tuple[Callable[[np.random.Generator, int], Grey], ...] = (checker, stripes, gradient, noise, speckle, bricks)
