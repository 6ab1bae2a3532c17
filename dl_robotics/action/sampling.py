"""Which moments of a clip the network sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.data.clips.clip import Clip

Times = npt.NDArray[np.float64]
LONGEST_GAP_S = 0.25  # between two frames that are further apart nothing is interpolated: as in a running recogniser
LEAST_FILLED = 0.5  # share of a window that is in the clip, where there is a choice
VIEWS = 5  # windows by which a clip that is longer than a window is judged, at most


class Sampled(NamedTuple):
    """People at the network's own moments: (T, M, J, 3) places and (T, M, J) scores."""

    joints: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]


def draw_window(clip: Clip, config: RecogniserConfig, rng: np.random.Generator) -> Sampled:
    """A window at random.

    ``clip``: the clip falls into as many parts as the window has frames, and each gives a moment (uniform sampling of
    Duan et al. 2022, "Revisiting skeleton-based action recognition"). In between frames joints are interpolated, so
    that short clips need no repetition.

    ``rate``: a stretch at the network's own rate, of which at least half is in the clip; the rest counts as not seen,
    as it does while a running recogniser's window fills.
    """
    first_s, last_s = clip.stamps_s[0], clip.stamps_s[-1]
    if config.sampling == "clip":
        shares = (np.arange(config.frames) + rng.random(config.frames)) / config.frames
        return at_times(clip, first_s + shares * (last_s - first_s), np.inf)
    period_s = 1.0 / config.rate_hz
    filled_s = min(LEAST_FILLED * config.frames * period_s, last_s - first_s)
    return _ending(clip, config, rng.uniform(first_s + filled_s, last_s))


def all_windows(clip: Clip, config: RecogniserConfig) -> Iterator[Sampled]:
    """The windows by which a clip is judged: one, or several spread over a clip that is longer than a window."""
    first_s, last_s = clip.stamps_s[0], clip.stamps_s[-1]
    if config.sampling == "clip":
        shares = (np.arange(config.frames) + 0.5) / config.frames
        yield at_times(clip, first_s + shares * (last_s - first_s), np.inf)
        return
    length_s = (config.frames - 1) / config.rate_hz
    more = max(0.0, last_s - first_s - length_s)
    for end_s in np.linspace(last_s - more, last_s, min(VIEWS, 1 + int(np.ceil(2.0 * more / max(length_s, 1e-9))))):
        yield _ending(clip, config, float(end_s))


def first_part(clip: Clip, share: float) -> Clip:
    """What is known of a clip after a share of its time, in (0, 1]."""
    count = int(
        np.searchsorted(clip.stamps_s, clip.stamps_s[0] + share * (clip.stamps_s[-1] - clip.stamps_s[0]), "right")
    )
    return replace(clip, joints=clip.joints[:count], scores=clip.scores[:count], stamps_s=clip.stamps_s[:count])


def at_times(clip: Clip, times_s: Times, longest_gap_s: float) -> Sampled:
    """People at some moments, interpolated between frames.

    A joint that only one of the two frames has is taken from there if that one is nearer. Nothing is seen outside of
    the clip, nor amid a gap that is too long.

    :param times_s: (T,) rising.
    """
    stamps_s = clip.stamps_s
    after = np.clip(np.searchsorted(stamps_s, times_s), min(1, len(stamps_s) - 1), len(stamps_s) - 1)
    before = np.maximum(after - 1, 0)
    gap_s = np.maximum(stamps_s[after] - stamps_s[before], 1e-9)
    weight = np.clip((times_s - stamps_s[before]) / gap_s, 0.0, 1.0).astype(np.float32)[:, None, None]  # (T, 1, 1)
    scores, joints = clip.scores, clip.joints
    both = (scores[before] > 0.0) & (scores[after] > 0.0)
    weight = np.where(both, weight, weight > 0.5).astype(np.float32)  # (T, M, J)
    tolerance_s = 0.5 * float(np.median(np.diff(stamps_s))) if len(stamps_s) > 1 else 1e-9
    inside = (times_s >= stamps_s[0] - tolerance_s) & (times_s <= stamps_s[-1] + tolerance_s) & (gap_s <= longest_gap_s)
    found = ((1.0 - weight) * scores[before] + weight * scores[after]) * inside[:, None, None]
    places = (1.0 - weight[..., None]) * joints[before] + weight[..., None] * joints[after]
    return Sampled(places * (found > 0.0)[..., None], found.astype(np.float32))


def _ending(clip: Clip, config: RecogniserConfig, end_s: float) -> Sampled:
    return at_times(clip, end_s - np.arange(config.frames)[::-1] / config.rate_hz, LONGEST_GAP_S)
