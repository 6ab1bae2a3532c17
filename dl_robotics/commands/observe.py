"""Judge a running system: end-to-end ages, rates, dropped frames, times of the stages, and results beside the truth.

The robot, a bag that is played or the simulator has to run already. Where the clock is simulated or a bag's
(``ros2 bag play --clock``), ages need ``--use-sim-time``.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dl_robotics.config import require
from dl_robotics.data.report import REPORT, format_table, write_json
from dl_robotics.messages.diagnostics import Status
from dl_robotics.nodes.observer import Observer, Watched, observe

TIMES = ("own time", "age")  # of the figures that nodes tell of themselves


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--image", required=True, metavar="TOPIC", help="what the stage takes, or its camera_info")
    parser.add_argument("--result", required=True, metavar="TOPIC", help="what it gives: detections or segmentation")
    parser.add_argument("--truth", default="", metavar="TOPIC", help="labels of the same kind, e.g. the simulator's")
    parser.add_argument("--seconds", type=float, default=20.0, help="of real time; Ctrl-C ends earlier (%(default)s)")
    parser.add_argument("--use-sim-time", action="store_true", help="take the time from /clock")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for report.json and diagrams, made if missing"
    )


def run(args: argparse.Namespace) -> int:
    """Observe, print the table, write the report; exit code 1 if no result was seen."""
    require(args.seconds > 0.0, "--seconds", "> 0", args.seconds)
    watched = Watched(args.image, args.result, args.truth)
    observer = observe(watched, args.seconds, args.use_sim_time)
    return 1 if observer is None else report(observer, watched, args.output)


def report(observer: Observer, watched: Watched, output: Path | None) -> int:
    """Print and write what was observed."""
    figures, stages = observer.passage.figures(), stage_times(observer.statuses)
    print(format_table(figures, stages, "stage"))
    if observer.judged and observer.report is not None:
        print(f"\n{observer.judged} results beside {watched.truth}\n\n{observer.report.table()}")
    for reason in troubles(observer, watched):
        print(f"note: {reason}")
    if output:
        output.mkdir(parents=True, exist_ok=True)
        about: dict[str, Any] = {
            "topics": vars(watched),
            "passage": figures,
            "stages": stages,
            "judged": observer.judged,
        }
        if observer.judged and observer.report is not None:
            observer.report.write(output, about)
        else:
            write_json(output / REPORT, about)
    return 0 if figures["results"] else 1


def troubles(observer: Observer, watched: Watched) -> list[str]:
    """What keeps the figures from being complete."""
    found = [f"nobody publishes {topic}" for topic in observer.missing]
    if observer.trouble:
        found.append(observer.trouble)
    if watched.truth and not observer.judged:
        found.append(f"no result has the stamp of a message on {watched.truth}, or a label_info beside them is missing")
    return found


def stage_times(statuses: Mapping[str, Status]) -> dict[str, dict[str, float]]:
    """Times in ms that nodes and stages tell of themselves, by their names."""
    told = {name: status.values.items() for name, status in sorted(statuses.items())}
    times = {
        name: {key: float(str(text)) for key, text in rows if key.startswith(TIMES)} for name, rows in told.items()
    }
    return {name: row for name, row in times.items() if row}
