"""``evaluate POLICY --suite NAME --over-topics``: simulator and navigator as processes, judged as within a process."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from dl_robotics.commands.processes import Processes, node_arguments
from dl_robotics.config import require
from dl_robotics.navigation.build import EngineName
from dl_robotics.navigation.drive_log import as_drive
from dl_robotics.navigation.driver import policy_maker
from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.fleet import rooms_of, run_suite
from dl_robotics.navigation.lidar_choice import with_lidar
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.scoreboard import Scoreboard
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import Suite
from dl_robotics.nodes.examiner import Answer, Exam, Examiner, examining
from dl_robotics.nodes.simulator_process import SOCKETS
from dl_robotics.sim.sdf.writer import write_world
from dl_robotics.sim.trajectory import trajectory

PATIENCE_S = 120.0  # real time without input after which the navigator stops the robot: longer than any stall
# Real time that the simulator waits for a command; a navigator that is done with its goal sends none.
COMMAND_WAIT_S = 5.0
SEEDS = 2**31
ATTEMPTS = 3  # to drive a scenario


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that judge a policy over topics."""
    group = parser.add_argument_group("scenario suites over ROS 2 topics")
    group.add_argument(
        "--over-topics",
        action="store_true",
        help="the policy alone, in the navigator node before the simulator node, beside its figures within a process",
    )
    group.add_argument("--noise", type=float, default=0.01, metavar="M", help="of each lidar range (%(default)s)")
    group.add_argument("--latency", type=float, default=0.05, metavar="S", help="of each command (%(default)s)")
    group.add_argument("--pace", type=float, default=0.0, help="times real time; 0: as fast as possible (%(default)s)")


def disturbed(suite: Suite, noise_m: float, latency_s: float) -> Suite:
    """A suite with this noise on every range and this latency of every command.

    :raises ConfigError: for a suite with what the simulator cannot do.
    """
    dropout = suite.randomisation.lidar_dropout
    require(dropout == 0.0, "randomisation.lidar_dropout", "0 over topics", dropout)
    random = replace(suite.randomisation, lidar_noise_m=noise_m, latency_s=(latency_s, latency_s))
    return replace(suite, randomisation=random)


def judge(board: Scoreboard, name: str, suite: Suite, args: argparse.Namespace) -> None:
    """Let a policy drive a suite within the process, by both engines, and over topics."""
    episodes = args.episodes or suite.episodes
    hard = disturbed(suite, args.noise, args.latency)
    make = policy_maker(PolicyStage.load(args.checkpoint, args.device))
    ways: Mapping[str, tuple[Suite, EngineName]] = {
        "planar": (suite, "planar"),
        "planar disturbed": (hard, "planar"),
        "mujoco disturbed": (hard, "mujoco"),
    }
    with tqdm(total=episodes * (len(ways) + 1), desc=name, unit="episode", leave=False, disable=None) as bar:
        for way, (what, engine) in ways.items():
            for driver, room, drives in run_suite(what, {way: make}, episodes, engine):
                board.add(name, driver, room, drives)
                bar.update(len(drives))
        for room, drive in drive_over_topics(hard, args.checkpoint, episodes, args.pace):
            board.add(name, "topics disturbed", room, [drive])
            bar.update(1)


def drive_over_topics(suite: Suite, policy: Path, episodes: int, pace: float) -> Iterator[tuple[Room, Drive]]:
    """Drive the first scenarios of a suite in processes of their own.

    Processes that fall silent or die are replaced, and the scenario is driven again from its start.

    :param pace: times real time.
    :raises TimeoutError: if a scenario is never driven to its end.
    :raises ChildProcessError: if that is so because a process dies again and again.
    """
    with tempfile.TemporaryDirectory(prefix="dl_robotics_topics_") as folder:
        seats = seats_of(suite, episodes, Path(folder))
        seat, troubles = next(seats, None), 0
        while seat is not None:
            try:
                with _examining(seat, policy, pace, Path(folder)) as examiner:
                    while seat is not None:
                        yield seat.room, _drive(seat, examiner.examine(seat.exam))
                        seat, troubles = next(seats, None), 0
            except (TimeoutError, ChildProcessError) as trouble:
                troubles += 1
                if troubles == ATTEMPTS:
                    raise
                tqdm.write(f"{trouble}: simulator and navigator are started anew, the scenario again", sys.stderr)


@contextmanager
def _examining(seat: Seat, policy: Path, pace: float, folder: Path) -> Iterator[Examiner]:
    """Simulator, navigator and an examiner who has seen them move."""
    with Processes(folder, SOCKETS) as processes:
        simulator = {
            "paused": True,
            "real_time_factor": pace,
            "command_latency_s": 0.0,
            "command_wait_s": COMMAND_WAIT_S,
        }
        processes.start("simulator", "dl_robotics.nodes.simulator", node_arguments(**simulator))
        navigator = {"model": policy.resolve(), "autostart": True, "input_timeout_s": PATIENCE_S}
        processes.start("navigator", "dl_robotics.nodes.navigator", node_arguments(**navigator))
        with examining(seat.room.task, seat.room.robot, processes.check) as examiner:
            examiner.warm_up(seat.exam)
            yield examiner


@dataclass(frozen=True, eq=False)
class Seat:
    """A robot of a room, and its scenario; ``shortest_m`` is its shortest path."""

    room: Room
    robot: int
    shortest_m: float
    exam: Exam


def seats_of(suite: Suite, episodes: int, folder: Path) -> Iterator[Seat]:
    """The first scenarios of a suite, their worlds written into a folder."""
    noise_m = suite.randomisation.lidar_noise_m
    for room in (room for rooms in rooms_of(suite, episodes) for room in rooms):
        file = folder / f"{room.numbers[0]}.sdf"
        write_world(with_lidar(room.episodes.engine.world, suite.lidar, noise_m), file)
        for robot, (number, length_m) in enumerate(zip(room.numbers, room.shortest_m(), strict=True)):
            seed = int(suite.generator(number, "noise").integers(SEEDS))
            yield Seat(room, robot, float(length_m), Exam(file, room.scenario(robot), seed))


def _drive(seat: Seat, answer: Answer) -> Drive:
    room, start = seat.room, seat.exam.scenario.start
    world = room.episodes.engine.world
    elapsed_s = np.arange(len(answer.poses)) * room.task.control_period_s
    where = np.empty((len(elapsed_s), len(world.movers), 3))
    for index, (mover, time_s, rate) in enumerate(
        zip(world.movers, start.mover_time_s[0], start.mover_rate[0], strict=True)
    ):
        where[:, index] = trajectory(mover, abs(world.gravity[2])).pose(time_s + rate * elapsed_s)
    clearance_m = float(room.clearances_m(answer.poses, where).min())
    return as_drive(room, seat.robot, answer.poses, answer.outcome, clearance_m, where[-1], seat.shortest_m)
