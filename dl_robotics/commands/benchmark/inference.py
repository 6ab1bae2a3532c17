"""Networks in torch, ONNX Runtime and OpenVINO, and what stands before and behind them against OpenCV, in one run.

Everything takes turns, so that a machine whose speed drifts treats all alike; times are medians. Weights are random:
times do not depend on them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from dl_robotics.commands.benchmark.random_models import save_random_detector, save_random_segmenter
from dl_robotics.inference.backend import default_threads
from dl_robotics.inference.choose import AUTO, TORCH, choose_backend, make_backend
from dl_robotics.inference.exports import int8_path
from dl_robotics.inference.measure import measure_ms
from dl_robotics.inference.quantise import quantised_model
from dl_robotics.inference.runtimes import RUNTIMES
from dl_robotics.ops.nms import batched_nms
from dl_robotics.ops.preprocess import Preprocess
from dl_robotics.training.exportable import Exportable, export_checkpoint, load_exportable

Calls = Mapping[str, Callable[[], object]]
CLASSES = ("background", *(f"class {number}" for number in range(1, 21)))
TARGET = 2.0  # times faster than torch
TARGETED = ("SSDlite320", "LR-ASPP 320")
IMAGE_SIZE, INPUT_SIZE = (480, 640), (320, 320)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
BOXES, BOXES_OF_ONE, SCORE_THRESHOLD, IOU_THRESHOLD = 2000, 20, 0.0, 0.5
ROUNDS = 3  # at least


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NAME")
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, default_threads()}))
    parser.add_argument("--seconds", type=float, default=4.0, help="for each row, or three rounds (%(default)s)")
    parser.add_argument("--int8", action="store_true", help="eight bits as well; accuracy is not looked at")


def run(args: argparse.Namespace) -> int:
    """Measure, print the tables; 0 if every mark is reached, else 1."""
    names = (TORCH, *RUNTIMES, *(f"{name}-int8" for name in RUNTIMES if args.int8))
    print(f"{'ms, batch 1':<16}{'threads':>8}" + "".join(f"{name:>17}" for name in names) + f"{AUTO:>17}{'gain':>7}")
    reached = True
    for name in args.networks:
        with tempfile.TemporaryDirectory() as folder:
            path = NETWORKS[name](Path(folder) / "network.safetensors", CLASSES)
            network, exported = load_exportable(path), _exported(path, args.int8)
            for threads in args.threads:
                gain = _row(name, names, network, exported, threads, args.seconds)
                reached &= gain >= TARGET or name not in TARGETED
    return 0 if reached & _preprocessing(args.seconds) & _suppression(args.seconds) else 1


def _exported(path: Path, int8: bool) -> Path:
    """Export a checkpoint's network beside it; in eight bits, too, for noise."""
    export_checkpoint(path)
    exported = path.with_suffix(".onnx")
    if int8:
        shape = load_exportable(path).example.shape
        inputs = (np.random.default_rng(seed).standard_normal(shape, np.float32) for seed in range(4))
        int8_path(exported).write_bytes(quantised_model(exported.read_bytes(), inputs))
    return exported


def _row(
    name: str, backends: tuple[str, ...], network: Exportable, exported: Path, threads: int, seconds: float
) -> float:
    """Print a network's times; returns how much faster than torch the choice of ``auto`` is."""
    arguments = network.network, network.example, exported
    chosen = choose_backend(*arguments, threads=threads).backend.name
    calls = {
        backend: partial(make_backend(backend, *arguments, threads=threads), network.example) for backend in backends
    }
    times_ms = _medians(calls, seconds)
    gain = times_ms[TORCH] / times_ms[chosen]
    columns = "".join(f"{times_ms[backend]:17.1f}" for backend in backends)
    print(f"{name:<16}{threads:8}{columns}{chosen:>17}{gain:6.1f}x", flush=True)
    return gain


def _preprocessing(seconds: float) -> bool:
    """Whether preprocessing is no slower than OpenCV's, which rounds to bytes and has one deviation for all."""
    image = np.random.default_rng(0).integers(0, 256, (*IMAGE_SIZE, 3), dtype=np.uint8)
    scale, mean = 1.0 / (255.0 * float(np.mean(STD))), [255.0 * value for value in MEAN]
    calls: Calls = {
        "Preprocess": partial(Preprocess(*INPUT_SIZE, MEAN, STD), image),
        "cv2.dnn.blobFromImage": partial(cv2.dnn.blobFromImage, image, scale, INPUT_SIZE[::-1], mean),
    }
    return _against_opencv(f"{IMAGE_SIZE[1]}x{IMAGE_SIZE[0]} to {INPUT_SIZE[1]}x{INPUT_SIZE[0]}", calls, seconds)


def _suppression(seconds: float) -> bool:
    """Whether non-maximum suppression is no slower than OpenCV's."""
    rng = np.random.default_rng(0)
    objects = np.repeat(rng.uniform(0, 500, (BOXES // BOXES_OF_ONE, 2)), BOXES_OF_ONE, axis=0)
    corners, sides = objects + rng.normal(0, 8, (BOXES, 2)), rng.uniform(20, 120, (BOXES, 2))
    boxes = np.hstack([corners, corners + sides]).astype(np.float32)
    scores, labels = rng.random(BOXES, np.float32), rng.integers(1, len(CLASSES), BOXES)
    rectangles = np.hstack([corners, sides]).tolist()
    calls: Calls = {
        "batched_nms": partial(batched_nms, boxes, scores, labels, IOU_THRESHOLD),
        "cv2.dnn.NMSBoxesBatched": partial(
            cv2.dnn.NMSBoxesBatched, rectangles, scores.tolist(), labels.tolist(), SCORE_THRESHOLD, IOU_THRESHOLD
        ),
    }
    return _against_opencv(f"{BOXES} boxes, {len(CLASSES) - 1} classes", calls, seconds)


def _against_opencv(what: str, calls: Calls, seconds: float) -> bool:
    """Print ours and OpenCV's times; whether ours is no longer."""
    times_ms = _medians(calls, seconds)
    ours, theirs = times_ms.values()
    print(f"{what}: " + ", ".join(f"{name} {time:.2f} ms" for name, time in times_ms.items()), flush=True)
    return ours <= theirs


def _medians(calls: Calls, seconds: float) -> dict[str, float]:
    return {name: median(times) for name, times in measure_ms(calls, seconds, ROUNDS).items()}


NETWORKS: Mapping[str, Callable[[Path, tuple[str, ...]], Path]] = {
    "SSDlite320": partial(save_random_detector, architecture="ssdlite320_mobilenet_v3_large"),
    "LR-ASPP 320": partial(
        save_random_segmenter, architecture="lraspp_mobilenet_v3_large", image_height=320, image_width=320
    ),
    "small SSD": save_random_detector,
    "small FCN": save_random_segmenter,
    "SSD300-VGG16": partial(save_random_detector, architecture="ssd300_vgg16"),
}
