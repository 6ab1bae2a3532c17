"""Milliseconds a frame of the tracker, and how well it keeps identities in random scenes whose truth is known."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dl_robotics.data.mot import MotBoxes, results
from dl_robotics.ops.boxes import Boxes
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.tracking.metrics import score_tracks
from dl_robotics.tracking.stage import Tracker

SIZE, SIDES = np.array([1920.0, 1080.0]), np.array([60.0, 160.0])  # of the image, of a person, in pixels
RATE_HZ = 30.0
SPEED_PX_S, NOISE_PX = 60.0, 2.0
MISSED, FALSE_BOXES = 0.1, 0.05  # share of people that the detector misses, and false boxes for each person
TARGET_MS = {10: 1.0, 50: 3.0}  # a frame, by the number of boxes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--frames", type=int, default=300, help="of each scene (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the scenes (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Measure, print the table; 0 if boxes are tracked as fast as promised, else 1."""
    layout = SkeletonLayout.load("coco17")
    reached = True
    print(f"{'a frame of':<16}{'p50 ms':>8}{'p95 ms':>8}{'MOTA':>8}{'IDF1':>8}{'switches':>10}")
    for people, target_ms in TARGET_MS.items():
        rng = np.random.default_rng(args.seed)
        truth = walk(rng, args.frames, people)
        found = [detect(rng, boxes) for boxes in truth]
        posture = rng.random((len(layout.joints), 2))
        skeletons = [as_skeletons(frame, posture) for frame in found]
        reached &= _row(f"{people} boxes", truth, found, found, Tracker()) <= target_ms
        _row(f"{people} skeletons", truth, found, skeletons, Tracker(layout=layout))
    return 0 if reached else 1


def walk(rng: np.random.Generator, frames: int, people: int) -> npt.NDArray[np.float32]:
    """(frames, people, 4) corners of people who walk straight on and turn round at the image's edges."""
    room, seconds = SIZE - SIDES, np.arange(frames)[:, None, None] / RATE_HZ
    way = rng.uniform(0.0, 2.0, (people, 2)) * room + rng.normal(0.0, SPEED_PX_S, (people, 2)) * seconds
    corners = np.abs(way % (2.0 * room) - room)
    return np.concatenate([corners, corners + SIDES], axis=-1).astype(np.float32)


def detect(rng: np.random.Generator, boxes: Boxes) -> Detections:
    """What a detector with its errors makes of people."""
    seen = boxes[rng.random(len(boxes)) >= MISSED]
    seen = seen + rng.normal(0.0, NOISE_PX, seen.shape).astype(np.float32)
    corners = rng.uniform(0.0, 1.0, (rng.binomial(len(boxes), FALSE_BOXES), 2)) * (SIZE - SIDES)
    wrong = np.concatenate([corners, corners + SIDES], axis=1).astype(np.float32)
    scores = np.concatenate([rng.uniform(0.5, 1.0, len(seen)), rng.uniform(0.1, 0.8, len(wrong))])
    both = np.concatenate([seen, wrong])
    return Detections(both, np.ones(len(both), np.int64), scores.astype(np.float32))


def as_skeletons(found: Detections, posture: npt.NDArray[np.float64]) -> Skeletons:
    """The same people as joints.

    :param posture: (J, 2) places of the joints in a person's box, whose sides are 1.
    """
    joints = np.zeros((len(found), len(posture), 3), np.float32)
    joints[..., :2] = found.boxes[:, None, :2] + posture * (found.boxes[:, None, 2:] - found.boxes[:, None, :2])
    scores = np.repeat(found.scores[:, None], len(posture), axis=1)
    return Skeletons(joints, scores, np.arange(len(found)))


def _row(
    what: str,
    truth: npt.NDArray[np.float32],
    found: Sequence[Detections],
    things: Sequence[Detections] | Sequence[Skeletons],
    tracker: Tracker,
) -> float:
    """Track, and print a line of the table.

    :param things: what is tracked: the boxes, or the same people as skeletons.
    :returns: the median of the milliseconds a frame.
    """
    times_ms, rows = [], []
    for number, boxes in enumerate(found, 1):
        thing = things[number - 1]
        begun_s = time.perf_counter()
        numbers = tracker.numbers(thing, round(number / RATE_HZ * 1e9))
        times_ms.append((time.perf_counter() - begun_s) * 1e3)
        rows.append((number, numbers[numbers > 0], boxes.boxes[numbers > 0]))
    walked = [(number, np.arange(truth.shape[1]), boxes) for number, boxes in enumerate(truth, 1)]
    figures = score_tracks({what: (_table(walked), _table(rows))})[what]
    typical_ms, high_ms = np.percentile(times_ms, [50.0, 95.0]).tolist()
    shares = f"{figures['MOTA']:8.3f}{figures['IDF1']:8.3f}{figures['switches']:10.0f}"
    print(f"{what:<16}{typical_ms:8.2f}{high_ms:8.2f}{shares}", flush=True)
    return float(typical_ms)


def _table(rows: Sequence[tuple[int, npt.NDArray[np.int64], Boxes]]) -> MotBoxes:
    frames = np.repeat([number for number, _, _ in rows], [len(ids) for _, ids, _ in rows])
    return results(frames, np.concatenate([ids for _, ids, _ in rows]), np.concatenate([boxes for *_, boxes in rows]))
