"""The shipped recogniser on people it has never seen: made-up joints, and films through camera and pose stage.

Everybody is judged as a robot sees them: frame after frame goes into the running stage, and what it says last counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.config import from_dict
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.pose.stage import PoseEstimator
from dl_robotics.resources import shipped
from dl_robotics.sim.motion.clips import generate
from dl_robotics.sim.motion.config import MotionConfig
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.films import Films

PROMISED_CLIPS, PROMISED_FILMS = 0.95, 0.90
LEAD_S = 2.0  # of films: so long the camera has seen the person before
BEGIN_NS = 10_000_000_000
NS_PER_S = 1e9
JUDGING = RecogniserSettings(min_confidence=0.0, every=1, smoothing_s=0.0)  # the last frame counts, and all of it
Seen: TypeAlias = Iterable[tuple[float, Skeletons]]  # frames with their times in s


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--model", default="recogniser", help="file or shipped name (%(default)s)")
    parser.add_argument("--clips", type=int, default=500, help="clips of joints (%(default)s)")
    parser.add_argument("--films", type=int, default=100, help="films; 0 for none (%(default)s)")
    parser.add_argument("--seed", type=int, default=1000, help="of people, views and noise (%(default)s)")
    parser.add_argument("--pose", default="", help="folder of the pose networks (the models' cache)")


def run(args: argparse.Namespace) -> int:
    """Judge, print the tables; exit code 0 if both kinds are recognised as promised."""
    stage = ActionRecogniser.load(shipped("models", args.model, ".safetensors"), threads=1)
    stage.settings = JUDGING
    kept = [told("clips of joints", of_clips(stage, args.clips, args.seed), stage, PROMISED_CLIPS)]
    if args.films:
        found = of_films(stage, PoseEstimator.load(args.pose, threads=1), args.films, args.seed)
        kept.append(told("films by camera and pose", found, stage, PROMISED_FILMS))
    return 0 if all(kept) else 1


def of_clips(stage: ActionRecogniser, clips: int, seed: int) -> npt.NDArray[np.int64]:
    """(classes, classes + 1) how often who did the first was said to do the second; 0 is nothing."""
    config, layout = from_dict(MotionConfig, _common(stage)), stage.config.skeleton
    confusion = _empty(stage)
    for index in range(clips):
        clip = generate(seed, index, config, layout)
        person = np.zeros(1, np.int64)
        frames = zip(clip.joints, clip.scores, strict=True)
        people = (Skeletons(joints[None], scores[None], person) for joints, scores in frames)
        confusion[clip.label, last_word(stage, zip(clip.stamps_s.tolist(), people, strict=True))] += 1
    return confusion


def of_films(stage: ActionRecogniser, pose: PoseEstimator, films: int, seed: int) -> npt.NDArray[np.int64]:
    """As :func:`of_clips`, of people whom a camera sees."""
    studio = Films(from_dict(FilmConfig, _common(stage)), seed, stage.config.skeleton)
    confusion = _empty(stage)
    for index in range(films):
        film, label = studio.take(index, LEAD_S)
        pose.reset()
        seen = ((frame.stamp_s, only_one(pose(frame.image))) for frame in studio.frames(film))
        confusion[label, last_word(stage, seen)] += 1
    return confusion


def only_one(found: Skeletons) -> Skeletons:
    """The first person, always by the same number: nobody else is in the film."""
    return Skeletons(found.joints[:1], found.scores[:1], np.zeros(min(len(found), 1), np.int64))


def last_word(stage: ActionRecogniser, seen: Seen) -> int:
    """Class id of what the first person does, as it was said last; 0 if nobody was there or it was never known."""
    stage.reset()
    label = 0
    for time_s, skeletons in seen:
        labels = stage(skeletons, BEGIN_NS + round(time_s * NS_PER_S)).labels.tolist()
        label = labels[0] if labels else label
    return label


def told(what: str, confusion: npt.NDArray[np.int64], stage: ActionRecogniser, promised: float) -> bool:
    """Print a row for each activity, and whether all together are recognised as promised."""
    right = np.diagonal(confusion[:, 1:])
    for name, row, hits in zip(stage.config.classes, confusion, right, strict=True):
        wrong = {stage.classes[k]: int(row[k]) for k in np.flatnonzero(row) if stage.classes[k] != name}
        print(f"{what}: {name:9} {hits:4} of {row.sum():4}  {wrong or ''}")
    share = right.sum() / max(confusion.sum(), 1)
    print(f"{what}: top-1 {share:.3f} of {confusion.sum()}; promised {promised:.2f}", flush=True)
    return bool(share >= promised)


def _common(stage: ActionRecogniser) -> Mapping[str, object]:
    config = stage.config
    return {
        "activities": config.classes,
        "duration_s": config.frames / config.rate_hz,
        "rate_hz": config.rate_hz,
    }


def _empty(stage: ActionRecogniser) -> npt.NDArray[np.int64]:
    return np.zeros((len(stage.config.classes), len(stage.classes)), np.int64)
