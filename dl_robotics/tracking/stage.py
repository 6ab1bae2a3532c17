"""Tracking as a stage: boxes or skeletons in, the same with identities out."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dl_robotics.ops.boxes import Boxes
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.tracking.boxes import BoxTargets
from dl_robotics.tracking.costs import USUAL_SIGMA
from dl_robotics.tracking.kalman import Array
from dl_robotics.tracking.people import PeopleTargets
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.tracker import UNTRACKED, Numbers, Tracks

Found = TypeVar("Found", Detections, Skeletons)


class Tracker:
    """Tells which of the things found in one frame are those of earlier frames, whatever has found them.

    Boxes and skeletons may come in turn; they are tracked apart.

    :param settings: may be replaced at any time; counts from the next frame on.
    :param layout: the joints' table, for how exactly each joint can be placed; without it all joints are alike, and
        there may be any number of them.
    """

    def __init__(self, settings: TrackerSettings | None = None, layout: SkeletonLayout | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self.num_joints = len(layout.joints) if layout else None  # None: any
        self._sigmas = np.array(layout.sigmas if layout and layout.sigmas else (USUAL_SIGMA,))
        self.reset()

    def reset(self) -> None:
        """Forget all tracks; numbers begin at 1 again."""
        self._targets = BoxTargets()
        self._boxes: Tracks[Boxes] = Tracks(self._targets)
        self._people: Tracks[Array] = Tracks(PeopleTargets(self._sigmas))

    def __call__(self, found: Found, stamp_ns: int) -> Found:
        """Track what was found in a frame.

        :param stamp_ns: the frame's, later than the last one's; frames may come at any rate.
        :returns: what has a track, with its ``ids`` or ``persons``, in the order in which it came. With
            ``keep_untracked`` also the boxes without a track, their ids empty.
        :raises ValueError: for a stamp that is not later, and for skeletons of another number of joints than the
            layout's.
        """
        numbers = self.numbers(found, stamp_ns)
        kept = numbers != UNTRACKED
        if isinstance(found, Skeletons):
            return Skeletons(found.joints[kept], found.scores[kept], numbers[kept])
        kept |= self.settings.keep_untracked
        boxes = self._smooth(found.boxes, numbers) if self.settings.smooth_boxes else found.boxes
        return Detections(boxes[kept], found.labels[kept], found.scores[kept], names(numbers[kept]))

    def numbers(self, found: Detections | Skeletons, stamp_ns: int) -> Numbers:
        """(n,) number of the track of each thing found, 1 or more; 0 for what has none: it is too unsure, or has not
        been seen often enough yet. See :meth:`__call__`.
        """
        if isinstance(found, Detections):
            return self._boxes(found.boxes, found.scores.astype(np.float64), found.labels, stamp_ns, self.settings)
        joints, labels = self._joints(found), np.zeros(len(found), np.int64)
        scores = found.scores.sum(axis=1) / np.maximum((found.scores > 0.0).sum(axis=1), 1)
        return self._people(joints, scores.astype(np.float64), labels, stamp_ns, self.settings)

    def _smooth(self, boxes: Boxes, numbers: Numbers) -> Boxes:
        """Boxes that have a track as the filter has them."""
        smooth, tracked = boxes.copy(), numbers != UNTRACKED
        smooth[tracked] = self._targets.boxes[self._boxes.rows(numbers[tracked])]
        return smooth

    def _joints(self, found: Skeletons) -> Array:
        """(n, J, 3), nan for joints that were not seen."""
        expected, num_joints = self.num_joints, found.joints.shape[1]
        if expected is not None and len(found) and num_joints != expected:
            raise ValueError(f"skeletons: expected {expected} joints each, got {num_joints}")
        joints = np.where((found.scores > 0.0)[..., None], found.joints, np.nan).astype(np.float64)
        return joints if len(found) else joints[:, :0]


def names(numbers: Numbers) -> tuple[str, ...]:
    """Tracks as messages name them: in decimal; empty where there is none."""
    return tuple(str(number) if number != UNTRACKED else "" for number in numbers.tolist())
