"""Labelled frames of randomised scenes, or films of people with their joints and activities, straight into a bag.

Every frame or film depends on ``--purpose``, ``--seed`` and its number alone: equal calls give equal frames, with any
number of workers, and frames made to train and to evaluate never share a random generator, whatever their seeds.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from dl_robotics.commands.capture_jobs import FIRST_NS, FilmJob, SceneJob
from dl_robotics.commands.captured import CaptureJob, StampedFrame, captured
from dl_robotics.commands.stopping import Stopping
from dl_robotics.config import load, read, require
from dl_robotics.data.frame_messages import ImageCodec, names_message
from dl_robotics.data.free_disk import FreeDisk
from dl_robotics.data.labelled_topics import LABEL_INFO
from dl_robotics.data.recordings import BagWriter, Storage
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.resources import shipped
from dl_robotics.sim.labels import ClassList
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.scenes.config import SceneConfig
from dl_robotics.sim.scenes.frames import PURPOSES

TELL_S = 2.0


class _Asked(NamedTuple):
    """What to capture: a job, how many pieces of it, and the classes that its labels number, if they do."""

    job: CaptureJob
    pieces: int
    classes: ClassList | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("scenes", metavar="SCENES", help="a YAML file, or the name of one in config/scenes")
    parser.add_argument("--output", type=Path, required=True, metavar="BAG", help="folder of the new bag")
    parser.add_argument("--frames", type=int, default=5000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of scenes and textures (%(default)s)")
    parser.add_argument("--purpose", choices=PURPOSES, default="train", help="no frame is in both (%(default)s)")
    parser.add_argument("--layout", default="blazepose33", help="of the joints of people in films (%(default)s)")
    parser.add_argument("--image", choices=get_args(ImageCodec), default="raw", help="how it is stored (%(default)s)")
    parser.add_argument("--storage", choices=get_args(Storage), default="mcap", help="of the bag (%(default)s)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (%(default)s)")
    parser.add_argument("--min-free-gb", type=float, default=2.0, help="stop before less disk is left (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Capture; exit code 0 if the bag holds all frames."""
    require(args.frames >= 1, "--frames", ">= 1", args.frames)
    require(args.seed >= 0, "--seed", ">= 0", args.seed)
    require(args.workers >= 1, "--workers", ">= 1", args.workers)
    asked = _asked(args)
    disk = FreeDisk(args.output, args.min_free_gb)
    with Stopping() as stopping, BagWriter(args.output, args.storage) as bag:
        if asked.classes is not None:
            bag.write_message(LABEL_INFO, names_message(asked.classes, FIRST_NS), FIRST_NS, latched=True)
        frames = itertools.islice(captured(asked.job, asked.pieces, args.workers), args.frames)
        done, why = _write(frames, args.frames, bag, disk, stopping)
    print(f"{args.output}: {done} of {args.frames} frames{why}")
    return 0 if done == args.frames else 1


def _asked(args: argparse.Namespace) -> _Asked:
    """Scenes if the file names worlds, else films of people, which need none."""
    path = shipped("scenes", args.scenes, ".yaml")
    plain = read(path)
    if isinstance(plain, Mapping) and "worlds" in plain:
        config = load(SceneConfig, path)
        job = SceneJob(config, args.seed, args.purpose, args.image)
        return _Asked(job, args.frames, ClassList.load(config.classes))
    films = FilmJob(load(FilmConfig, path), args.seed, args.purpose, args.image, SkeletonLayout.load(args.layout))
    return _Asked(films, math.ceil(args.frames / films.frames_each), None)


def _write(
    frames: Iterator[StampedFrame], count: int, bag: BagWriter, disk: FreeDisk, stopping: Stopping
) -> tuple[int, str]:
    """Frames written, and why there are no more."""
    begin_s = told_s = time.monotonic()
    topics: set[str] = set()
    for done, frame in enumerate(frames):
        if stopping.asked:
            return done, ": interrupted"
        if shortage := disk.shortage(_add(bag, topics, frame)):
            return done + 1, f": {shortage}"
        now_s = time.monotonic()
        if now_s - told_s >= TELL_S:
            told_s = now_s
            print(f"{done + 1} of {count} frames, {(done + 1) / (now_s - begin_s):.0f} a second", flush=True)
    return count, f" in {time.monotonic() - begin_s:.0f} s"


def _add(bag: BagWriter, topics: set[str], frame: StampedFrame) -> int:
    """Write a frame; its bytes."""
    for topic, message_type, cdr in frame.messages:
        if topic not in topics:
            topics.add(topic)
            bag.add_topic(topic, message_type)
        bag.write(topic, frame.stamp_ns, cdr)
    return sum(len(message.cdr) for message in frame.messages)
