"""Sequences of the MOT challenge: folders with ``det/det.txt``, ``gt/gt.txt`` and ``seqinfo.ini``, or single files."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from dl_robotics.data.errors import DataError
from dl_robotics.data.mot import MotBoxes, read_mot

DETECTIONS, TRUTH, ABOUT = Path("det/det.txt"), Path("gt/gt.txt"), Path("seqinfo.ini")
SECTION = "Sequence"

# The confidence that is a score of 0.5, and the unit of the logistic function, so that about as many boxes are true as
# their score says: measured on the public detections of MOT15 (ACF, sums up to 150) and MOT17 (DPM, margins up to 5).
SUMS, MARGINS = (24.0, 17.0), (0.0, 1.0 / 3.0)
HIGHEST_MARGIN = 15.0


class MotSequence(NamedTuple):
    """What there is of a sequence.

    :param truth: None where there is none.
    :param rate_hz: frames a second; None where nothing says it.
    :param frames: how many there are, the last ones may be empty.
    """

    name: str
    detections: MotBoxes
    truth: MotBoxes | None
    rate_hz: float | None
    frames: int


def open_sequence(path: str | Path, truth: str | Path | None = None) -> MotSequence:
    """Read a sequence.

    :param path: its folder, or a file of detections, within a sequence's folder or not.
    :param truth: a file that is taken for the truth instead.
    :raises DataError: naming the file, if it cannot be read.
    """
    file = Path(path) / DETECTIONS if Path(path).is_dir() else Path(path)
    within = file.resolve().parts[-2:] == DETECTIONS.parts
    folder = file.resolve().parent.parent
    if truth is None and within and (folder / TRUTH).is_file():
        truth = folder / TRUTH
    detections, marked = read_mot(file), None if truth is None else read_mot(truth)
    rate_hz, length = _about(folder / ABOUT) if within and (folder / ABOUT).is_file() else (None, 0)
    frames = max(length, detections.last_frame, marked.last_frame if marked else 0)
    return MotSequence(folder.name if within else file.stem, detections, marked, rate_hz, frames)


def scores(confidences: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Confidences of a file's detections as scores in [0, 1].

    Those within [0, 1] stay as they are. If all are the same, e.g. -1, the file tells none: all become 1. All others
    are some detector's own measure and go through a logistic function.

    :param confidences: (n,) of a whole sequence.
    """
    if not len(confidences) or confidences.min() == confidences.max():
        return np.ones(len(confidences), np.float32)
    if confidences.min() >= 0.0 and confidences.max() <= 1.0:
        return confidences.astype(np.float32)
    middle, unit = MARGINS if confidences.max() <= HIGHEST_MARGIN else SUMS
    return np.asarray(expit((confidences - middle) / unit), np.float32)


def _about(path: Path) -> tuple[float, int]:
    """Frames a second, and number of frames."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
        rate_hz, length = parser.getfloat(SECTION, "frameRate"), parser.getint(SECTION, "seqLength")
    except (configparser.Error, ValueError) as error:
        raise DataError(f"{path}: expected frameRate and seqLength in [{SECTION}]: {error}") from error
    if not (rate_hz > 0.0 and length > 0):
        raise DataError(f"{path}: expected frameRate and seqLength above 0, got {rate_hz} and {length}")
    return rate_hz, length
