"""Judge a detector or a segmenter on labelled data: a table, and with ``--output`` JSON and diagrams.

The data are read as those were that the checkpoint learned from (topics, renamed classes, ignored values) unless
``--set`` says otherwise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from dl_robotics import checkpoint, config
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.commands.settings import add_settings
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.open import open_data
from dl_robotics.data.report import Report
from dl_robotics.data.sample import LabelledImages, Sample
from dl_robotics.detection.report import DetectionReport
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.choose import BACKENDS
from dl_robotics.segmentation.report import SegmentationReport
from dl_robotics.segmentation.stage import Segmenter

OF_THE_MODEL = ("paths", "subset", "classes")  # what is not taken from the recipe's data


class Judged(NamedTuple):
    """A kind of checkpoint: how its stage is loaded, and who reports on it."""

    load: Callable[[Path, str, str], Any]
    report: Callable[[Sequence[str]], Report]


KINDS: Mapping[str, Judged] = {
    "detector": Judged(Detector.load, DetectionReport),
    "segmenter": Judged(Segmenter.load, SegmentationReport),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="a detector or a segmenter")
    parser.add_argument("data", nargs="+", metavar="DATA", help="bags or folders")
    parser.add_argument("--subset", default="", help="part of a folder, as its makers name it, e.g. val")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for report.json and diagrams, made if missing"
    )
    parser.add_argument("--backend", choices=BACKENDS, default="auto", help="what runs the network (%(default)s)")
    parser.add_argument("--device", default="cpu", help="where it runs, as torch names it (%(default)s)")
    add_settings(parser, "how the data are read, e.g. topics.image=/camera/image or boxes=clip")


def run(args: argparse.Namespace) -> int:
    """Evaluate, print the table, write the report."""
    saved = checkpoint.load(args.checkpoint)
    if saved.kind not in KINDS:
        raise CheckpointError(f"{args.checkpoint}: expected one of {', '.join(KINDS)}, got {saved.kind!r}")
    kind = KINDS[saved.kind]
    stage = kind.load(args.checkpoint, args.device, args.backend)
    samples = open_data(data_config(saved, stage.classes, args.data, args.subset, dict(args.settings)))
    if not len(samples):
        raise DataError(f"{', '.join(args.data)}: expected labelled images, got none")
    report, times_ms = kind.report(stage.classes), []
    for sample, found, time_ms in judged(stage, samples):
        report.add(sample, found)
        times_ms.append(time_ms)
    typical_ms, high_ms = np.percentile(times_ms, [50.0, 95.0]).tolist()
    print(report.table())
    print(f"\n{len(samples)} images, {stage.backend.name}: {typical_ms:.1f} ms an image (p50), {high_ms:.1f} (p95)")
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        about = {"checkpoint": str(args.checkpoint), "data": args.data, "data_version": samples.version}
        speed = {"backend": stage.backend.name, "p50_ms": typical_ms, "p95_ms": high_ms}
        report.write(args.output, {**about, "images": len(samples), "speed": speed})
        print(f"{args.output}: report.json and diagrams")
    return 0


def data_config(
    saved: Checkpoint, classes: Sequence[str], paths: Sequence[str], subset: str, settings: Mapping[str, Any]
) -> DataConfig:
    """How the data are read.

    :param settings: by dotted key; they count most.
    :raises ConfigError: for settings that cannot be used.
    """
    learned = saved.task.get("recipe", {}).get("data", {})
    kept = {key: value for key, value in learned.items() if key not in OF_THE_MODEL}
    plain = {**kept, "paths": list(paths), "subset": subset, "classes": list(classes)}
    return config.from_dict(DataConfig, config.override(plain, settings), "data")


def judged(stage: Any, samples: LabelledImages) -> Iterator[tuple[Sample, Any, float]]:
    """Each sample, what the stage made of it, and the milliseconds that took.

    The first image is given twice: what starts on the first call is not the model's time.
    """
    for number in tqdm(range(len(samples)), unit="image", leave=False, disable=None):
        sample = samples[number]
        if number == 0:
            stage(sample.image)
        begun_s = time.perf_counter()
        found = stage(sample.image)
        yield sample, found, (time.perf_counter() - begun_s) * 1e3
