"""Kinds of results that can be watched from outside: how they are read, and how they are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import Image
from vision_msgs.msg import Detection2DArray

from dl_robotics.data.report import Report
from dl_robotics.data.sample import IGNORED, Sample
from dl_robotics.detection.report import DetectionReport
from dl_robotics.messages.detections import decode_detections
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.nodes.inputs import type_name
from dl_robotics.ops.detections import Detections
from dl_robotics.segmentation.report import SegmentationReport
from dl_robotics.segmentation.stage import Segmentation

Table = npt.NDArray[np.uint8]
Mask = npt.NDArray[Any]
_NO_IMAGE = np.zeros((1, 1, 3), np.uint8)  # reports of live data draw none


@dataclass(frozen=True)
class ResultKind:
    """A kind of result.

    :param message: its type.
    :param decode: gives stamp and content.
    :param report: makes a report for class names; ``worst=0`` keeps it from drawing images.
    :param add: hands a pair of truth and result to a report, the truth's class ids translated by a table.
    """

    message: type[Any]
    decode: Callable[[Any], tuple[int, Any]]
    report: Callable[..., Report]
    add: Callable[[Report, Table, Any, Any], None]


def class_table(truth: Mapping[int, str], result: Mapping[int, str]) -> Table:
    """(256,) the result's class id of each of the truth's, by name; ``IGNORED`` where the result has no such class."""
    ids = {name: number for number, name in result.items()}
    table = np.full(256, IGNORED, np.uint8)
    for number, name in truth.items():
        table[number] = ids.get(name, IGNORED)
    return table


def _read_detections(message: Any) -> tuple[int, Detections]:
    """What has no class, such as people whose activity is unknown, is left out."""
    stamp_ns, _, found = decode_detections(message, least_id=0)
    known = found.labels > 0
    return stamp_ns, Detections(found.boxes[known], found.labels[known], found.scores[known])


def _read_mask(message: Any) -> tuple[int, Mask]:
    return decode_header(message.header)[0], decode_image(message, "mono8")


def _add_detections(report: Report, table: Table, truth: Detections, found: Detections) -> None:
    """Objects of classes that the stage does not know are left out."""
    labels = table[truth.labels].astype(np.int64)
    known = labels != IGNORED
    report.add(Sample(_NO_IMAGE, truth.boxes[known], labels[known], None, "live"), found)


def _add_mask(report: Report, table: Table, truth: Mask, ids: Mask) -> None:
    """Pixels of classes that the stage does not know are left out."""
    report.add(Sample(_NO_IMAGE, None, None, table[truth], "live"), Segmentation(ids, np.zeros_like(ids)))


RESULTS: Mapping[str, ResultKind] = {
    type_name(Detection2DArray): ResultKind(Detection2DArray, _read_detections, DetectionReport, _add_detections),
    type_name(Image): ResultKind(Image, _read_mask, SegmentationReport, _add_mask),
}
