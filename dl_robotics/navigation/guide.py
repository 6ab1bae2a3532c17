"""A map of what stands still leads a learned policy past it: corner by corner of a shortest path.

A policy knows what its lidar sees, and stays before a wall behind which the goal lies. Faust et al. 2018 ("PRM-RL:
Long-range robotic navigation tasks by combining reinforcement learning and sampling-based planning") let a planner say
where to go next, and the policy how to get there, past what the map does not know.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from dl_robotics.navigation.stage import PolicyStage, Sensed
from dl_robotics.sim.engine import Array
from dl_robotics.sim.free_space import FreeSpace

PASSED_M = 0.2  # from a corner, at which the next one counts
MOVED_M = 0.05  # by which a goal is another one


class Guide:
    """Says where to drive next. All points are (x, y) in the map, m.

    A new path is planned for a new goal, and for a robot that no longer sees the corner it is led to.

    :param space: where the robot can drive.
    """

    def __init__(self, space: FreeSpace) -> None:
        self._space = space
        self._corners = deque[Array]()  # those ahead, the goal last; none before the first goal
        self._passed: Array | None = None  # the corner before them

    def __call__(self, position: Array, goal: Array) -> Array:
        """(2,) the goal, or a corner of the way there; straight to a goal that cannot be reached, from nearby.

        :param position: (2,) of the robot.
        :param goal: (2,).
        """
        anew = not self._corners or np.linalg.norm(goal - self._corners[-1]) > MOVED_M
        if anew or not self._is_led(position):
            here, there = self._space.nearest(position), self._space.nearest(goal)
            self._corners, self._passed = deque([*self._space.shortest_path(here, there)[1:-1], goal]), None
        while len(self._corners) > 1 and self._passes(position):
            self._passed = self._corners.popleft()
        return self._corners[0]

    def _passes(self, position: Array) -> bool:
        return _near(position, self._corners[0]) or self._space.sees(position, self._corners[1])

    def _is_led(self, position: Array) -> bool:
        if self._passed is not None and _near(position, self._passed):
            return True
        ahead = self._corners[0]
        return self._space.sees(position, ahead) or self._space.sees(self._space.nearest(position), ahead)


def _near(position: Array, corner: Array) -> bool:
    return bool(np.linalg.norm(corner - position) < PASSED_M)


class LedStage(PolicyStage):
    """A policy with a guide; poses and goals are those of the guide's map."""

    def __init__(self, stage: PolicyStage, guide: Guide) -> None:
        super().__init__(stage.policy, stage.task)
        self._guide = guide

    def __call__(self, sensed: Sensed) -> tuple[float, float]:
        """Forward speed in m/s and yaw rate in rad/s on the way to where the guide says."""
        x, y = self._guide(np.array(sensed.pose[:2]), np.array(sensed.goal)).tolist()
        return super().__call__(replace(sensed, goal=(x, y)))
