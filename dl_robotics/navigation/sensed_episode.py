"""An episode of one robot that is sensed from outside: over topics, or in a recording.

It is to one robot's senses what :class:`~dl_robotics.navigation.episodes.Episodes` is to an engine, by the same
observation, reward and endings.
"""

from __future__ import annotations

import numpy as np

from dl_robotics.navigation.episodes import Outcome
from dl_robotics.navigation.observation import Observations, Observer
from dl_robotics.navigation.reward import reward_terms, weights
from dl_robotics.navigation.stage import Sensed
from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array

Command = tuple[float, float]  # forward m/s, yaw rate rad/s
ALONE = np.zeros(1, np.int64)


class SensedEpisode:
    """Bookkeeping between one instant and the next; each lasts one control period of the task.

    ``steps`` counts them; ``obs`` (size,) is what the policy sees now.

    :param first: what is sensed as the episode begins.
    """

    def __init__(self, task: Task, first: Sensed) -> None:
        self.task, self.steps = task, 0
        self._weights, self._observer = weights(task), Observer(task, 1)
        self._last_command = np.zeros((1, 2))
        _, pose, _, goal = _rows(first)
        self._distance = np.linalg.norm(pose[:, :2] - goal, axis=1)
        self.obs = self._observe(first)

    def advance(self, command: Command, now: Sensed, collided: bool) -> Outcome:
        """What came of a command, one control period after it was given.

        :param collided: whether the robot has touched anything since the episode began.
        :returns: arrays of one robot.
        """
        driven = np.array([command[1] - self._last_command[0, 1]]), np.array([command[0]])
        self._last_command = np.array([command])
        self.steps += 1
        ranges, pose, _, goal = _rows(now)
        failed, no = np.array([collided]), np.zeros(1, np.bool_)
        terms, reached = reward_terms(self.task, ranges, self._distance, pose, goal, *driven, failed)
        late = (self.steps >= self.task.max_steps) & ~failed & ~reached
        self.obs = self._observe(now)
        return Outcome(terms @ self._weights, terms, reached, failed, no, late)

    def _observe(self, sensed: Sensed) -> Observations:
        seen: Observations = self._observer(ALONE, *_rows(sensed), self._last_command)[0]
        return seen


def _rows(sensed: Sensed) -> tuple[Array, Array, Array, Array]:
    """Ranges, pose, velocity and goal as arrays of one robot."""
    ranges, pose, velocity, goal = (
        np.asarray(value, np.float64)[None] for value in (sensed.ranges, sensed.pose, sensed.velocity, sensed.goal)
    )
    return ranges, pose, velocity, goal
