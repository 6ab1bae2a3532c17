"""Clips of two activities that a tiny network tells apart in seconds: hands go up, or hands go down."""

import numpy as np

from dl_robotics.data.clips.clip import Clip
from dl_robotics.ops.skeleton_layout import SkeletonLayout

LAYOUT = SkeletonLayout.load("coco17")
WRISTS = [LAYOUT.index("left_wrist"), LAYOUT.index("right_wrist")]
CLASSES = ("raise", "lower")


def make_clip(label, seed=0, frames=20, rate_hz=10.0):
    """A person of noise that stands in metres, z up."""
    rng = np.random.default_rng((seed, label))
    body = np.random.default_rng(0).uniform(0.0, 1.5, (17, 3))
    joints = np.tile(body, (frames, 1, 1)) + rng.normal(0.0, 0.02, (frames, 17, 3))
    way = np.linspace(0.0, 1.5, frames)
    joints[:, WRISTS, 2] = (way if label == 0 else way[::-1])[:, None]
    places = joints[:, None].astype(np.float32)
    stamps_s = np.arange(frames) / rate_hz
    return Clip(places, np.ones((frames, 1, 17), np.float32), stamps_s, label, seed, f"made {label} {seed}")


class MadeClips:
    """A collection of them, subject by subject."""

    classes, version = CLASSES, "made"

    def __init__(self, subjects, first=0):
        self._clips = [make_clip(label, first + subject) for subject in range(subjects) for label in (0, 1)]
        self.blocks = [2 * clip.subject for clip in self._clips]

    def __len__(self):
        return len(self._clips)

    def __getitem__(self, index):
        return self._clips[index]
