"""Prior (default) boxes of SSD (Liu et al. 2016, section 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dl_robotics.config import require
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.ops.boxes import Boxes

Size = tuple[int, int]  # height, width


def prior_scales(maps: int, low: float, high: float) -> tuple[float, ...]:
    """Equation 4: ``maps`` evenly spaced scales from ``low`` to ``high``, and 1 for the last map's larger square."""
    return (*np.linspace(low, high, maps).tolist(), 1.0) if maps > 1 else (low, high)


def prior_shapes(scale: float, larger: float, aspect_ratios: Sequence[float]) -> list[tuple[float, float]]:
    """Widths and heights of the priors at one place, as shares of the image, at most 1.

    Two squares, of ``scale`` and of the geometric mean of it and the next ``larger`` one; then for each ratio r one of
    width scale * sqrt(r) and height scale / sqrt(r), and the same upright.
    """
    shapes = [(scale, scale), ((scale * larger) ** 0.5,) * 2]
    for ratio in aspect_ratios:
        long, short = scale * ratio**0.5, scale / ratio**0.5
        shapes += [(long, short), (short, long)]
    return [(min(width, 1.0), min(height, 1.0)) for width, height in shapes]


def priors_of(config: DetectorConfig, maps: Sequence[Size]) -> Boxes:
    """(A, 4) centre x, centre y, width and height in pixels at the network's size.

    Map by map, row by row, place by place, shape by shape: the order in which the heads predict. Scales are shares of
    the shorter side, so that a ratio means the same in an image that is not square. Priors reach beyond the border.

    :param maps: sizes of the feature maps.
    :raises ConfigError: if the configuration describes another number of maps.
    """
    scales = config.scales or prior_scales(len(maps), config.min_scale, config.max_scale)
    require(len(scales) == len(maps) + 1, "scales", f"{len(maps) + 1}, one more than there are maps", scales)
    ratios, side = aspect_ratios(config, len(maps)), min(config.image_height, config.image_width)
    shapes = [np.array(prior_shapes(s, t, r)) * side for (s, t), r in zip(pairwise(scales), ratios, strict=True)]
    parts = [_tile(place, shape) for place, shape in zip(_places(config, maps), shapes, strict=True)]
    return np.concatenate(parts).astype(np.float32)


def aspect_ratios(config: DetectorConfig, maps: int) -> tuple[tuple[float, ...], ...]:
    """The aspect ratios of each map.

    :raises ConfigError: if there is neither one entry nor one for each map.
    """
    ratios = config.aspect_ratios * maps if len(config.aspect_ratios) == 1 else config.aspect_ratios
    require(len(ratios) == maps, "aspect_ratios", f"one entry or {maps}, as many as maps", config.aspect_ratios)
    return ratios


def centres(map_size: Size, step_x: float, step_y: float) -> np.ndarray:
    """(rows * columns, 2) x and y of the middles of a map's places, row by row."""
    y, x = np.meshgrid(np.arange(map_size[0]), np.arange(map_size[1]), indexing="ij")
    return np.stack([(x.ravel() + 0.5) * step_x, (y.ravel() + 0.5) * step_y], axis=1)


def _places(config: DetectorConfig, maps: Sequence[Size]) -> list[np.ndarray]:
    """The middles of every map's places, in pixels."""
    if not config.steps:
        return [centres(size, config.image_width / size[1], config.image_height / size[0]) for size in maps]
    require(len(config.steps) == len(maps), "steps", f"{len(maps)}, as many as maps", config.steps)
    return [centres(size, step, step) for size, step in zip(maps, config.steps, strict=True)]


def _tile(places: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Every shape at every place: (places * shapes, 4)."""
    return np.hstack([np.repeat(places, len(shapes), axis=0), np.tile(shapes, (len(places), 1))])
