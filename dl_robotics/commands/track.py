"""Track what a detector has found in sequences of the MOT challenge, and score the tracks beside the truth.

A sequence is its folder (``det/det.txt``, ``gt/gt.txt``, ``seqinfo.ini``) or a file of detections. The tracker goes
from frame to frame and knows nothing of later ones. Boxes are written where its filter has them, which
``--set smooth_boxes=false`` leaves where the detector has them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from dl_robotics import config
from dl_robotics.commands.settings import add_settings
from dl_robotics.config import require
from dl_robotics.data.mot import MotBoxes, results, write_mot
from dl_robotics.data.mot_sequence import MotSequence, open_sequence, scores
from dl_robotics.data.report import REPORT, format_table, write_json
from dl_robotics.ops.detections import Detections
from dl_robotics.tracking.metrics import score_tracks
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.stage import Tracker

USUAL_RATE_HZ = 30.0
SHOWN = ("MOTA", "IDF1", "switches", "recall", "precision", "tracks", "frames", "ms a frame")  # the report has more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("sequences", nargs="+", type=Path, metavar="SEQUENCE", help="folder, or file of detections")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="of a single sequence, if not in its folder")
    parser.add_argument("--rate", type=float, metavar="HZ", help="frames a second (seqinfo.ini's, else 30)")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for each sequence's NAME.txt and report.json, made if missing",
    )
    parser.add_argument("--settings", type=Path, metavar="YAML", dest="file", help="of the tracker")
    add_settings(parser, "a setting of the tracker, e.g. max_lost_s=2")


def run(args: argparse.Namespace) -> int:
    """Track, write, score, print the table."""
    require(args.truth is None or len(args.sequences) == 1, "--truth", "a single sequence", len(args.sequences))
    require(args.rate is None or args.rate > 0.0, "--rate", "> 0", args.rate)
    told = _settings(args)
    sequences = [open_sequence(path, args.truth) for path in args.sequences]
    names = {sequence.name for sequence in sequences}
    require(len(names) == len(sequences), "sequences", "each a name of its own", [one.name for one in sequences])
    tracked: dict[str, MotBoxes] = {}
    rows: dict[str, dict[str, float]] = {}
    for sequence in sequences:
        rate_hz = args.rate or sequence.rate_hz or USUAL_RATE_HZ
        tracked[sequence.name], times_ms = track(sequence, Tracker(told), rate_hz)
        rows[sequence.name] = _figures(sequence, tracked[sequence.name], rate_hz, times_ms)
    judged = {one.name: (one.truth, tracked[one.name]) for one in sequences if one.truth is not None}
    for name, figures in score_tracks(judged).items() if judged else ():
        rows[name] = figures | rows.get(name, {})
    print(
        format_table(
            {}, {name: {key: row[key] for key in SHOWN if key in row} for name, row in rows.items()}, "sequence"
        )
    )
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        for name, found in tracked.items():
            write_mot(args.output / f"{name}.txt", found)
        write_json(args.output / REPORT, {"settings": config.to_dict(told), "sequences": rows})
        print(f"{args.output}: {', '.join(f'{name}.txt' for name in tracked)}, {REPORT}")
    return 0


def track(sequence: MotSequence, tracker: Tracker, rate_hz: float) -> tuple[MotBoxes, list[float]]:
    """The boxes of tracks, and the milliseconds that each frame took."""
    given = sequence.detections
    likely = scores(given.confidences)
    frames, ids, boxes, times_ms = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros((0, 4), np.float32)], []
    for frame in range(1, sequence.frames + 1):
        here = given.of_frame(frame)
        found = Detections(given.boxes[here], given.classes[here], likely[here])
        begun_s = time.perf_counter()
        result = tracker(found, round(frame / rate_hz * 1e9))
        times_ms.append((time.perf_counter() - begun_s) * 1e3)
        frames.append(np.full(len(result), frame))
        ids.append(np.array(result.ids, np.int64))
        boxes.append(result.boxes)
    return results(np.concatenate(frames), np.concatenate(ids), np.concatenate(boxes)), times_ms


def _settings(args: argparse.Namespace) -> TrackerSettings:
    plain = config.read(args.file) if args.file else {}
    told = config.override({"smooth_boxes": True, **(plain or {})}, dict(args.settings))
    return config.from_dict(TrackerSettings, told, "tracker")


def _figures(sequence: MotSequence, tracked: MotBoxes, rate_hz: float, times_ms: list[float]) -> dict[str, float]:
    return {
        "tracks": len(np.unique(tracked.ids)),
        "boxes": len(tracked),
        "frames": sequence.frames,
        "rate (Hz)": rate_hz,
        "ms a frame": float(np.median(times_ms)) if times_ms else float("nan"),
    }
