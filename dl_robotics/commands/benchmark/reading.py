"""Labelled frames a second that a bag feeds to training: read in random order, decoded, copied into a batch.

The bag is written first, and so read from the system's file cache; what a disk does is not measured.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, get_args

import cv2
import numpy as np

from dl_robotics.data.config import DataConfig
from dl_robotics.data.convert_bag import Codec, write_bag
from dl_robotics.data.open import open_data
from dl_robotics.data.recordings import Storage
from dl_robotics.data.sample import LabelledImages, Sample

TARGET = 500.0  # frames a second from raw images
WIDTH, HEIGHT, COPIES = 640, 480, 8
OBJECTS = 8


class Repeated:
    """Some random labelled images again and again."""

    def __init__(self, frames: int) -> None:
        self.classes: tuple[str, ...] = ("background", "thing")
        self.blocks: Sequence[int] = range(frames)
        self.version = "random"
        self._samples = [_sample(np.random.default_rng(seed)) for seed in range(COPIES)]

    def __len__(self) -> int:
        return len(self.blocks)

    def __getitem__(self, index: int) -> Sample:
        return self._samples[index % COPIES]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--frames", type=int, default=500, help="in each bag (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each row (%(default)s)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])


def run(args: argparse.Namespace) -> int:
    """Measure, print the table; 0 if raw images reach the mark, else 1."""
    cv2.setNumThreads(1)
    threads = "".join(f"{f'{count} threads':>12}" for count in args.threads)
    print(f"{'frames/s, 640x480':<20}{'open s':>8}{threads}{'a CPU second':>15}")
    reached = True
    for storage, codec in itertools.product(get_args(Storage), get_args(Codec)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bag"
            write_bag(Repeated(args.frames), path, codec, storage)
            begin_s = time.perf_counter()
            samples = open_data(DataConfig((str(path),)))
            opened_s = time.perf_counter() - begin_s
            speeds = [_speed(samples, count, args.seconds) for count in args.threads]
        columns = "".join(f"{speed.per_s:12.0f}" for speed in speeds)
        busy = max(speed.per_cpu_s for speed in speeds)
        print(f"{storage + ', ' + codec:<20}{opened_s:8.2f}{columns}{busy:15.0f}", flush=True)
        reached &= codec != "raw" or max(speed.per_s for speed in speeds) >= TARGET
    return 0 if reached else 1


class Speed(NamedTuple):
    """Frames in a second, and in one that a core has worked: on a machine with other work these differ."""

    per_s: float
    per_cpu_s: float


def _speed(samples: LabelledImages, threads: int, seconds: float) -> Speed:
    """Frames into the batches of some threads."""
    with ThreadPoolExecutor(threads) as pool:
        begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
        counts = pool.map(lambda seed: sum(1 for _ in _frames(samples, seed, begin_s + seconds)), range(threads))
        frames = sum(counts)
        return Speed(frames / (time.perf_counter() - begin_s), frames / (time.process_time() - begin_cpu_s))


def _frames(samples: LabelledImages, seed: int, end_s: float) -> Iterator[Any]:
    rng = np.random.default_rng(seed)
    images, masks = np.empty((HEIGHT, WIDTH, 3), np.uint8), np.empty((HEIGHT, WIDTH), np.uint8)
    while time.perf_counter() < end_s:
        sample = samples[int(rng.integers(len(samples)))]
        images[...] = sample.image
        if sample.mask is not None:
            masks[...] = sample.mask
        yield images, masks


def _sample(rng: np.random.Generator) -> Sample:
    """A random image that is as smooth as a photograph, with boxes and a mask."""
    coarse = rng.integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    corners = rng.uniform(0.0, HEIGHT / 2, (OBJECTS, 2))
    boxes = np.hstack([corners, corners + rng.uniform(10.0, HEIGHT / 2, (OBJECTS, 2))]).astype(np.float32)
    mask = rng.integers(0, 2, (HEIGHT // 8, WIDTH // 8), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    return Sample(image, boxes, np.ones(OBJECTS, np.int64), mask, "random")
