"""What can change while a tracker runs."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.config import require
from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class TrackerSettings(ParameterSet):
    """How detections are given to tracks, after ByteTrack (Zhang 2022, "Multi-Object Tracking by Associating Every
    Detection Box"), and how things may move.

    A similarity is the intersection over union (IoU) of boxes and the object keypoint similarity (OKS) of skeletons.
    """

    high_score: float = parameter(0.5, "Detections of this score or more are given to tracks first.", low=0.0, high=1.0)
    low_score: float = parameter(
        0.1, "Those between this and high_score go on with a track that nothing better fits.", low=0.0, high=1.0
    )
    birth_score: float = parameter(0.6, "What fits no track begins one from this score on.", low=0.0, high=1.0)
    min_similarity: float = parameter(
        0.1, "Least similarity, times the score, of a track and a detection of high score.", low=0.01, high=1.0
    )
    min_similarity_low: float = parameter(
        0.5, "Least similarity of a track and a detection of low score.", low=0.01, high=1.0
    )
    min_hits: int = parameter(3, "A new track is told of after so many frames in a row.", low=1, high=100)
    max_lost_s: float = parameter(2.0, "A track that is not seen ends after so many seconds.", low=0.0, high=60.0)
    class_aware: bool = parameter(True, "Whether a track keeps to detections of its own class.")
    keep_untracked: bool = parameter(False, "Whether boxes without a track are passed on, with an empty id.")
    smooth_boxes: bool = parameter(
        False, "Whether tracked boxes are where the filter has them, rather than where the detector has them."
    )
    acceleration: float = parameter(
        0.35, "How fast velocities wander, in heights of the object a second, after one second.", low=0.001, high=100.0
    )
    place_std: float = parameter(
        0.05, "How exactly detectors place things, as a share of their height.", low=0.0001, high=1.0
    )
    velocity_std: float = parameter(
        1.0, "How fast something new may move, in heights of the object a second.", low=0.001, high=100.0
    )
    joint_tolerance: float = parameter(
        2.0, "How many times further apart than two observers' joints a person's may be.", low=0.1, high=10.0
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        ordered = self.low_score <= self.high_score <= self.birth_score
        scores = (self.low_score, self.high_score, self.birth_score)
        require(ordered, "low_score, high_score, birth_score", "none above the next", scores)
