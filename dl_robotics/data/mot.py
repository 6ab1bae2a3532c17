"""Text files of the MOT challenge: a box of a frame in each line.

Leal-Taixé et al., "MOTChallenge 2015", Milan et al., "MOT16", Dendorfer et al., "MOT20". A line has ``frame, id, left,
top, width, height, confidence``, and then what differs: world coordinates x, y, z in detections, results and MOT15's
truth; class and visibility, which makes nine columns, in the truth since MOT16. Frames and pixels count from 1: a box
at left = 1 begins at the image's edge, which is 0 here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError

COLUMNS = ("frame", "id", "left", "top", "width", "height", "confidence", "class", "visibility")
PEDESTRIAN = 1  # the class that counts, and that of all boxes where the file has no classes
NEEDED = 6  # columns without which a line is refused
WHOLE = ("frame", "id", "class")
MAX_NUMBER = 1e9
ABSENT = (math.nan,) * (len(COLUMNS) - NEEDED)


@dataclass(frozen=True, eq=False)
class MotBoxes:
    """The n boxes of a file.

    :param frames: (n,) int64 numbers of the frames, 1 or more, ascending.
    :param ids: (n,) int64 tracks; -1 in detections.
    :param boxes: (n, 4) float32, x_min, y_min, x_max, y_max in pixels from 0.
    :param confidences: (n,) float64: of detections, in any range; in the truth 0 for a box that does not count.
    :param classes: (n,) int64, 1 or more.
    :param visibility: (n,) float64 share of the object that can be seen.
    """

    frames: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    boxes: npt.NDArray[np.float32]
    confidences: npt.NDArray[np.float64]
    classes: npt.NDArray[np.int64]
    visibility: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def last_frame(self) -> int:
        """Number of the last frame with a box; 0 where there is none."""
        return int(self.frames[-1]) if len(self) else 0

    def of_frame(self, frame: int) -> slice:
        """The rows of a frame."""
        first, end = np.searchsorted(self.frames, (frame, frame + 1)).tolist()
        return slice(first, end)


def results(frames: npt.NDArray[np.int64], ids: npt.NDArray[np.int64], boxes: npt.NDArray[np.float32]) -> MotBoxes:
    """A tracker's boxes, by ascending frames: pedestrians, fully visible, of confidence 1."""
    ones = np.ones(len(frames))
    return MotBoxes(frames, ids, boxes, ones, np.full(len(frames), PEDESTRIAN), ones)


def read_mot(path: str | Path) -> MotBoxes:
    """Read a file. The lines may be in any order; commas or blanks separate the columns.

    :raises DataError: naming file and line, for what is no such line, and for two boxes of one track in one frame.
    """
    lines = list(_lines(Path(path)))
    rows = [_row(cells, f"{path}:{number}") for number, cells in lines]
    with_classes = all(len(cells) == len(COLUMNS) for _, cells in lines)
    table = np.array([(*row, *ABSENT)[: len(COLUMNS)] for row in rows]).reshape(-1, len(COLUMNS))
    table = table[np.argsort(table[:, 0], kind="stable")]
    frames, ids, left, top, width, height, confidences, classes, visibility = table.T
    if not with_classes:
        classes, visibility = np.full(len(table), float(PEDESTRIAN)), np.ones(len(table))
    corners = np.stack([left, top, left + width, top + height], axis=1) - 1.0
    found = MotBoxes(
        frames.astype(np.int64),
        ids.astype(np.int64),
        corners.astype(np.float32),
        np.where(np.isnan(confidences), 1.0, confidences),
        np.where(classes < PEDESTRIAN, PEDESTRIAN, classes).astype(np.int64),
        visibility.copy(),
    )
    _check_tracks(found, path)
    return found


def write_mot(path: str | Path, found: MotBoxes) -> None:
    """Write a tracker's results, as the challenge takes them: ten columns, the world coordinates -1."""
    lines = [
        f"{frame},{track},{left + 1:.2f},{top + 1:.2f},{right - left:.2f},{bottom - top:.2f},{confidence:g},-1,-1,-1\n"
        for frame, track, (left, top, right, bottom), confidence in zip(
            found.frames.tolist(), found.ids.tolist(), found.boxes.tolist(), found.confidences.tolist(), strict=True
        )
    ]
    Path(path).write_text("".join(lines), encoding="utf-8")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not empty, and its number."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected lines of text: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if cells := line.replace(",", " ").split():
            yield number, cells


def _row(cells: list[str], where: str) -> list[float]:
    """The numbers of a line, as far as they have a meaning.

    :raises DataError: if they are none, or cannot be.
    """
    if len(cells) < NEEDED:
        raise DataError(f"{where}: expected {', '.join(COLUMNS[:NEEDED])} ..., got {len(cells)} columns")
    used = cells if len(cells) == len(COLUMNS) else cells[: NEEDED + 1]
    row = [_number(name, cell, where) for name, cell in zip(COLUMNS, used, strict=False)]
    if row[0] < 1.0 or min(row[4], row[5]) < 0.0:
        raise DataError(f"{where}: expected a frame from 1 on, and a width and height of 0 or more, got {cells}")
    return row


def _number(name: str, cell: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError as error:
        raise DataError(f"{where}: {name}: expected a number, got {cell!r}") from error
    whole = name not in WHOLE or value.is_integer()
    if not (abs(value) <= MAX_NUMBER and whole):
        raise DataError(f"{where}: {name}: expected a {'whole' if name in WHOLE else 'finite'} number, got {cell!r}")
    return value


def _check_tracks(found: MotBoxes, path: str | Path) -> None:
    pairs = sorted(pair for pair in zip(found.frames.tolist(), found.ids.tolist(), strict=True) if pair[1] >= 0)
    for one, other in itertools.pairwise(pairs):
        if one == other:
            raise DataError(f"{path}: frame {one[0]}: expected one box of track {one[1]}, got two")
