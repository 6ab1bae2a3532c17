"""The navigation task in a mirror that stands along the robot's x axis."""

from __future__ import annotations

from dl_robotics.config import require
from dl_robotics.navigation import observation
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Task
from dl_robotics.rl.mirror import Mirror, Reflection

TURNING = (2, 4, 6)  # of what follows the scans: sine of the bearing, measured and commanded yaw rate


def mirror(task: Task) -> Mirror:
    """What observations and actions of a task become where left is right.

    :raises ConfigError: if sectors or actions to the left have no mirror image to the right.
    """
    sectors = _sectors(task.lidar)
    after = (1 + len(task.lidar.past_s)) * len(sectors)
    scans = [scan + sector for scan in range(0, after, len(sectors)) for sector in sectors]
    turning = [-1.0 if entry in TURNING else 1.0 for entry in range(observation.GOAL_AND_MOTION)]
    source = (*scans, *range(after, observation.size(task)))
    return Mirror(Reflection(source, (*[1.0] * after, *turning)), _actions(task.action))


def _sectors(lidar: LidarSpec) -> list[int]:
    """The sector on the other side of each."""
    count = lidar.seen_sectors
    if not lidar.beams.is_circle:
        return list(reversed(range(count)))
    whole = lidar.centred or lidar.rays_per_sector == 1
    require(whole, "lidar.centred", "true: sectors to the left as to the right", lidar.centred)
    return [-sector % count for sector in range(count)]


def _actions(action: ActionSpec) -> Reflection:
    if action.kind == "continuous":
        low, high = action.angular_radps
        require(low == -high, "action.angular_radps", "the same to both sides", action.angular_radps)
        return Reflection((0, 1), (1.0, -1.0))
    rows = action.table
    images = [(linear, -angular) for linear, angular in rows]
    require(all(image in rows for image in images), "action.table", "each turn to both sides", rows)
    return Reflection(tuple(rows.index(image) for image in images), (1.0,) * len(rows))
