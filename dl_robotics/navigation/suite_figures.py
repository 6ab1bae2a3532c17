"""Figures of many drives, with intervals; and two drivers compared on the same scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.legs import Outcome
from dl_robotics.ops.statistics import UNKNOWN, Interval, bootstrap_mean, mcnemar, wilson


@dataclass(frozen=True)
class SuiteFigures:
    """How a driver did: rates with Wilson intervals, means with bootstrap intervals.

    :param success: rate, as are ``collision``, ``time_out``, ``stalled`` and ``circled``; a tumble is a collision.
    :param mover: rate of the collisions with moving obstacles.
    :param spl: success weighted by path length.
    :param time_ratio: time of the successes over the shortest path's at top speed.
    :param yaw_acceleration: rad/s^2, the smoother the lower.
    :param backwards: mean share of an episode's way.
    :param clearance_m: mean of how near to anything each success came; ``least_clearance_m`` of all of them.
    """

    episodes: int
    success: Interval
    collision: Interval
    mover: Interval
    time_out: Interval
    spl: Interval
    time_ratio: Interval
    yaw_acceleration: Interval
    backwards: Interval
    clearance_m: Interval
    least_clearance_m: float
    stalled: Interval
    circled: Interval

    @classmethod
    def of(cls, drives: Sequence[Drive]) -> SuiteFigures:
        """The figures of these drives."""
        there = [drive for drive in drives if drive.success]
        return cls(
            episodes=len(drives),
            success=_rate(drives, "reached"),
            collision=_rate(drives, "collision", "tumbled"),
            mover=wilson(sum(drive.hit == "moving" for drive in drives), len(drives)),
            time_out=_rate(drives, "time-out"),
            spl=_mean([drive.spl for drive in drives]),
            time_ratio=_mean([drive.time_ratio for drive in there]),
            yaw_acceleration=_mean([drive.yaw_acceleration for drive in drives]),
            backwards=_mean([drive.backwards for drive in drives]),
            clearance_m=_mean([drive.clearance_m for drive in there]),
            least_clearance_m=min((drive.clearance_m for drive in there), default=float("nan")),
            stalled=wilson(sum(drive.stalled for drive in drives), len(drives)),
            circled=wilson(sum(drive.circled for drive in drives), len(drives)),
        )

    def plain(self) -> dict[str, Any]:
        """For JSON: an interval as value, low and high."""
        values = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True)
class Comparison:
    """Two drivers on the same scenarios; differences are the first's less the second's.

    :param only_first: scenarios in which only the first reached the goal.
    :param only_second: in which only the second did.
    :param p_value: of the exact McNemar test on those.
    :param success: difference of the rates, with a paired bootstrap interval.
    :param spl: difference of the means, likewise.
    """

    first: str
    second: str
    pairs: int
    only_first: int
    only_second: int
    p_value: float
    success: Interval
    spl: Interval

    @classmethod
    def of(cls, names: tuple[str, str], first: Sequence[Drive], second: Sequence[Drive]) -> Comparison:
        """Compare drives, the scenarios in the same order.

        :raises ValueError: if they are of different scenarios.
        """
        if [drive.number for drive in first] != [drive.number for drive in second]:
            raise ValueError(f"{names[0]}, {names[1]}: expected drives of the same scenarios in the same order")
        pairs = list(zip(first, second, strict=True))
        reached = np.array([(one.success, other.success) for one, other in pairs], dtype=np.float64).reshape(-1, 2)
        ahead = reached[:, 0] - reached[:, 1]
        only_first, only_second = int((ahead > 0).sum()), int((ahead < 0).sum())
        spl = np.array([one.spl - other.spl for one, other in pairs])
        return cls(
            *names,
            pairs=len(pairs),
            only_first=only_first,
            only_second=only_second,
            p_value=mcnemar(only_first, only_second),
            success=bootstrap_mean(ahead),
            spl=bootstrap_mean(spl),
        )

    def __str__(self) -> str:
        rate, spl = self.success, self.spl
        return (
            f"{self.first} against {self.second}: success {rate.value:+.1%} [{rate.low:+.1%}, {rate.high:+.1%}], "
            f"only the one {self.only_first}, only the other {self.only_second}, McNemar p = {self.p_value:.2g}; "
            f"SPL {spl.value:+.3f} [{spl.low:+.3f}, {spl.high:+.3f}]"
        )


def _rate(drives: Sequence[Drive], *outcomes: Outcome) -> Interval:
    return wilson(sum(drive.outcome in outcomes for drive in drives), len(drives))


def _mean(values: Sequence[float]) -> Interval:
    return bootstrap_mean(np.array(values)) if values else UNKNOWN
