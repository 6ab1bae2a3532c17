"""A trained navigation policy as a stage: what the robot senses in, a velocity command out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dl_robotics import checkpoint, config
from dl_robotics.navigation.action import command
from dl_robotics.navigation.observation import Observer, size
from dl_robotics.navigation.task import Task
from dl_robotics.rl.algorithms import POLICY_KINDS
from dl_robotics.rl.policy import GreedyPolicy, greedy_policy
from dl_robotics.sim.engine import Array


@dataclass(frozen=True)
class Sensed:
    """What a robot knows at one instant; pose and goal in one frame.

    :param ranges: (count,) m along the task's beams; ``inf`` is nothing seen, ``-inf`` too near to measure, NaN
        where the lidar does not look.
    :param pose: x, y in m, yaw in rad.
    :param velocity: forward m/s, yaw rate rad/s.
    :param goal: x, y in m.
    """

    ranges: Array
    pose: tuple[float, float, float]
    velocity: tuple[float, float]
    goal: tuple[float, float]


def load_driving(path: str | Path) -> tuple[checkpoint.Checkpoint, Task]:
    """A checkpoint of a policy that drives a robot, and its task.

    :raises CheckpointError: if the file is missing, damaged or no such policy.
    :raises ConfigError: if its task is not a navigation task.
    """
    saved = checkpoint.load(path, *POLICY_KINDS)
    if not saved.task:
        raise checkpoint.CheckpointError(f"{path}: expected a policy with the navigation task it learned, got no task")
    return saved, config.from_dict(Task, saved.task, where=f"{path}: task")


class PolicyStage:
    """Drives greedily by a checkpoint that carries its task."""

    def __init__(self, policy: GreedyPolicy, task: Task) -> None:
        self.policy, self.task = policy, task
        self._observer = Observer(task, 1)
        self._last_command = np.zeros((1, 2))

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu") -> PolicyStage:
        """Build the policy of a checkpoint.

        :raises CheckpointError: if the file is missing, damaged or no policy.
        :raises ConfigError: if its task is not a navigation task.
        """
        saved, task = load_driving(path)
        policy = greedy_policy(saved, device, f"{path}: ")
        if policy.obs_dim != size(task):
            raise checkpoint.CheckpointError(
                f"{path}: its network takes {policy.obs_dim} inputs, its task {task.name!r} gives {size(task)}"
            )
        return cls(policy, task)

    def reset(self) -> None:
        """Forget the last command, scans and memory: a new goal, or the robot was stopped from outside."""
        self.policy.reset()
        self._observer.forget()
        self._last_command[:] = 0.0

    def __call__(self, sensed: Sensed) -> tuple[float, float]:
        """Forward speed in m/s and yaw rate in rad/s, within the task's limits."""
        ranges, pose, velocity, goal = (
            np.asarray(value, dtype=np.float64)[None]
            for value in (sensed.ranges, sensed.pose, sensed.velocity, sensed.goal)
        )
        seen = self._observer(np.zeros(1, np.int64), ranges, pose, velocity, goal, self._last_command)
        self._last_command = command(self.task.action, self.policy(seen))
        return float(self._last_command[0, 0]), float(self._last_command[0, 1])
