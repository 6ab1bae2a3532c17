"""The navigation task: what the robot sees, may do and is paid for; when an episode ends. Declared once, here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.config import require
from dl_robotics.sim.engine import Beams

Range = tuple[float, float]


@dataclass(frozen=True)
class LidarSpec:
    """Lidar of the task: ``count`` rays over ``fov_deg``, sampled from the robot's own, denser lidar.

    :param sectors: neighbouring rays are seen together, as the nearest of them, in so many sectors; 0 for every ray by
        itself.
    :param centred: whether a sector lies around its middle ray, the first around the first ray. Over a full circle the
        sectors to the left mirror those to the right only then.
    :param past_s: how long ago the scans were taken that are seen beside the present one (see ``scan_history.py``).
    :param mount_x_m: how far the lidar sits ahead of the robot's model frame.
    """

    count: int = 24
    fov_deg: float = 360.0
    range_min_m: float = 0.12
    range_max_m: float = 3.5
    sectors: int = 0
    centred: bool = False
    past_s: tuple[float, ...] = ()
    mount_x_m: float = 0.0

    def __post_init__(self) -> None:
        require(self.count >= 1, "count", ">= 1", self.count)
        require(self.sectors >= 0, "sectors", ">= 0", self.sectors)
        require(self.count % self.seen_sectors == 0, "sectors", f"a divisor of the {self.count} rays", self.sectors)
        require(all(age_s > 0.0 for age_s in self.past_s), "past_s", "> 0", self.past_s)
        require(0.0 < self.fov_deg <= 360.0, "fov_deg", "in (0, 360]", self.fov_deg)
        can_be_centred = self.beams.is_circle and self.rays_per_sector % 2 == 1
        expected = "false unless sectors of an odd number of rays share a full circle"
        require(can_be_centred or not self.centred, "centred", expected, self.centred)
        require(0.0 < self.range_min_m < self.range_max_m, "range_min_m", "> 0 and < range_max_m", self.range_min_m)

    @property
    def seen_sectors(self) -> int:
        """How many ranges of a scan a policy sees."""
        return self.sectors or self.count

    @property
    def rays_per_sector(self) -> int:
        """How many rays are seen together."""
        return self.count // self.seen_sectors

    @property
    def beams(self) -> Beams:
        """The rays as the engines take them."""
        return Beams(self.count, math.radians(self.fov_deg), self.range_min_m, self.range_max_m)


@dataclass(frozen=True)
class ActionSpec:
    """Velocity commands: a table of (m/s, rad/s) rows to choose from, or the box spanned by the two limits."""

    kind: Literal["discrete", "continuous"] = "discrete"
    linear_mps: Range = (0.0, 0.22)
    angular_radps: Range = (-2.0, 2.0)
    table: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in (("linear_mps", self.linear_mps), ("angular_radps", self.angular_radps)):
            require(low < high, name, "[low, high] with low < high", [low, high])
        if self.kind == "discrete":
            require(len(self.table) >= 2, "table", "at least two rows for discrete actions", self.table)
        for row in self.table:
            within = all(lo <= v <= hi for v, (lo, hi) in zip(row, (self.linear_mps, self.angular_radps), strict=True))
            require(within, "table", "rows within linear_mps and angular_radps", row)


@dataclass(frozen=True)
class RewardSpec:
    """Weights of the reward; each term of a step lies in [0, 1] or [-1, 1] before its weight (see ``reward.py``).

    :param clearance_m: how near to the footprint things begin to cost.
    """

    progress: float = 1.0
    heading: float = 0.0
    clearance: float = 0.25
    smoothness: float = 0.05
    time: float = 0.05
    success: float = 10.0
    failure: float = 10.0
    reverse: float = 0.0
    clearance_m: float = 0.3

    def __post_init__(self) -> None:
        for name in ("progress", "heading", "clearance", "smoothness", "time", "success", "failure", "reverse"):
            require(getattr(self, name) >= 0.0, name, ">= 0", getattr(self, name))
        require(self.clearance_m > 0.0, "clearance_m", "> 0", self.clearance_m)


@dataclass(frozen=True)
class Randomisation:
    """Domain randomisation; every default leaves the simulation as it is. Ranges are drawn uniformly per episode."""

    lidar_noise_m: float = 0.0  # standard deviation per ray and step
    lidar_dropout: float = 0.0  # probability that a ray returns nothing, per ray and step
    latency_s: Range = (0.0, 0.0)  # from the policy's command to the wheels
    friction: Range = (1.0, 1.0)  # factor
    mass: Range = (1.0, 1.0)  # factor
    mover_rate: Range = (1.0, 1.0)  # factor on the pace of moving obstacles

    def __post_init__(self) -> None:
        require(self.lidar_noise_m >= 0.0, "lidar_noise_m", ">= 0", self.lidar_noise_m)
        require(0.0 <= self.lidar_dropout < 1.0, "lidar_dropout", "in [0, 1)", self.lidar_dropout)
        for name in ("latency_s", "mover_rate"):
            low, high = getattr(self, name)
            require(0.0 <= low <= high, name, "[low, high] with 0 <= low <= high", [low, high])
        for name in ("friction", "mass"):
            low, high = getattr(self, name)
            require(0.0 < low <= high, name, "[low, high] with 0 < low <= high", [low, high])


@dataclass(frozen=True)
class Task:
    """Drive to a goal: everything that a policy's weights depend on.

    :param rate_hz: control rate; one environment step lasts ``1 / rate_hz`` simulated seconds.
    :param footprint_radius_m: the robot's circumscribed circle about its model frame.
    :param goal_tolerance_m: a goal nearer than this is reached.
    :param time_limit_s: an episode is truncated after this long.
    :param goal_distance_m: goals are drawn at this shortest-path distance from the start.
    """

    name: str
    lidar: LidarSpec = LidarSpec()
    action: ActionSpec = field(default_factory=lambda: ActionSpec(kind="continuous"))
    reward: RewardSpec = RewardSpec()
    randomisation: Randomisation = Randomisation()
    rate_hz: float = 10.0
    footprint_radius_m: float = 0.105
    goal_tolerance_m: float = 0.2
    time_limit_s: float = 60.0
    goal_distance_m: Range = (0.5, 20.0)

    def __post_init__(self) -> None:
        for name in ("rate_hz", "footprint_radius_m", "goal_tolerance_m", "time_limit_s"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))
        low, high = self.goal_distance_m
        require(0.0 <= low < high, "goal_distance_m", "[low, high] with 0 <= low < high", [low, high])

    @property
    def control_period_s(self) -> float:
        """Simulated seconds of one step."""
        return 1.0 / self.rate_hz

    @property
    def max_steps(self) -> int:
        """Steps after which an episode is truncated."""
        return round(self.time_limit_s * self.rate_hz)
