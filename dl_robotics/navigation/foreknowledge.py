"""What a planner that knows everything is told of a scenario: what stands, and where what moves will be, to the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import minimum_filter

from dl_robotics.navigation.foresight_steps import Known, Robot
from dl_robotics.navigation.scenario import Scenarios
from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.planar.drive import SUBSTEP_S
from dl_robotics.sim.planar.engine import axes
from dl_robotics.sim.planar.geometry import moving_outlines, standing_outlines
from dl_robotics.sim.planar.robot import axle_place
from dl_robotics.sim.robot import drive_of
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import World

NEIGHBOURS = 2  # cells: the middle of the robot's own need not be free
FAR_S = 1e6  # where no way leads


@dataclass(frozen=True, eq=False)
class Situation:
    """An episode that is about to begin.

    :param space: where the robot can stand.
    :param scenario: of this one episode: every array has one row.
    """

    world: World
    task: Task
    space: FreeSpace
    scenario: Scenarios

    @property
    def steps(self) -> int:
        """The engine's time steps in a control period."""
        return math.ceil(self.task.control_period_s / SUBSTEP_S - 1e-9)

    @property
    def periods(self) -> int:
        """Control periods from the time on at which the robot does what it is told, to the end."""
        return self.task.max_steps - math.ceil(float(self.scenario.latency_s[0]) * self.task.rate_hz - 1e-9)

    def robot(self, margin_m: float) -> Robot:
        """The robot, so much wider."""
        start = self.scenario.start
        axle_x, axle_y = axle_place(self.world.robot)
        return Robot(
            *axes(self.world),
            friction=float(start.friction[0]),
            mass=float(start.mass[0]),
            radius=self.task.footprint_radius_m + margin_m,
            axle_x=axle_x,
            axle_y=axle_y,
            step_s=self.task.control_period_s / self.steps,
            steps=self.steps,
        )

    def known(self) -> Known:
        """All else, from the time on at which the robot does what it is first told."""
        (goal,), (corner_x, corner_y) = self.scenario.goal, self.space.origin
        poses, fastest_mps = self._movements()
        return Known(
            standing=standing_outlines(self.world),
            moving=moving_outlines(self.world),
            poses=poses,
            fastest_mps=fastest_mps,
            way_s=self._way_s(goal),
            corner_x=float(corner_x),
            corner_y=float(corner_y),
            cell_m=self.space.resolution_m,
            goal_x=float(goal[0]),
            goal_y=float(goal[1]),
            tolerance_m=self.task.goal_tolerance_m,
        )

    def _movements(self) -> tuple[Array, float]:
        """(time steps, 3 M) where the movers are, and the speed of the fastest."""
        count, step_s = self.task.max_steps * self.steps + 1, self.task.control_period_s / self.steps
        times_s = np.arange(count) * step_s + self.scenario.latency_s[0]
        paths = [trajectory(mover, abs(self.world.gravity[2])) for mover in self.world.movers]
        begin_s, rates = self.scenario.start.mover_time_s[0], self.scenario.start.mover_rate[0]
        poses = [path.pose(first_s + rate * times_s) for path, first_s, rate in zip(paths, begin_s, rates, strict=True)]
        fastest_mps = max((path.top_speed * rate for path, rate in zip(paths, rates, strict=True)), default=0.0)
        return np.concatenate([np.empty((count, 0)), *poses], axis=1), float(fastest_mps)

    def _way_s(self, goal: Array) -> Array:
        """(rows, columns) shortest times to the goal; cells next to free ones count as the nearest of them."""
        way_m = self.space.distance_field(goal)
        way_m = np.where(np.isfinite(way_m), way_m, minimum_filter(way_m, 2 * NEIGHBOURS + 1))
        left_m = np.maximum(way_m - self.task.goal_tolerance_m, 0.0)
        return np.where(np.isfinite(way_m), left_m / drive_of(self.world.robot).max_linear_velocity, FAR_S)
