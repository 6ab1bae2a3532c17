"""A world with robots side by side in it, each in a scenario of a suite."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dl_robotics.navigation.build import EngineName, build_episodes
from dl_robotics.navigation.driver import SIDE_BY_SIDE, Senses
from dl_robotics.navigation.foreknowledge import Situation
from dl_robotics.navigation.scenario import START_MARGIN_M, Scenarios
from dl_robotics.navigation.suite import Suite
from dl_robotics.navigation.view import TopView
from dl_robotics.sim.engine import Array
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.planar.clearance import clearances_among
from dl_robotics.sim.planar.geometry import solid_outlines
from dl_robotics.sim.robot import drive_of


class Room:
    """A world with some robots, each in a scenario of its own.

    :param first: number of the first scenario.
    :param count: how many there are.
    """

    def __init__(self, suite: Suite, first: int, count: int, engine: EngineName = "planar") -> None:
        self.suite = suite
        world = suite.world(first)
        self.task = suite.task(world)
        self.robot = world.robot
        self.episodes = build_episodes(world, self.task, count, engine)
        self.top_mps = drive_of(world.robot).max_linear_velocity
        self.space = FreeSpace(world, self.task.footprint_radius_m)
        self._solid = solid_outlines(world)
        self.numbers = range(first, first + count)
        self.everyone = np.arange(count)
        self.robots = np.array(self.numbers) % SIDE_BY_SIDE
        self.begin()

    @cached_property
    def map(self) -> FreeSpace:
        """Where a robot can drive past what stands still, at the distance that starts and goals keep."""
        return FreeSpace(self.episodes.engine.world, self.task.footprint_radius_m + START_MARGIN_M)

    def begin(self) -> None:
        """Put the robots where their scenarios begin."""
        for env, number in enumerate(self.numbers):
            self.episodes.begin(self.everyone[env : env + 1], self.suite.generator(number, "scenario"))
        self._noise = [self.suite.generator(number, "noise") for number in self.numbers]
        self.last_command = np.zeros((len(self.numbers), 2))

    def scenario(self, env: int) -> Scenarios:
        """All that was drawn for the episode of one robot: every array has one row."""
        rng = self.suite.generator(self.numbers[env], "scenario")
        return self.episodes.sampler.draw(rng, self.everyone[env : env + 1])

    def situation(self, env: int) -> Situation:
        """All that one of the robots is about to drive into."""
        return Situation(self.episodes.engine.world, self.task, self.space, self.scenario(env))

    def shortest_m(self) -> Array:
        """(count,) length of the shortest paths past what stands still, to where the goals count as reached."""
        starts, goals = self.episodes.engine.pose[:, :2], self.episodes.goal
        lengths = [self.space.path_length(start, goal) for start, goal in zip(starts, goals, strict=True)]
        tolerance_m = self.task.goal_tolerance_m
        return np.maximum(np.array(lengths) - tolerance_m, tolerance_m)

    def senses(self) -> Senses:
        """What the robots sense now."""
        engine = self.episodes.engine
        rows = [self.episodes.measured(noise, self.everyone[env : env + 1]) for env, noise in enumerate(self._noise)]
        ranges = np.concatenate(rows)
        return Senses(ranges, engine.pose, engine.velocity, self.episodes.goal, self.last_command, self.robots)

    def clearance_m(self) -> Array:
        """(count,) from the footprints to anything."""
        engine = self.episodes.engine
        return self.clearances_m(engine.pose, engine.mover_pose)

    def clearances_m(self, poses: Array, movers: Array) -> Array:
        """(n,) from the footprint to anything, of robots at ``poses`` (n, 3) among ``movers`` at (n, m, 3)."""
        return (
            clearances_among(poses[:, :2], self._solid, movers.reshape(len(poses), -1)) - self.task.footprint_radius_m
        )

    def view(self) -> TopView:
        """How the world looks from above."""
        return TopView(self.episodes.engine.world, self.space, self.task.footprint_radius_m)
