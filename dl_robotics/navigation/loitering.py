"""Robots that get nowhere: those that stand still, and those that drive in circles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dl_robotics.config import require
from dl_robotics.sim.engine import Array


@dataclass(frozen=True)
class Loitering:
    """What counts as getting nowhere, within any ``window_s`` of an episode.

    :param window_s: so long, and in all of that time:
    :param near_m: no farther than this from where the robot was at its beginning.
    :param turns: turned so many times in one sense, all told, is circling; less is stalling.
    """

    window_s: float = 10.0
    near_m: float = 0.3
    turns: float = 1.5

    def __post_init__(self) -> None:
        for name in ("window_s", "near_m", "turns"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))

    def judge(self, poses: Array, period_s: float) -> tuple[bool, bool]:
        """Whether a robot stalled, and whether it circled.

        :param poses: (n, 3) x, y in m, yaw in rad of an episode, every ``period_s``.
        """
        steps = round(self.window_s / period_s)
        if len(poses) <= steps:
            return False, False
        windows = np.lib.stride_tricks.sliding_window_view(poses[:, :2], steps + 1, axis=0)  # (windows, 2, steps + 1)
        apart = np.linalg.norm(windows - windows[:, :, :1], axis=1).max(axis=1)
        yaw = np.unwrap(poses[:, 2])
        turned = np.abs(yaw[steps:] - yaw[:-steps])
        nowhere, round_about = apart <= self.near_m, turned >= 2.0 * np.pi * self.turns
        return bool((nowhere & ~round_about).any()), bool((nowhere & round_about).any())
