"""Train a policy, drive a simulated robot with it over ROS 2 topics, and report: the whole package in one command."""

from __future__ import annotations

import argparse
import contextlib
import math
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from dl_robotics import config
from dl_robotics.commands.processes import Processes, image_environment, node_arguments
from dl_robotics.navigation.legs import Leg, draw, table
from dl_robotics.navigation.scenario import START_MARGIN_M
from dl_robotics.navigation.stage import load_driving
from dl_robotics.navigation.view import TopView
from dl_robotics.nodes.course import draw_goals, run_course
from dl_robotics.resources import config_file, shipped
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.sdf import read_world
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, train

# All that offline learning needs (data/recorded_drive.py), and what tells how it went.
RECORDED: tuple[str, ...] = ("/clock", "/scan", "/odom", "/tf", "/tf_static", "/cmd_vel", "/goal_pose")
RECORDED += ("/simulator/contacts", "/simulator/ground_truth", "/navigator/status")
SUCCESS = 0.9  # of the goals, for exit code 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--recipe", type=Path, default=config_file("training", "drive_dqn.yaml"), help="how to train")
    parser.add_argument("--policy", type=Path, help="a trained checkpoint, instead of training one")
    parser.add_argument("--world", help="world to drive in, instead of the one trained in: a file or a shipped name")
    parser.add_argument("--map", action="store_true", help="the navigator knows what stands still in the world")
    parser.add_argument("--goals", type=int, default=10, help="number of random goals (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of training and goals (%(default)s)")
    parser.add_argument("--real-time-factor", type=float, default=10.0, help="pace of the simulator (%(default)s)")
    parser.add_argument("--keep-running", action="store_true", help="leave simulator and navigator on until Ctrl-C")
    parser.add_argument(
        "--output", type=Path, default=Path("runs/demo"), help="parent of the run's folder (%(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Train, drive, report; exit code 0 if nine goals in ten were reached."""
    config.require(args.goals >= 1, "--goals", ">= 1", args.goals)
    recipe = config.load(Recipe, args.recipe, seed=args.seed)
    output: Path = args.output / datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    output.mkdir(parents=True)
    policy = args.policy or _train(recipe, output)
    world = str(args.world or recipe.env.kwargs["world"])
    legs = _drive(args, policy, world, output)
    print(table(legs))
    print(f"\npaths   {output / 'paths.png'}\nbag     {output / 'bag'}\npolicy  {policy}")
    return 0 if sum(leg.outcome == "reached" for leg in legs) >= math.ceil(SUCCESS * len(legs)) else 1


def _train(recipe: Recipe, output: Path) -> Path:
    print(f"training {recipe.algorithm.kind} for {recipe.total_steps} steps in {recipe.env.kwargs['world']!r}")
    print(f"kept: {train(recipe, output)}")
    return output / BEST


def _drive(args: argparse.Namespace, policy: Path, world_name: str, output: Path) -> list[Leg]:
    """Simulator, navigator and recorder as processes of their own; this one sends the goals."""
    _, task = load_driving(policy)
    world = read_world(shipped("worlds", world_name, ".sdf"))
    free_space = FreeSpace(world, task.footprint_radius_m + START_MARGIN_M)
    goals = draw_goals(free_space, np.random.default_rng(args.seed), args.goals, task.goal_distance_m)
    with Processes(output, image_environment()) as processes:
        file = shipped("worlds", world_name, ".sdf").resolve()
        simulator = node_arguments(world=file, real_time_factor=args.real_time_factor)
        processes.start("simulator", "dl_robotics.nodes.simulator", simulator)
        known = {"map": file} if args.map else {}
        navigator = node_arguments(model=policy.resolve(), autostart=True, **known)
        processes.start("navigator", "dl_robotics.nodes.navigator", navigator)
        processes.start("recorder", "dl_robotics.nodes.recorder", _recorder(output / "bag"))
        legs = run_course(goals, free_space, task, processes.check)
        processes.end("recorder")
        draw(
            TopView(world, free_space, task.footprint_radius_m),
            legs,
            f"{policy.name} in {world.name}",
            output / "paths.png",
        )
        if args.keep_running:
            _wait_for_interrupt(processes, args.real_time_factor)
    return legs


def _recorder(bag: Path) -> Sequence[str]:
    return ["--output", str(bag), *RECORDED]


def _wait_for_interrupt(processes: Processes, pace: float) -> None:
    print(f"simulator and navigator go on at {pace:g} x real time; send a goal to /goal_pose; Ctrl-C ends them")
    with contextlib.suppress(KeyboardInterrupt):
        processes.check()
        signal.pause()
