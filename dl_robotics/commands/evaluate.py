"""Judge a checkpoint on labelled data, or a policy in scenarios: a table, and with ``--output`` JSON and diagrams.

The data are read as those were that the checkpoint learned from (topics, renamed classes, ignored values) unless
``--set`` says otherwise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from dl_robotics import checkpoint, config
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.commands import suites
from dl_robotics.commands.judged import KINDS, Judged
from dl_robotics.commands.settings import add_settings
from dl_robotics.data.collection import AnyCollection
from dl_robotics.inference.choose import BACKENDS
from dl_robotics.training.validation import check_not_empty

Config = TypeVar("Config")

OF_THE_MODEL = ("paths", "subset", "classes")  # what is not taken from the recipe's data
MADE_UP = "generated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument(
        "checkpoint", type=Path, metavar="CHECKPOINT", help=f"one of {', '.join(KINDS)}; with --suite a policy"
    )
    parser.add_argument("data", nargs="*", metavar="DATA", help="bags, folders and files; none for generated clips")
    parser.add_argument("--subset", default="", help="part of a folder, as its makers name it, e.g. val")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for report.json and diagrams, made if missing"
    )
    parser.add_argument("--backend", choices=BACKENDS, default="auto", help="what runs the network (%(default)s)")
    parser.add_argument("--device", default="cpu", help="where it runs, as torch names it (%(default)s)")
    add_settings(
        parser, "how the data are read, e.g. topics.image=/camera/image or boxes=clip; with --suite its settings"
    )
    suites.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Evaluate, print the table, write the report."""
    if args.suite:
        return suites.run(args)
    saved = checkpoint.load(args.checkpoint)
    if saved.kind not in KINDS:
        expected = f"one of {', '.join(KINDS)}, or --suite for a policy"
        raise CheckpointError(f"{args.checkpoint}: expected {expected}, got {saved.kind!r}")
    kind = KINDS[saved.kind]
    stage = kind.load(args.checkpoint, args.device, args.backend)
    settings = data_config(kind.config, saved, stage.classes, args.data, args.subset, dict(args.settings))
    samples = kind.open_data(settings)
    check_not_empty(samples, ", ".join(args.data) or MADE_UP)
    report, times_ms = kind.report(stage), []
    for sample, found, time_ms in judged(kind, stage, samples):
        report.add(sample, found)
        times_ms.append(time_ms)
    typical_ms, high_ms = np.percentile(times_ms, [50.0, 95.0]).tolist()
    print(report.table())
    speed = f"{typical_ms:.1f} ms each (p50), {high_ms:.1f} (p95)"
    print(f"\n{len(samples)} {kind.unit}s, {stage.backend.name}: {speed}")
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        about = {"checkpoint": str(args.checkpoint), "data": args.data, "data_version": samples.version}
        measured = {"backend": stage.backend.name, "p50_ms": typical_ms, "p95_ms": high_ms}
        report.write(args.output, {**about, f"{kind.unit}s": len(samples), "speed": measured})
        print(f"{args.output}: report.json and diagrams")
    return 0


def data_config(
    cls: type[Config],
    saved: Checkpoint,
    classes: Sequence[str],
    paths: Sequence[str],
    subset: str,
    settings: Mapping[str, Any],
) -> Config:
    """How the data are read.

    :param cls: of the settings that say so.
    :param settings: by dotted key; they count most.
    :raises ConfigError: for settings that cannot be used.
    """
    learned = saved.task.get("recipe", {}).get("data", {})
    kept = {key: value for key, value in learned.items() if key not in OF_THE_MODEL}
    if paths and kept.get("format") == MADE_UP:
        del kept["format"]
    plain = {**kept, "paths": list(paths), "subset": subset, "classes": list(classes)}
    return config.from_dict(cls, config.override(plain, settings), "data")


def judged(kind: Judged, stage: Any, samples: AnyCollection) -> Iterator[tuple[Any, Any, float]]:
    """Each sample, what the stage made of it, and the milliseconds that took.

    The first one is given twice: what starts on the first call is not the model's time.
    """
    for number in tqdm(range(len(samples)), unit=kind.unit, leave=False, disable=None):
        sample = samples[number]
        given = kind.given(sample)
        if number == 0:
            stage(given)
        begun_s = time.perf_counter()
        found = stage(given)
        yield sample, found, (time.perf_counter() - begun_s) * 1e3
