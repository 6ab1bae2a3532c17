"""Control steps a second of our engines, task, reward and reset included, and of ir-sim and pybullet, in one run.

The simulators take turns, so that a machine whose speed drifts treats them alike; ratios are of medians.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Mapping
from statistics import median

import mujoco
import numba
import numpy as np
from mujoco.rollout import Rollout

from dl_robotics import config
from dl_robotics.commands.benchmark.rivals import Step, irsim_step, pybullet_step
from dl_robotics.commands.benchmark.workers import Turn, Workers
from dl_robotics.navigation.build import EngineName
from dl_robotics.navigation.environment import NavigationVectorEnv
from dl_robotics.navigation.task import Task
from dl_robotics.resources import shipped
from dl_robotics.sim.sdf import read_world

WARM_UP_S = 0.5
ACTIONS = 1000  # drawn once, used again and again
NATIVE = (
    (Rollout, "rollout"),
    (mujoco, "mj_step1"),
    (mujoco, "mj_step2"),
    (mujoco, "mj_sensorAcc"),
    (mujoco, "mj_multiRay"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--world", default="arena", help="a file or a shipped name (%(default)s)")
    parser.add_argument("--task", default="burger_discrete", help="a file or a shipped name (%(default)s)")
    parser.add_argument("--num-envs", type=int, default=64, help="robots side by side, planar engine (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each simulator (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a turn (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Measure, and print the table and the ratios."""
    world = read_world(shipped("worlds", args.world, ".sdf"))
    task = config.load(Task, shipped("tasks", args.task, ".yaml"))
    scene = world, task.lidar.beams, task.control_period_s
    count = args.num_envs
    one, threads, processes = "planar, 1 thread", "planar, 2 threads", "planar, 2 processes"
    mujoco_one, mujoco_row = (
        env_step(args.world, args.task, 1, "mujoco"),
        env_step(args.world, args.task, count, "mujoco"),
    )
    with Workers(2, env_turn, args.world, args.task, count) as workers:
        speeds = measure(
            {
                one: env_turn(args.world, args.task, count),
                threads: env_turn(args.world, args.task, count, 2),
                processes: workers,
                "MuJoCo, 1 robot": timed_turn(mujoco_one, 1),
                f"MuJoCo, {count} robots": timed_turn(mujoco_row, count),
                "ir-sim, 1 robot": timed_turn(irsim_step(*scene), 1),
                "pybullet, 1 robot": timed_turn(pybullet_step(*scene), 1),
            },
            args.rounds,
            args.seconds,
        )
    print(
        f"{args.world}, {task.lidar.count} rays, {task.rate_hz:g} Hz; {args.rounds} turns of {args.seconds:g} s each;"
    )
    print(f"planar: {count} robots a process")
    print(f"{'control steps / s':<24}{'median':>10}{'min':>10}{'max':>10}")
    for name, turns in speeds.items():
        print(f"{name:<24}{median(turns):10.0f}{min(turns):10.0f}{max(turns):10.0f}")
    for name, turns in speeds.items():
        if name in (threads, processes):
            print(f"{name} / {one:<24}{median(turns) / median(speeds[one]):8.2f}")
        elif name != one:
            print(f"{one} / {name:<24}{median(speeds[one]) / median(turns):8.1f}")
    for robots, step in ((1, mujoco_one), (count, mujoco_row)):
        print(f"inside MuJoCo's stepping and ray casting, robots: {robots:<4}{native_share(step, args.seconds):6.0%}")
    return 0


def measure(turns: Mapping[str, Turn], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Steps a second of every turn, by name; the names take turns."""
    for turn in turns.values():
        turn(WARM_UP_S)
    speeds: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            speeds[name].append(turn(seconds))
    return speeds


def env_step(world: str, task: str, count: int, engine: EngineName) -> Step:
    """Random driving, as at the start of training: frequent collisions, so frequent resets."""
    env = NavigationVectorEnv(world, task, num_envs=count, engine=engine)
    env.reset(seed=0)
    rng = np.random.default_rng(0)
    actions = rng.integers(len(env.task.action.table), size=(ACTIONS, count))
    cycle = itertools.cycle(actions)

    def step() -> None:
        env.step(next(cycle))

    return step


def env_turn(world: str, task: str, count: int, threads: int = 1) -> Turn:
    """Turns of the planar engine with ``count`` robots on some threads."""
    turn = timed_turn(env_step(world, task, count, "planar"), count)

    def on_threads(seconds: float) -> float:
        numba.set_num_threads(threads)
        return turn(seconds)

    return on_threads


def timed_turn(step: Step, steps: int) -> Turn:
    """Turns of a callable that makes ``steps`` control steps."""

    def turn(seconds: float) -> float:
        calls, begin_s = 0, time.perf_counter()
        while (elapsed_s := time.perf_counter() - begin_s) < seconds:
            step()
            calls += 1
        return calls * steps / elapsed_s

    return turn


def native_share(step: Callable[[], None], seconds: float) -> float:
    """The part of a step's time that passes inside MuJoCo's stepping and ray casting.

    Counted are the calls of a rollout (whole ``mj_step`` in a row), of the halves of ``mj_step``, of its sensors and of
    ``mj_multiRay``; each lasts from its call in Python to its return there.
    """
    inside_s = 0.0

    def timed(function: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object, **settings: object) -> object:
            nonlocal inside_s
            started_s = time.perf_counter()
            result = function(*args, **settings)
            inside_s += time.perf_counter() - started_s
            return result

        return wrapper

    originals = [(owner, name, getattr(owner, name)) for owner, name in NATIVE]
    try:
        for owner, name, function in originals:
            setattr(owner, name, timed(function))
        begin_s = time.perf_counter()
        while time.perf_counter() - begin_s < seconds:
            step()
        return inside_s / (time.perf_counter() - begin_s)
    finally:
        for owner, name, function in originals:
            setattr(owner, name, function)
