"""What a node adds to its models, from an image's stamp to the published result, beside the node as often written.

The nodes run as processes, as users start them. A node's overhead is the age of its result when it is published, less
what the model took of it; all figures are medians.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from sensor_msgs.msg import Image
from vision_msgs.msg import Detection2DArray

from dl_robotics.commands.benchmark.node_runs import NodeRuns, Parameters, Program
from dl_robotics.commands.benchmark.random_models import save_random_detector, save_random_segmenter
from dl_robotics.commands.processes import image_environment
from dl_robotics.nodes.stopwatch import Stopwatch

COMPOSED_MS, ACROSS_MS, OBVIOUS_TIMES, TOGETHER_TIMES, IDLE_SHARE = 1.0, 4.0, 10.0, 1.1, 0.01  # what is promised
HEIGHT, WIDTH = 480, 640
SEEN = 10  # objects in every image
BOXES, MASKS = "/pipeline/detector/detections", "/pipeline/segmenter/segmentation"
ALONE = (("detector", "/detector/detections", Detection2DArray), ("segmenter", "/segmenter/segmentation", Image))


class Row(NamedTuple):
    """Median times of one node, ms: age of its results, and what the model took of that."""

    age: float
    own: float

    @property
    def overhead(self) -> float:
        """What is not the model's."""
        return self.age - self.own


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--detector", type=Path, help="a checkpoint, instead of a small one with random weights")
    parser.add_argument("--segmenter", type=Path, help="a checkpoint, instead of a small one with random weights")
    parser.add_argument("--backend", default="onnxruntime", help="what runs the networks (%(default)s)")
    parser.add_argument(
        "--rate", type=float, default=10.0, help="images a second; slow enough for the obvious node (%(default)s)"
    )
    parser.add_argument("--frames", type=int, default=100, help="images a measurement (%(default)s)")
    parser.add_argument("--idle-seconds", type=float, default=10.0, help="of watching an inactive node (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Measure, print the table; exit code 0 if all that is promised was kept."""
    with tempfile.TemporaryDirectory() as folder, Stopwatch() as watch:
        runs = NodeRuns(watch, Path(folder), parameters(args, Path(folder)), args.frames)
        print(f"{WIDTH}x{HEIGHT}, {args.rate:g} images/s, medians of {args.frames} in ms\n", flush=True)
        kept = [*time_detectors(runs), time_together(runs), *watch_idle(runs, args.idle_seconds)]
    return 0 if all(kept) else 1


def parameters(args: argparse.Namespace, folder: Path) -> Parameters:
    """Of all nodes; a picture and the models are written to the folder."""
    picture = folder / "picture.png"
    noise = np.random.default_rng(0).integers(256, size=(HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8)
    cv2.imwrite(str(picture), cv2.resize(noise, (WIDTH, HEIGHT)))
    detector = args.detector or save_random_detector(folder / "detector.safetensors")
    segmenter = args.segmenter or save_random_segmenter(folder / "segmenter.safetensors")
    detecting = {"model": detector, "backend": args.backend, "score_threshold": 0.0, "max_detections": SEEN}
    segmenting = {"model": segmenter, "backend": args.backend}
    both = {f"detector.{name}": value for name, value in detecting.items()}
    both |= {f"segmenter.{name}": value for name, value in segmenting.items()}
    return {
        "player": {"source": picture, "rate_hz": args.rate},
        "detector": detecting,
        "segmenter": segmenting,
        "pipeline": both,
        "obvious_detector": detecting,
    }


def time_detectors(runs: NodeRuns) -> list[bool]:
    """Our node beside the obvious one; whether it is as fast as promised."""
    player, alone, ours = Program("player"), Program("compose", ("player", "detector")), image_environment()
    print(f"{'detector':<44}{'age':>10}{'model':>10}{'overhead':>10}")
    composed = time_node(runs, "composed with its source", [alone], "detector", ours)
    across = time_node(runs, "a process of its own", [player, Program("detector")], "detector", ours)
    rival = time_node(runs, "the obvious node", [player, Program("obvious_detector")], "obvious_detector", {})
    times = rival.overhead / across.overhead
    return [
        verdict("overhead, composed with its source, ms", composed.overhead, COMPOSED_MS),
        verdict("overhead, a process of its own, ms", across.overhead, ACROSS_MS),
        verdict("overhead of the obvious node, times ours", times, OBVIOUS_TIMES, most=False),
    ]


def time_node(runs: NodeRuns, name: str, programs: Sequence[Program], node: str, environment: Mapping[str, str]) -> Row:
    """A row of the table."""
    topic, stage = f"/{node}/detections", f"/{node}: detector"
    times = runs.time(programs, {topic: Detection2DArray}, [stage], environment)
    row = Row(times.ages[topic], times.own[stage])
    print(f"{name:<44}{row.age:10.2f}{row.own:10.2f}{row.overhead:10.2f}", flush=True)
    return row


def time_together(runs: NodeRuns) -> bool:
    """Detector and segmenter in one pipeline against each of them alone, all composed with the source."""
    ours, alone_ms = image_environment(), 0.0
    for node, topic, kind in ALONE:
        programs, stage = [Program("compose", ("player", node))], f"/{node}: {node}"
        alone_ms += runs.time(programs, {topic: kind}, [stage], ours).own[stage]
    topics = {BOXES: Detection2DArray, MASKS: Image}
    times = runs.time([Program("compose", ("player", "pipeline"))], topics, [], ours)
    together_ms = max(times.ages.values())
    print(f"\ndetector and segmenter: {together_ms:.2f} together, the models alone {alone_ms:.2f}")
    return verdict("together, times the sum of the models alone", together_ms / alone_ms, TOGETHER_TIMES)


def watch_idle(runs: NodeRuns, seconds: float) -> list[bool]:
    """What nodes cost that have their models and are not active."""
    return [
        verdict(f"{node}, inactive, share of a core", runs.idle_share(Program(node), node, seconds), IDLE_SHARE)
        for node in ("detector", "pipeline")
    ]


def verdict(name: str, value: float, limit: float, most: bool = True) -> bool:
    """Print a figure beside its limit; whether that is kept.

    :param most: whether the limit is the largest value allowed, or the smallest.
    """
    kept = value <= limit if most else value >= limit
    print(f"{name:<44}{value:10.3f}  {'<=' if most else '>='} {limit:g}: {'yes' if kept else 'NO'}", flush=True)
    return kept
