"""What a navigation policy is paid for: terms bounded to [-1, 1], weighted by ``RewardSpec``; and how a step ended.

progress
    towards the goal, over the farthest the robot can drive in one step. A learner that discounts is impatient: waiting
    puts off all progress to come, so it would rather run a risk, unless failure costs much more than progress earns.
heading
    cosine of the goal's bearing.
clearance
    minus how far the nearest lidar return has come within ``clearance_m`` of the footprint.
smoothness
    minus the change of commanded yaw rate, over the largest possible change.
time
    -1 every step.
success, failure
    +1 on the step that reaches the goal, -1 on the one that collides or tumbles.
reverse
    minus the speed that is commanded backwards, over the top speed. To a learner whose lidar looks all around and whose
    drive is as fast both ways, the robot's ends are alike: without this it may as well learn to drive backwards.
"""

from __future__ import annotations

import math
from dataclasses import astuple
from typing import Any

import numba
import numpy as np

from dl_robotics.navigation.observation import goal_polar, speed_scale
from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array, Mask

TERMS = ("progress", "heading", "clearance", "smoothness", "time", "success", "failure", "reverse")


def reward_terms(
    task: Task, ranges: Array, before: Array, pose: Array, goal: Array, turn: Array, forward: Array, failed: Mask
) -> tuple[Array, Mask]:
    """Unweighted terms of one step of N robots.

    :param ranges: (N, count) true lidar ranges, m.
    :param before: (N,) distance to the goal before the step, m; holds the distance after it on return.
    :param pose: (N, 3) after the step.
    :param goal: (N, 2) m.
    :param turn: (N,) change of the commanded yaw rate, rad/s.
    :param forward: (N,) commanded forward speed, m/s.
    :param failed: (N,) whether the robot has collided or tumbled.
    :returns: (N, 8) terms in the order of :data:`TERMS`, and (N,) whether the goal is reached.
    """
    terms = np.empty((len(pose), len(TERMS)))
    reached = np.empty(len(pose), dtype=np.bool_)
    fastest = speed_scale(task.action)[0]
    step_m = fastest * task.control_period_s
    turn_range = task.action.angular_radps[1] - task.action.angular_radps[0]
    scalars = (step_m, fastest, turn_range, task.footprint_radius_m, task.reward.clearance_m, task.goal_tolerance_m)
    _terms(ranges, before, pose, goal, turn, forward, failed, scalars, terms, reached)
    return terms, reached


def weights(task: Task) -> Array:
    """(8,) the weights of :data:`TERMS`."""
    return np.array(astuple(task.reward)[: len(TERMS)])


@numba.njit(cache=True, nogil=True)
def _terms(
    ranges: Any,
    before: Any,
    pose: Any,
    goal: Any,
    turn: Any,
    forward: Any,
    failed: Any,
    scalars: Any,
    terms: Any,
    reached: Any,
) -> None:  # pragma: no cover
    step_m, fastest, turn_range, footprint_m, clearance_m, tolerance_m = scalars
    for n in range(len(pose)):
        distance, bearing = goal_polar(pose[n, 0], pose[n, 1], pose[n, 2], goal[n, 0], goal[n, 1])
        intrusion = 1.0 - (ranges[n].min() - footprint_m) / clearance_m
        reached[n] = distance < tolerance_m and not failed[n]
        terms[n, 0] = min(max((before[n] - distance) / step_m, -1.0), 1.0)
        terms[n, 1] = math.cos(bearing)
        terms[n, 2] = -min(max(intrusion, 0.0), 1.0)
        terms[n, 3] = -min(abs(turn[n]) / turn_range, 1.0)
        terms[n, 4] = -1.0
        terms[n, 5] = 1.0 if reached[n] else 0.0
        terms[n, 6] = -1.0 if failed[n] else 0.0
        terms[n, 7] = -min(max(-forward[n] / fastest, 0.0), 1.0)
        before[n] = distance
