"""How well tracks follow the truth: CLEAR MOT (Bernardin 2008) and identity (Ristani 2016) figures, as the MOT
challenge has them, counted by ``motmetrics``.
"""

from __future__ import annotations

from collections.abc import Mapping

import motmetrics
import numpy as np
import numpy.typing as npt

from dl_robotics.data.mot import PEDESTRIAN, MotBoxes
from dl_robotics.ops.boxes import pairwise_iou
from dl_robotics.tracking.association import match

LEAST_IOU = 0.5
DISTRACTORS = (2, 7, 8, 12)  # classes of people that need not be found: on vehicles, static, likenesses, reflections
FIGURES: Mapping[str, str] = {
    "mota": "MOTA",
    "idf1": "IDF1",
    "num_switches": "switches",
    "recall": "recall",
    "precision": "precision",
    "num_fragmentations": "fragments",
    "mostly_tracked": "mostly tracked",
    "mostly_lost": "mostly lost",
    "num_objects": "true boxes",
    "num_false_positives": "false boxes",
    "num_misses": "missed boxes",
}


def score_tracks(sequences: Mapping[str, tuple[MotBoxes, MotBoxes]]) -> dict[str, dict[str, float]]:
    """Figures of each sequence, and of all together, ``overall``, where there are several.

    :param sequences: truth and result by name. Of the truth only pedestrians that are marked to count do; what covers
        a distractor in the result counts neither way.
    :returns: by sequence, figures by their names in ``FIGURES``: MOTA = 1 - (misses + false boxes + switches) / true
        boxes; IDF1, the F-score of boxes of the right identity.
    """
    accumulators = [_accumulate(truth, result) for truth, result in sequences.values()]
    table = motmetrics.metrics.create().compute_many(
        accumulators, metrics=list(FIGURES), names=list(sequences), generate_overall=len(sequences) > 1
    )
    columns = {told: table[key].tolist() for key, told in FIGURES.items()}
    names = ["overall" if name == "OVERALL" else str(name) for name in table.index]
    return {name: {told: column[row] for told, column in columns.items()} for row, name in enumerate(names)}


def _accumulate(truth: MotBoxes, result: MotBoxes) -> motmetrics.MOTAccumulator:
    accumulator = motmetrics.MOTAccumulator()
    for frame in range(1, max(truth.last_frame, result.last_frame) + 1):
        there, here = truth.of_frame(frame), result.of_frame(frame)
        iou = pairwise_iou(truth.boxes[there], result.boxes[here]).astype(np.float64)
        counts = (truth.classes[there] == PEDESTRIAN) & (truth.confidences[there] != 0.0)
        judged = ~_on_distractors(iou, truth.classes[there])
        iou = iou[counts][:, judged]
        accumulator.update(
            truth.ids[there][counts], result.ids[here][judged], np.where(iou >= LEAST_IOU, 1.0 - iou, np.nan), frame
        )
    return accumulator


def _on_distractors(iou: npt.NDArray[np.float64], classes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(m,) whether a result's box fits best onto a true one of a class that need not be found."""
    rows, columns = match(iou, LEAST_IOU)
    on = np.zeros(iou.shape[1], bool)
    on[columns[np.isin(classes[rows], DISTRACTORS)]] = True
    return on
