"""What recognising activities costs: a frame of one person and of ten, and what the nodes add to the pose network."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from vision_msgs.msg import Detection2DArray

from dl_robotics.action.config import SMALL
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.commands.benchmark.latency import verdict
from dl_robotics.commands.benchmark.node_runs import NodeRuns, Program
from dl_robotics.commands.benchmark.random_models import save_random_recogniser
from dl_robotics.commands.processes import image_environment
from dl_robotics.config import load
from dl_robotics.nodes.stopwatch import Stopwatch
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.resources import shipped
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.films import Films

ALONE_MS, CROWD_MS, CONTINUAL_MS, ADDED_MS = 3.0, 15.0, 10.0, 5.0  # what is promised
CROWD = 10
RATE_HZ = 30.0
BEGIN_NS = 1_000_000_000
LAYOUT = "blazepose33"
FILM = 3  # the first one with somebody whom the pose network finds all the time
SHIPPED = "recogniser"
ACTIVITIES, POSE = "/pipeline/activity/activities", "/pipeline: pose"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument(
        "--model",
        type=Path,
        help="a recogniser, instead of random weights for windows and the shipped one in the pipeline",
    )
    parser.add_argument("--backend", default="auto", help="what runs it on windows (%(default)s)")
    parser.add_argument("--frames", type=int, default=300, help="frames a measurement (%(default)s)")
    parser.add_argument("--source", type=Path, help="a video, picture or folder, instead of people drawn here")
    parser.add_argument("--rate", type=float, default=10.0, help="its images a second (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Measure, print the table; exit code 0 if all that is promised was kept."""
    with tempfile.TemporaryDirectory() as folder:
        model = args.model or save_random_recogniser(
            Path(folder) / "small.safetensors", layout=LAYOUT, frames=30, rate_hz=RATE_HZ / 2.0, **SMALL
        )
        kept = [*time_windows(model, args.backend, args.frames), time_continual(Path(folder), args.frames)]
        kept.append(time_nodes(args, Path(folder)))
    return 0 if all(kept) else 1


def time_windows(model: Path, backend: str, frames: int) -> list[bool]:
    """The small network, window by window; whether a frame is as fast as promised."""
    kept = []
    for people, limit_ms in ((1, ALONE_MS), (CROWD, CROWD_MS)):
        stage = ActionRecogniser.load(model, backend=backend, threads=1)
        times_ms = frame_times_ms(stage, people, frames)
        print(f"{stage.backend.name}: p95 {np.percentile(times_ms, 95):.2f} ms, most {times_ms.max():.2f} ms")
        kept.append(verdict(f"small, {people} in view, ms a frame", float(times_ms.mean()), limit_ms))
    return kept


def time_continual(folder: Path, frames: int) -> bool:
    """The full network in its continual form; whether a frame is as fast as promised."""
    path = save_random_recogniser(folder / "full.safetensors", layout=LAYOUT, padded=False, normalisation="frame")
    stage = ActionRecogniser.load(path, backend="torch", threads=1)
    stage.settings = replace(stage.settings, continual=True)
    times_ms = frame_times_ms(stage, 1, frames)
    return verdict("full size, continual, 1 in view, ms a frame", float(times_ms.mean()), CONTINUAL_MS)


def frame_times_ms(stage: ActionRecogniser, people: int, frames: int) -> np.ndarray:
    """(frames,) times of a stage, its window full."""
    stream = walkers(people, len(stage.config.skeleton.joints))
    times_ms = []
    for number in range(stage.config.frames + frames):
        skeletons, stamp_ns = next(stream), BEGIN_NS + round(number * 1e9 / RATE_HZ)
        begin_s = time.perf_counter()
        stage(skeletons, stamp_ns)
        times_ms.append(1e3 * (time.perf_counter() - begin_s))
    return np.array(times_ms[-frames:])


def walkers(people: int, num_joints: int) -> Iterator[Skeletons]:
    """People whose joints wander about."""
    rng = np.random.default_rng(0)
    joints = rng.uniform(0.0, 400.0, (people, num_joints, 3)).astype(np.float32)
    scores, numbers = np.full((people, num_joints), 0.9, np.float32), np.arange(people)
    while True:
        joints = joints + rng.normal(0.0, 2.0, joints.shape).astype(np.float32)
        yield Skeletons(joints, scores, numbers)


def film(folder: Path) -> Path:
    """A folder of pictures of one person who is made up."""
    config = replace(load(FilmConfig, shipped("scenes", "activities", ".yaml")), people=(1, 1), duration_s=4.0)
    films = Films(config, 0, SkeletonLayout.load(LAYOUT))
    folder.mkdir()
    for number, frame in enumerate(films.frames(films[FILM])):
        cv2.imwrite(str(folder / f"{number:04}.png"), frame.image[..., ::-1])
    return folder


def time_nodes(args: argparse.Namespace, folder: Path) -> bool:
    """From an image's stamp to the published activity, less the pose network; whether that is as little as promised."""
    source = args.source or film(folder / "film")
    told = {
        "player": {"source": source, "rate_hz": args.rate},
        "pipeline": {
            "pipeline": "people",
            "activity.model": args.model or SHIPPED,
            "activity.backend": args.backend,
        },
    }
    with Stopwatch() as watch:
        runs = NodeRuns(watch, folder, told, args.frames)
        programs = [Program("compose", ("player", "pipeline"))]
        times = runs.time(programs, {ACTIVITIES: Detection2DArray}, [POSE], image_environment())
    age_ms, pose_ms = times.ages[ACTIVITIES], times.own[POSE]
    print(f"{'image stamp to activity, ms':<44}{age_ms:10.2f}, of that pose {pose_ms:.2f}")
    return verdict("image stamp to activity, less pose, ms", age_ms - pose_ms, ADDED_MS)
