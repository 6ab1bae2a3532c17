"""From people's joints to what the network takes, in training and on the robot alike."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.config import ConfigError

Floats = npt.NDArray[np.float32]
SMALLEST = 1e-6  # of a person, in pixels or metres: people of a single joint are not blown up


def prepare_window(
    joints: Floats, scores: Floats, config: RecogniserConfig, image_size: tuple[int, int] | None = None
) -> Floats:
    """Normalise a window and put its axes in the network's order.

    Joints that were not seen are zero in all channels, and count for nothing in the person's place and size. Of
    several people the first one's place and size count, so that it stays visible how they stand to each other.

    :param joints: (T, M, J, 3), T of any length, M of any number: missing people are added, those too many left out.
    :param scores: (T, M, J), 0 for a joint that was not seen.
    :param image_size: width and height in pixels of the image that the joints were found in.
    :returns: (C, T, V, persons), contiguous.
    :raises ConfigError: if the recogniser sees joints as parts of the image, and its size is not known.
    """
    persons = min(joints.shape[1], config.persons)
    seen = scores[:, :persons] > 0.0
    places = _normalised(joints[:, :persons, :, : config.coordinates], seen, config, image_size)
    window = np.zeros((config.in_channels, *seen.shape[::2], config.persons), np.float32)
    window[: config.coordinates, ..., :persons] = (places * seen[..., None]).transpose(3, 0, 2, 1)
    if config.scored:
        window[-1, ..., :persons] = scores[:, :persons].transpose(0, 2, 1)
    return window


def _normalised(
    places: Floats, seen: npt.NDArray[np.bool_], config: RecogniserConfig, image_size: tuple[int, int] | None
) -> Floats:
    """(T, M, J, coordinates) as the settings want them."""
    if config.normalisation == "none":
        return places
    if config.normalisation == "image":
        if image_size is None:
            raise ConfigError("normalisation: 'image' needs the size of the image, got joints without one")
        places = places.copy()
        places[..., :2] = places[..., :2] / np.array(image_size, np.float32) - 0.5
        return places
    first, first_seen = places[:, 0], seen[:, 0]
    whole = config.normalisation == "window"
    origin = _origin(first, first_seen, config.skeleton.index(config.skeleton.centre), whole)
    return np.asarray((places - origin) / np.maximum(_size(first, first_seen, whole), SMALLEST), np.float32)


def _origin(places: Floats, seen: npt.NDArray[np.bool_], centre: int, whole: bool) -> Floats:
    """The centre joint, or where it was not seen the mean of those that were: (T or 1, 1, 1, coordinates).

    :param whole: its mean over the frames.
    """
    weights = np.where(seen[:, centre, None], np.arange(seen.shape[1]) == centre, seen).astype(np.float32)  # (T, J)
    if whole:
        # Frames with the centre joint say best where the person was.
        weights = weights * (seen[:, centre, None] if seen[:, centre].any() else 1.0)
        return _mean(places.reshape(1, -1, places.shape[2]), weights.reshape(1, -1))[:, None, None]
    return _mean(places, weights)[:, None, None]


def _size(places: Floats, seen: npt.NDArray[np.bool_], whole: bool) -> Floats:
    """Root mean square distance of a frame's joints from their mean: (T or 1, 1, 1, 1).

    :param whole: the mean is over all frames.
    """
    weights = seen.astype(np.float32)
    squares = np.square(places - _mean(places, weights)[:, None]).sum(-1) * weights  # (T, J)
    axes = (0, 1) if whole else (1,)
    mean = squares.sum(axes) / np.maximum(weights.sum(axes), 1.0)
    return np.asarray(np.sqrt(mean), np.float32).reshape(-1, 1, 1, 1)


def _mean(places: Floats, weights: Floats) -> Floats:
    """Of each row's (n, J, coordinates) joints by their weights (n, J); zero where there is none."""
    return np.asarray(np.einsum("njc,nj->nc", places, weights) / np.maximum(weights.sum(1), 1e-12)[:, None], np.float32)
