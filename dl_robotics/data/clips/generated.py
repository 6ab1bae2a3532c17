"""Clips made up by the seeded generator of people who move."""

from __future__ import annotations

from functools import partial

from dl_robotics.data.clips.checked import make_clip
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.entries import Entry, Found
from dl_robotics.data.views import digest
from dl_robotics.sim.motion.clips import generate


def find_generated(config: ClipsConfig) -> Found:
    """The clips of a seed; each is made when it is asked for."""
    settings = config.generator
    activities = settings.motion.activities
    entries = [
        Entry(activities[index % len(activities)], index // len(activities), partial(_read, config, index))
        for index in range(settings.clips)
    ]
    return Found(activities, entries, digest(repr(settings), config.layout))


def _read(config: ClipsConfig, index: int, label: int) -> Clip:
    settings = config.generator
    made = generate(settings.seed, index, settings.motion, config.skeleton)
    view, flat = settings.motion.view, settings.motion.coordinates == "pixels"
    return make_clip(
        config,
        made.joints[:, None],
        made.scores[:, None],
        label,
        made.subject,
        f"generated clip {index} of seed {settings.seed}",
        axes="pixels" if flat else "rep103",
        stamps_s=made.stamps_s,
        image_size=(view.width, view.height) if flat else None,
    )
