"""The part of ``export`` that needs labelled data: eight bits, kept where accuracy holds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from dl_robotics import checkpoint
from dl_robotics.commands.evaluate import data_config
from dl_robotics.commands.judged import KINDS
from dl_robotics.commands.settings import add_settings
from dl_robotics.config import require
from dl_robotics.data.config import DataConfig
from dl_robotics.data.open import open_data
from dl_robotics.data.sample import LabelledImages
from dl_robotics.inference.backend import Backend
from dl_robotics.inference.exports import int8_path
from dl_robotics.inference.quantise import quantise
from dl_robotics.ops.preprocess import Preprocess
from dl_robotics.training.exportable import Exportable

MERITS = {"detector": "AP50", "segmenter": "miou"}  # the figure of merit of each kind
CALIBRATION_IMAGES, JUDGING_IMAGES = 100, 200


def add_int8_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this part of the command line."""
    parser.add_argument("--int8", action="store_true", help="also in eight bits, which needs --calibration")
    parser.add_argument("--calibration", nargs="+", default=[], metavar="DATA", help="bags or folders, labelled")
    parser.add_argument("--subset", default="", help="part of a folder, as its makers name it, e.g. val")
    parser.add_argument(
        "--allowed-drop", type=float, default=0.01, help="of AP50 or mean IoU, in eight bits (%(default)s)"
    )
    add_settings(parser, "how the data are read, e.g. topics.image=/camera/image or boxes=clip")


def to_int8(args: argparse.Namespace, source: Path, exportable: Exportable, exported: Path) -> str:
    """Quantise, and tell what became of it.

    Every second sample calibrates, up to a hundred; the others judge.
    """
    require(len(args.calibration) > 0, "--calibration", "labelled data", args.calibration)
    saved, config = checkpoint.load(source), exportable.config
    require(saved.kind in MERITS, "--int8", f"a {' or a '.join(MERITS)}", saved.kind)
    samples = open_data(
        data_config(DataConfig, saved, config.classes, args.calibration, args.subset, dict(args.settings))
    )
    require(len(samples) >= 2, "--calibration", "two or more labelled images", len(samples))
    preprocess = Preprocess(config.image_height, config.image_width, config.mean, config.std)
    calibration = (preprocess(samples[number].image) for number in _spread(0, len(samples), CALIBRATION_IMAGES))
    judging, name = _spread(1, len(samples), JUDGING_IMAGES), MERITS[saved.kind]

    def merit(backend: Backend) -> float:
        return _figure(saved.kind, name, exportable, backend, samples, judging)

    result = quantise(exported, calibration, merit, args.allowed_drop)
    outcome = "kept" if result.kept else f"not kept: more than {args.allowed_drop:g} is lost"
    return f"{int8_path(exported)}: {name} {result.int8_merit:.4f}, before {result.exact_merit:.4f}: {outcome}"


def _figure(
    kind: str, name: str, exportable: Exportable, backend: Backend, samples: LabelledImages, numbers: Sequence[int]
) -> float:
    """A figure of merit of a backend on some of the samples."""
    stage, report = exportable.stage(backend), KINDS[kind].report(exportable.config)
    for number in numbers:
        report.add(samples[number], stage(samples[number].image))
    return report.figures()[name]


def _spread(first: int, count: int, most: int) -> Sequence[int]:
    """Every second number below ``count``, or so many fewer, evenly, that there are about ``most``."""
    return range(first, count, 2 * max(1, -(-count // (2 * most))))
