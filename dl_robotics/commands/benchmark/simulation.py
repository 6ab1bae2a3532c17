"""Control steps a second of our engines, task, reward and reset included, and of ir-sim and pybullet, in one run.

The simulators take turns, so that a machine whose speed drifts treats them alike; ratios are of medians.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import mujoco
import numba
import numpy as np

from dl_robotics import config
from dl_robotics.commands.benchmark.rivals import irsim_step, pybullet_step
from dl_robotics.navigation.build import EngineName
from dl_robotics.navigation.environment import NavigationVectorEnv
from dl_robotics.navigation.task import Task
from dl_robotics.resources import shipped
from dl_robotics.sim.sdf import read_world

WARM_UP_S = 0.5


@dataclass(frozen=True)
class Contender:
    """A simulator under measurement: ``step`` makes ``steps`` control steps on ``threads`` threads."""

    name: str
    step: Callable[[], None]
    steps: int
    threads: int = 1


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
    planar, two = f"planar, {args.num_envs} robots, 1 thread", f"planar, {args.num_envs} robots, 2 threads"
    contenders = [
        Contender(planar, _steps(args, args.num_envs, "planar"), args.num_envs),
        Contender(two, _steps(args, args.num_envs, "planar"), args.num_envs, threads=2),
        Contender("MuJoCo, 1 robot", _steps(args, 1, "mujoco"), 1),
        Contender("ir-sim, 1 robot", irsim_step(*scene), 1),
        Contender("pybullet, 1 robot", pybullet_step(*scene), 1),
    ]
    speeds = measure(contenders, args.rounds, args.seconds)
    print(
        f"{args.world}, {task.lidar.count} rays, {task.rate_hz:g} Hz control; {args.rounds} turns of {args.seconds:g} s"
    )
    print(f"{'control steps / s':<32}{'median':>10}{'min':>10}{'max':>10}")
    for name, turns in speeds.items():
        print(f"{name:<32}{median(turns):10.0f}{min(turns):10.0f}{max(turns):10.0f}")
    for name in list(speeds)[2:]:
        print(f"planar on one thread / {name:<24}{median(speeds[planar]) / median(speeds[name]):8.1f}")
    print(f"planar on two threads / on one thread    {median(speeds[two]) / median(speeds[planar]):13.2f}")
    print(f"of a MuJoCo step inside mj_step and mj_multiRay {native_share(contenders[2].step, args.seconds):6.0%}")
    return 0


def measure(contenders: list[Contender], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Steps a second of every turn of every contender."""
    for contender in contenders:
        _turn(contender, WARM_UP_S)
    speeds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            speeds[contender.name].append(_turn(contender, seconds))
    return speeds


def native_share(step: Callable[[], None], seconds: float) -> float:
    """The part of a step's time that passes inside MuJoCo's stepping and ray casting."""
    inside_s = 0.0
    names = ("mj_step", "mj_step1", "mj_step2", "mj_multiRay")
    originals = {name: getattr(mujoco, name) for name in names}

    def timed(function: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object) -> object:
            nonlocal inside_s
            started_s = time.perf_counter()
            result = function(*args)
            inside_s += time.perf_counter() - started_s
            return result

        return wrapper

    try:
        for name, function in originals.items():
            setattr(mujoco, name, timed(function))
        begin_s = time.perf_counter()
        while time.perf_counter() - begin_s < seconds:
            step()
        return inside_s / (time.perf_counter() - begin_s)
    finally:
        for name, function in originals.items():
            setattr(mujoco, name, function)


def _turn(contender: Contender, seconds: float) -> float:
    """Steps a second over about ``seconds``."""
    numba.set_num_threads(contender.threads)
    calls, begin_s = 0, time.perf_counter()
    while (elapsed_s := time.perf_counter() - begin_s) < seconds:
        contender.step()
        calls += 1
    return calls * contender.steps / elapsed_s


def _steps(args: argparse.Namespace, count: int, engine: EngineName) -> Callable[[], None]:
    """Random driving, as at the start of training: frequent collisions, so frequent resets."""
    env = NavigationVectorEnv(args.world, args.task, num_envs=count, engine=engine)
    env.reset(seed=0)
    rng = np.random.default_rng(0)

    def step() -> None:
        env.step(rng.integers(len(env.task.action.table), size=count))

    return step
