"""What ``evaluate`` can judge: for each kind of checkpoint its data, its stage and its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from dl_robotics.action import model as action
from dl_robotics.action.clip_recogniser import ClipRecogniser
from dl_robotics.action.report import ActivityReport
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.collection import AnyCollection
from dl_robotics.data.config import DataConfig
from dl_robotics.data.open import open_data
from dl_robotics.data.report import Report
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.open import open_series
from dl_robotics.detection import model as detection
from dl_robotics.detection.report import DetectionReport
from dl_robotics.detection.stage import Detector
from dl_robotics.segmentation import model as segmentation
from dl_robotics.segmentation.report import SegmentationReport
from dl_robotics.segmentation.stage import Segmenter
from dl_robotics.sequences import model as sequences
from dl_robotics.sequences.clips import SeriesStage
from dl_robotics.sequences.report import make_report


class Judged(NamedTuple):
    """A kind of checkpoint.

    :param load: its stage, from path, device and backend; it tells ``classes`` and ``backend``.
    :param report: who gathers and tells, from the stage.
    :param config: the class of settings that say how data are read.
    :param open_data: opens what they describe.
    :param given: what of a sample the stage takes.
    :param unit: what a sample is called.
    """

    load: Callable[[Path, str, str], Any]
    report: Callable[[Any], Report]
    config: type[Any]
    open_data: Callable[[Any], AnyCollection]
    given: Callable[[Any], Any]
    unit: str


_IMAGE = attrgetter("image")
KINDS: Mapping[str, Judged] = {
    detection.KIND: Judged(
        Detector.load, lambda stage: DetectionReport(stage.classes), DataConfig, open_data, _IMAGE, "image"
    ),
    segmentation.KIND: Judged(
        Segmenter.load, lambda stage: SegmentationReport(stage.classes), DataConfig, open_data, _IMAGE, "image"
    ),
    sequences.KIND: Judged(
        SeriesStage.load, lambda stage: make_report(stage.config), SeriesConfig, open_series, lambda one: one, "series"
    ),
    action.KIND: Judged(
        ClipRecogniser.load,
        lambda stage: ActivityReport(stage.classes, stage),
        ClipsConfig,
        open_clips,
        lambda clip: clip,
        "clip",
    ),
}
