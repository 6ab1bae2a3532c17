"""What a room's robots do, written down from the first step to the last."""

from __future__ import annotations

import numpy as np

from dl_robotics.navigation.drives import Drive, Hit
from dl_robotics.navigation.episodes import Outcome as StepOutcome
from dl_robotics.navigation.legs import Outcome
from dl_robotics.navigation.room import Room
from dl_robotics.sim.engine import Array, Indices

NEAR_M = 0.01  # a robot that runs into what stands is stopped this near to it: twice its way in a time step


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
        poses, outcome = self._poses[: self._steps[robot] + 1, robot].copy(), self._outcome[robot]
        clearance_m = float(self._clearance_m[robot])
        return as_drive(self.room, robot, poses, outcome, clearance_m, self._movers[robot], shortest_m)


def as_drive(
    room: Room, robot: int, poses: Array, outcome: Outcome, clearance_m: float, movers: Array, shortest_m: float
) -> Drive:
    """An episode of one of a room's robots.

    :param poses: (n, 3) x, y, yaw, one a control period, the start among them.
    :param clearance_m: the least between footprint and anything, where nothing was touched.
    :param movers: (m, 3) where the moving obstacles were in the end.
    :param shortest_m: length of the shortest path.
    """
    period_s = room.task.control_period_s
    stalled, circled = room.suite.loitering.judge(poses, period_s)
    return Drive(
        goal=room.episodes.goal[robot].copy(),
        path=poses[:, :2],
        time_s=(len(poses) - 1) * period_s,
        shortest_m=shortest_m,
        outcome=outcome,
        number=room.numbers[robot],
        yaw=poses[:, 2],
        period_s=period_s,
        fastest_s=shortest_m / room.top_mps,
        clearance_m=0.0 if outcome == "collision" else clearance_m,
        stalled=stalled,
        circled=circled,
        movers=movers,
        hit=_hit(room, poses[-1], outcome),
    )


def _hit(room: Room, pose: Array, outcome: Outcome) -> Hit:
    """What a robot collided with; it was last seen at ``pose`` (3,)."""
    if outcome != "collision":
        return "nothing"
    spare_m = float(room.space.clearance(pose[None, :2])[0]) - room.task.footprint_radius_m
    return "standing" if spare_m < NEAR_M else "moving"


def _outcome(step: StepOutcome, robot: int) -> Outcome:
    if step.success[robot]:
        return "reached"
    if step.collision[robot]:
        return "collision"
    return "tumbled" if step.tumbled[robot] else "time-out"
