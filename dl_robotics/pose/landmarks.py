"""BlazePose's landmark network (Bazarevsky et al. 2020): the joints of the one person in a crop."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from dl_robotics.inference.backend import Backend
from dl_robotics.ops.compiled import compiled
from dl_robotics.pose.crop import Crop, Image

Floats = npt.NDArray[np.float32]

SIDE = 256  # of the network's input, pixels
JOINTS = 33
HIPS, RIM = 33, 34  # two more points, from which the next frame's crop is made
OUTPUTS = (0, 1, 3)  # of the network: landmarks, presence, heat maps; not the person's mask and the joints in metres
REACH = 3  # cells of a heat map to each side of a joint that its place is refined with
CERTAIN = 0.5  # of a heat map's largest value there, else the place stays


class Person(NamedTuple):
    """What a look at a crop has found.

    :param presence: in [0, 1], whether there is a person at all.
    :param places: (33, 2) pixels of the image.
    :param scores: (33,) in [0, 1], whether the joint is seen, neither hidden nor outside the image.
    :param crop: where the person will be looked for next.
    """

    presence: float
    places: Floats
    scores: Floats
    crop: Crop


class Landmarker:
    """Finds the joints of the person in a crop.

    :param network: (1, 256, 256, 3) in [0, 1] to (1, 195) landmarks, (1, 1) presence and (1, 64, 64, 39) heat maps.
    """

    def __init__(self, network: Backend) -> None:
        self._network = network

    def __call__(self, image: Image, crop: Crop) -> Person:
        """Look at a crop of an image.

        :param image: (height, width, 3) uint8, red first.
        """
        pixels = crop.take(image, SIDE, cv2.BORDER_REPLICATE)
        rows, presence, heat_maps = self._network(np.multiply(pixels[None], 1.0 / 255.0, dtype=np.float32))
        return decode(rows.reshape(-1, 5), float(presence[0, 0]), heat_maps[0], crop)


def decode(rows: Floats, presence: float, heat_maps: Floats, crop: Crop) -> Person:
    """A person from the network's numbers.

    :param rows: (39, 5) x, y, z in pixels of the network's input, logits of being seen and of being in the crop.
    :param heat_maps: (64, 64, 39) logits.
    """
    shares = rows[:, :2] / np.float32(SIDE)
    refine(shares, np.ascontiguousarray(heat_maps))
    places = crop.to_image(shares)
    scores = np.asarray(expit(rows[:JOINTS, 3]), np.float32)
    return Person(presence, places[:JOINTS], scores, Crop.around_body(places[HIPS], places[RIM]))


@compiled
def refine(shares: Floats, heat_maps: Floats) -> None:
    """Move each point to the centre of mass of its heat map about it, where that is certain enough.

    :param shares: (n, 2) x, y in [0, 1] of the map; points outside stay.
    :param heat_maps: (height, width, n') logits, n' >= n.
    """
    height, width = heat_maps.shape[:2]
    for joint in range(len(shares)):
        column, row = int(shares[joint, 0] * width), int(shares[joint, 1] * height)
        if not (0 <= column < width and 0 <= row < height):
            continue
        largest = mass = mass_x = mass_y = 0.0
        for y in range(max(row - REACH, 0), min(row + REACH + 1, height)):
            for x in range(max(column - REACH, 0), min(column + REACH + 1, width)):
                share = 1.0 / (1.0 + np.exp(-heat_maps[y, x, joint]))
                largest = max(largest, share)
                mass += share
                mass_x += share * x
                mass_y += share * y
        if largest >= CERTAIN:
            shares[joint, 0] = mass_x / mass / width
            shares[joint, 1] = mass_y / mass / height
