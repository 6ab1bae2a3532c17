"""What a room's robots do, written down from the first step to the last."""

from __future__ import annotations

import numpy as np

from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.episodes import Outcome as StepOutcome
from dl_robotics.navigation.legs import Outcome
from dl_robotics.navigation.room import Room
from dl_robotics.sim.engine import Array, Indices


class DriveLog:
    """Steps a room's robots and keeps their ways; ``running`` (N,) tells whose episodes have not ended."""

    def __init__(self, room: Room) -> None:
        self.room = room
        engine = room.episodes.engine
        count = engine.num_envs
        self.running = np.ones(count, dtype=np.bool_)
        self._poses = np.empty((room.task.max_steps + 1, count, 3))
        self._poses[0] = engine.pose
        self._steps = np.zeros(count, dtype=np.int64)
        self._clearance_m = room.clearance_m()
        self._outcome: list[Outcome] = ["missed"] * count
        self._movers = engine.mover_pose.copy()

    def step(self, robots: Indices, commands: Array) -> None:
        """One control period: ``commands`` (k, 2) for the ``robots`` (k,) that are running."""
        room, engine = self.room, self.room.episodes.engine
        room.last_command[:] = 0.0
        room.last_command[robots] = commands
        outcome = room.episodes.advance(room.last_command)
        self._steps[robots] += 1
        self._poses[self._steps[robots], robots] = engine.pose[robots]
        self._clearance_m[robots] = np.minimum(self._clearance_m, room.clearance_m())[robots]
        for robot in robots[(outcome.terminated | outcome.truncated)[robots]]:
            self.running[robot] = False
            self._movers[robot] = engine.mover_pose[robot]
            self._outcome[robot] = _outcome(outcome, int(robot))

    def drives(self, shortest_m: Array) -> list[Drive]:
        """The episodes, all ended.

        :param shortest_m: (N,) of the shortest paths.
        """
        return [self._drive(robot, float(length_m)) for robot, length_m in enumerate(shortest_m)]

    def _drive(self, robot: int, shortest_m: float) -> Drive:
        room = self.room
        poses, period_s = self._poses[: self._steps[robot] + 1, robot].copy(), room.task.control_period_s
        stalled, circled = room.suite.loitering.judge(poses, period_s)
        collided = self._outcome[robot] == "collision"
        return Drive(
            goal=room.episodes.goal[robot].copy(),
            path=poses[:, :2],
            time_s=float(self._steps[robot]) * period_s,
            shortest_m=shortest_m,
            outcome=self._outcome[robot],
            number=room.numbers[robot],
            yaw=poses[:, 2],
            period_s=period_s,
            fastest_s=shortest_m / room.top_mps,
            clearance_m=0.0 if collided else float(self._clearance_m[robot]),
            stalled=stalled,
            circled=circled,
            movers=self._movers[robot],
        )


def _outcome(step: StepOutcome, robot: int) -> Outcome:
    if step.success[robot]:
        return "reached"
    if step.collision[robot]:
        return "collision"
    return "tumbled" if step.tumbled[robot] else "time-out"
