"""Labelled images that lie in a folder as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.data.boxes import fit_boxes
from dl_robotics.data.config import Policy
from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.data.views import digest

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm")

# Marks are made on the pixels as they are stored, whatever a camera says of how it was held.
_AS_STORED = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION


@dataclass(frozen=True, eq=False)
class LabelledFile:
    """An image file with what is known of it: boxes and class ids, or a mask file."""

    image: Path
    boxes: npt.NDArray[np.float32] | None = None
    labels: npt.NDArray[np.int64] | None = None
    mask: Path | None = None
    size: tuple[int, int] | None = None  # width, height as the labels have it


class FolderImages:
    """Labelled images in files.

    :param blocks: which images belong together, e.g. the frames of a video.
    :param table: (256,) class id of every pixel value of the masks, -1 for one without meaning.
    :param policy: for boxes that do not fit images whose size the labels do not tell.
    :param notes: what was left out.
    """

    def __init__(
        self,
        classes: tuple[str, ...],
        files: Sequence[LabelledFile],
        blocks: Sequence[int],
        table: npt.NDArray[np.int16] | None = None,
        policy: Policy = "refuse",
        notes: tuple[str, ...] = (),
    ) -> None:
        self.classes, self.blocks, self.notes = classes, blocks, notes
        self.version = digest(*classes, *(part for file in files for part in _content(file)))
        self._files, self._table, self._policy = files, table, policy

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index: int) -> Sample:
        """Read one image and its mask.

        :raises DataError: naming the file, if it is unreadable, or does not fit its labels.
        """
        file = self._files[index]
        image = read_image(file.image)
        height, width = image.shape[:2]
        if file.size not in (None, (width, height)):
            raise DataError(f"{file.image}: expected the size of its labels, {file.size}, got {(width, height)}")
        mask = None if file.mask is None else self._read_mask(file.mask, (height, width))
        boxes, labels = self._fit(file, width, height)
        return Sample(image, boxes, labels, mask, str(file.image))

    def _fit(self, file: LabelledFile, width: int, height: int) -> tuple[Any, Any]:
        """The boxes inside the image, if its size has not been known before."""
        if file.size is not None or file.boxes is None or file.labels is None:
            return file.boxes, file.labels
        fitted = fit_boxes(file.boxes, width, height, self._policy, str(file.image))
        return fitted.boxes, file.labels[fitted.kept]

    def _read_mask(self, path: Path, shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
        values = _read(path, cv2.IMREAD_UNCHANGED)
        if values.dtype != np.uint8 or values.shape != shape:
            got = f"{values.dtype} {values.shape}"
            raise DataError(
                f"{path}: expected a class id of 8 bits for each pixel of the image, uint8 {shape}; got {got}"
            )
        return look_up(values, self._table, str(path))


def read_image(path: Path) -> npt.NDArray[np.uint8]:
    """An image file as (height, width, 3) uint8, red first.

    :raises DataError: if it is missing or not an image.
    """
    return np.asarray(cv2.cvtColor(_read(path, _AS_STORED), cv2.COLOR_BGR2RGB), np.uint8)


def look_up(values: npt.NDArray[np.uint8], table: npt.NDArray[np.int16] | None, place: str) -> npt.NDArray[np.uint8]:
    """Class ids of a mask's pixel values.

    :param table: (256,) class ids, -1 for values without meaning; None leaves values as they are.
    :raises DataError: for a value without meaning.
    """
    if table is None:
        return values
    used = table[: int(values.max()) + 1]
    if (used < 0).any():
        _refuse_unknown(values, table, place)
    # Mostly the values are the class ids, and nothing is left to do.
    if (used == np.arange(len(used))).all():
        return values
    return np.asarray(cv2.LUT(np.ascontiguousarray(values), table.astype(np.uint8)), np.uint8)


def _refuse_unknown(values: npt.NDArray[np.uint8], table: npt.NDArray[np.int16], place: str) -> None:
    present = np.flatnonzero(np.bincount(values.ravel(), minlength=256))
    unknown = present[table[present] < 0]
    if len(unknown):
        known = ", ".join(map(str, np.flatnonzero(table >= 0)))
        raise DataError(
            f"{place}: expected pixels of the values {known}; got {unknown[0]}. Name its class, list it in "
            "ignored_values, or set unknown_classes to drop"
        )


def one_block_each(files: Sequence[Any]) -> list[int]:
    """Blocks of images that have nothing to do with one another: their numbers do not follow."""
    return [2 * number for number in range(len(files))]


def image_files(folder: Path) -> dict[str, Path]:
    """The images below a folder by their names without suffix, in order.

    :raises DataError: if there are none.
    """
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in IMAGE_SUFFIXES}
    if not files:
        raise DataError(f"{folder}: expected images ({', '.join(IMAGE_SUFFIXES)}), there are none")
    return files


def _read(path: Path, flags: int) -> npt.NDArray[Any]:
    try:
        data = np.fromfile(path, np.uint8)
        image = cv2.imdecode(data, flags) if len(data) else None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except cv2.error as error:  # a size beyond OpenCV's limit, for one
        raise DataError(f"{path}: expected an image, got one that cannot be decoded: {error.err}") from error
    if image is None:
        raise DataError(f"{path}: expected an image, got {len(data)} bytes that are none")
    return np.asarray(image)


def _content(file: LabelledFile) -> Iterable[str | bytes]:
    """What tells a file's content from another's, without reading images."""
    for path in (file.image, file.mask):
        if path is not None:
            yield f"{path.parent.name}/{path.name} {path.stat().st_size}"
    if file.boxes is not None and file.labels is not None:
        yield file.boxes.tobytes() + file.labels.tobytes()
