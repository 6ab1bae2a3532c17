"""Films: images one after the other, into an MP4, or a GIF where no player is at hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import PIL.Image

from dl_robotics.config import require

Image: TypeAlias = npt.NDArray[np.uint8]
MOST_GIF_HZ = 50.0  # viewers show images that are to follow faster ten times a second
GIF_UNIT_MS = 10  # a GIF counts time in these


@contextmanager
def open_film(path: Path, rate_hz: float) -> Iterator[Callable[[Image], None]]:
    """A film to be given its images, (height, width, 3) RGB of one size, one by one.

    :param path: ending in ``.mp4`` or ``.gif``; written when the context is left without an error.
    :param rate_hz: images a second. A GIF leaves some out where they would be too many to be shown.
    :raises ConfigError: for a file of another ending.
    :raises OSError: if the film cannot be written.
    """
    require(path.suffix in _KINDS, "film", f"a file ending in {' or '.join(_KINDS)}", str(path))
    film = _KINDS[path.suffix](path, rate_hz)
    yield film.add
    film.save()


class _Film(Protocol):
    def add(self, image: Image) -> None:
        """Append an image."""

    def save(self) -> None:
        """Finish the file."""


class _Mp4:
    def __init__(self, path: Path, rate_hz: float) -> None:
        self._path, self._rate_hz = path, rate_hz
        self._writer = cv2.VideoWriter()

    def add(self, image: Image) -> None:
        if not self._writer.isOpened():
            height, width = image.shape[:2]
            self._writer.open(str(self._path), cv2.VideoWriter.fourcc(*"mp4v"), self._rate_hz, (width, height))
            if not self._writer.isOpened():
                raise OSError(f"{self._path}: no MP4 can be written there")
        self._writer.write(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))

    def save(self) -> None:
        self._writer.release()


class _Gif:
    """Kept in memory with 256 colours each: the file begins with the first image and the count of the others."""

    def __init__(self, path: Path, rate_hz: float) -> None:
        self._path = path
        self._stride = math.ceil(rate_hz / MOST_GIF_HZ)
        self._duration_ms = max(1, round(self._stride / rate_hz * 1e3 / GIF_UNIT_MS)) * GIF_UNIT_MS
        self._given, self._images = 0, list[PIL.Image.Image]()

    def add(self, image: Image) -> None:
        if self._given % self._stride == 0:
            self._images.append(PIL.Image.fromarray(image).quantize())
        self._given += 1

    def save(self) -> None:
        first, *others = self._images
        first.save(self._path, save_all=True, append_images=others, duration=self._duration_ms, loop=0)


_KINDS: dict[str, Callable[[Path, float], _Film]] = {".mp4": _Mp4, ".gif": _Gif}
