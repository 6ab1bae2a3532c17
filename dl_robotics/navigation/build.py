"""From a world file and a task file to episodes in an engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from dl_robotics import config
from dl_robotics.config import ConfigError, require
from dl_robotics.navigation.episodes import Episodes
from dl_robotics.navigation.scenario import ScenarioSampler
from dl_robotics.navigation.task import Task
from dl_robotics.resources import shipped
from dl_robotics.sim.engine import Engine
from dl_robotics.sim.mujoco.engine import MujocoEngine
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.shapes import footprint_radius
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import World

EngineName: TypeAlias = Literal["planar", "mujoco"]
ENGINES: dict[str, Callable[..., Engine]] = {"planar": PlanarEngine, "mujoco": MujocoEngine}
FOOTPRINT_TOLERANCE_M = 0.01


def build_episodes(
    world: World | str | Path,
    task: Task | str | Path,
    num_envs: int = 1,
    engine: EngineName = "planar",
    robot: str | Path | None = None,
) -> Episodes:
    """Episodes of a task in a world; both may be objects, paths, or names of shipped files (``"arena"``, ``"burger"``).

    :param robot: SDF file of the robot, for a world that has none.
    :raises ConfigError: for an unknown engine, or a task that is not made for the world's robot.
    :raises SdfError: for a world file that cannot be used.
    """
    if not isinstance(world, World):
        world = read_world(shipped("worlds", world, ".sdf"), robot)
    if not isinstance(task, Task):
        task = config.load(Task, shipped("tasks", task, ".yaml"))
    check_robot(task, world)
    return Episodes(
        build_engine(world, task, num_envs, engine),
        task,
        ScenarioSampler(world, task, tuple(trajectory(mover, abs(world.gravity[2])) for mover in world.movers)),
    )


def build_engine(world: World, task: Task, num_envs: int, engine: EngineName) -> Engine:
    """The engine of that name, with the task's beams and control period."""
    require(engine in ENGINES, "engine", " or ".join(ENGINES), engine)
    return ENGINES[engine](world, num_envs=num_envs, beams=task.lidar.beams, control_period_s=task.control_period_s)


def check_robot(task: Task, world: World) -> None:
    """Refuse a task whose footprint is not the robot's.

    :raises ConfigError: naming both radii.
    """
    radius_m = footprint_radius(world.robot)
    if abs(radius_m - task.footprint_radius_m) > FOOTPRINT_TOLERANCE_M:
        raise ConfigError(
            f"{world.source}: robot {world.robot.name!r} has a footprint radius of {radius_m:.3f} m, "
            f"task {task.name!r} expects footprint_radius_m = {task.footprint_radius_m:.3f}"
        )
