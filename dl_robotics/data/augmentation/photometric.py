"""Changes of colour: brightness, contrast, saturation, hue, channels."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.data.augmentation.config import AugmentationConfig

Image = npt.NDArray[np.uint8]
_LEVELS = np.arange(256, dtype=np.float32)
_HUES = 180  # OpenCV keeps an 8 bit hue in steps of two degrees


def distort(image: Image, config: AugmentationConfig, rng: np.random.Generator) -> Image:
    """Change the colours at random (Liu et al. 2016): brightness; then contrast before or after saturation and hue.

    :param image: (height, width, 3), red first; stays as it is.
    """
    chosen = rng.random(4) < config.distortion
    shift = rng.uniform(-config.brightness, config.brightness) if chosen[0] else 0.0
    factor = 1.0 + (rng.uniform(-config.contrast, config.contrast) if chosen[1] else 0.0)
    saturation = 1.0 + (rng.uniform(-config.saturation, config.saturation) if chosen[2] else 0.0)
    turn = rng.uniform(-config.hue, config.hue) if chosen[3] else 0.0
    if rng.random() < 0.5:
        image = change_tone(change_levels(image, factor, shift), saturation, turn)
    else:
        image = change_levels(change_tone(change_levels(image, 1.0, shift), saturation, turn), factor, 0.0)
    if rng.random() < config.channel_swap:
        image = swap_channels(image, rng.permutation(3))
    return image


def change_levels(image: Image, factor: float, shift: float) -> Image:
    """Shift the levels, then multiply them; both results are clipped to [0, 255]."""
    if factor == 1.0 and shift == 0.0:
        return image
    table = np.clip(np.clip(_LEVELS + shift, 0.0, 255.0) * factor, 0.0, 255.0)
    return np.asarray(cv2.LUT(image, np.rint(table).astype(np.uint8)), np.uint8)


def change_tone(image: Image, saturation: float, turn_deg: float) -> Image:
    """Multiply the saturation and turn the hue.

    :param saturation: factor.
    :param turn_deg: degrees; positive from red towards green.
    """
    if saturation == 1.0 and turn_deg == 0.0:
        return image
    hues = np.rint(np.arange(256) + turn_deg / 360.0 * _HUES).astype(np.int64) % _HUES
    tables = np.stack([hues, np.rint(np.clip(_LEVELS * saturation, 0.0, 255.0)), _LEVELS], axis=-1)
    tone = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), tables.astype(np.uint8).reshape(256, 1, 3))
    return np.asarray(cv2.cvtColor(tone, cv2.COLOR_HSV2RGB), np.uint8)


def swap_channels(image: Image, order: npt.NDArray[np.int64]) -> Image:
    """Put the channels into another order."""
    swapped = np.empty_like(image)
    cv2.mixChannels([image], [swapped], [int(number) for pair in zip(order, range(3), strict=True) for number in pair])
    return swapped
