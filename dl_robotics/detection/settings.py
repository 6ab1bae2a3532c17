"""What can be changed in a running detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class DetectorSettings(ParameterSet):
    """What counts as detected."""

    score_threshold: float = parameter(0.5, "Detections with a lower score are dropped.", low=0.0, high=1.0)
    iou_threshold: float = parameter(
        0.45, "A detection that overlaps a better one of its class by more is dropped.", low=0.0, high=1.0
    )
    max_detections: int = parameter(100, "Only so many best detections of an image are kept.", low=1, high=1000)
    classes: tuple[str, ...] = parameter((), "Names of the classes to detect; empty for all.")


def settings_of(config: DetectorConfig) -> DetectorSettings:
    """Where a detector starts, which is what its evaluation needs: nearly all detections, however low their scores."""
    return DetectorSettings(config.score_threshold, config.iou_threshold, config.max_detections)


def kept(settings: DetectorSettings, classes: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(C,) whether a class id is to be detected; never the background.

    :param classes: names by class id, the background's first.
    :raises ConfigError: for names that are not among them.
    """
    unknown = [name for name in settings.classes if name not in classes[1:]]
    require(not unknown, "classes", f"names among {', '.join(classes[1:])}", ", ".join(unknown))
    wanted = settings.classes or classes[1:]
    return np.array([False, *(name in wanted for name in classes[1:])])
