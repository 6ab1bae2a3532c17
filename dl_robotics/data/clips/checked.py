"""From the arrays of a file to a clip: sizes and numbers checked, axes turned, people chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import Axes, ClipsConfig
from dl_robotics.data.errors import DataError

Floats = npt.NDArray[np.float32]
LARGEST = 1e6  # pixels or metres; float32 still tells a tenth there


def make_clip(
    config: ClipsConfig,
    joints: npt.NDArray[Any],
    scores: npt.NDArray[Any] | None,
    label: int,
    subject: int,
    source: str,
    *,
    axes: Axes,
    stamps_s: npt.NDArray[np.float64] | None = None,
    image_size: tuple[int, int] | None = None,
) -> Clip:
    """A clip of the people who move most.

    A joint whose place is not finite was not seen. Without scores, neither was one at the origin itself: that is how
    all formats write it.

    :param joints: (T, M, J, 2 or 3).
    :param scores: (T, M, J), cut to [0, 1]; None where the format has none.
    :param axes: of the coordinates.
    :param stamps_s: (T,); else frames come at the rate of the configuration.
    :raises DataError: naming the source, for arrays that do not fit one another or the layout, and numbers too large.
    """
    num_joints = len(config.skeleton.joints)
    fits = joints.ndim == 4 and joints.shape[2:] in ((num_joints, 2), (num_joints, 3)) and min(joints.shape[:2]) > 0
    if not fits or joints.dtype.kind not in "fiu":
        expected = f"numbers (frames, people, {num_joints} of the layout {config.layout}, 2 or 3)"
        raise DataError(f"{source}: joints: expected {expected}, got {joints.dtype} {joints.shape}")
    places = np.zeros((*joints.shape[:3], 3), np.float32)
    places[..., : joints.shape[3]] = joints
    seen = np.isfinite(places).all(-1)
    places[~seen] = 0.0
    if np.abs(places).max(initial=0.0) > LARGEST:
        raise DataError(f"{source}: joints: expected at most {LARGEST:g}, got {np.abs(places).max():g}")
    known = (places != 0.0).any(-1).astype(np.float32) if scores is None else _scores(scores, joints, source)
    known[~seen] = 0.0
    chosen = most_moving(places, known, config.persons)
    if axes == "kinect":
        places = places[..., [2, 0, 1]]
    times_s = np.arange(len(places)) / config.rate_hz if stamps_s is None else stamps_s
    return Clip(places[:, chosen], known[:, chosen], times_s, label, subject, source, image_size)


def most_moving(places: Floats, scores: Floats, persons: int) -> npt.NDArray[np.intp]:
    """Numbers of the people who move most, the liveliest first; never of somebody who is not there.

    The measure is that of the ST-GCN authors' reader of NTU RGB+D, the sum of the coordinates' deviations in time, here
    times the number of frames that the person is seen in.
    """
    seen: npt.NDArray[np.bool_] = np.any(scores > 0.0, axis=-1)  # (T, M)
    frames = seen.sum(0)
    mean = (places * seen[..., None, None]).sum(0) / np.maximum(frames, 1)[:, None, None]
    variance = (np.square(places - mean) * seen[..., None, None]).sum(0) / np.maximum(frames, 1)[:, None, None]
    # Someone who does not move at all still counts more than nobody.
    energy = (np.sqrt(variance).sum((1, 2)) + 1e-6) * frames
    order = np.argsort(-energy, kind="stable")
    return order[: max(1, min(persons, int((frames > 0).sum())))]


def _scores(scores: npt.NDArray[Any], joints: npt.NDArray[Any], source: str) -> Floats:
    if scores.shape != joints.shape[:3] or scores.dtype.kind not in "fiu":
        expected = f"numbers {joints.shape[:3]}, as joints are"
        raise DataError(f"{source}: scores: expected {expected}, got {scores.dtype} {scores.shape}")
    return np.clip(np.nan_to_num(scores.astype(np.float32)), 0.0, 1.0)
