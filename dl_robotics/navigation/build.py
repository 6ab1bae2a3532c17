"""From a world file and a task file to episodes in an engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from dl_robotics import config
from dl_robotics.config import ConfigError, require
from dl_robotics.navigation.episodes import Episodes
from dl_robotics.navigation.retry import RetryConfig
from dl_robotics.navigation.scenario import ScenarioSampler
from dl_robotics.navigation.task import Task
from dl_robotics.navigation.varied import VariedSampler
from dl_robotics.navigation.worlds import DrawnWorlds
from dl_robotics.ops.geometry import planar
from dl_robotics.resources import shipped
from dl_robotics.sim.engine import Engine
from dl_robotics.sim.mujoco.engine import MujocoEngine
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.planar.robot import lidar_mount
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.shapes import footprint_radius
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import World

EngineName: TypeAlias = Literal["planar", "mujoco"]
WorldChoice: TypeAlias = World | str | Path | DrawnWorlds | Mapping[str, Any]
ENGINES: dict[str, Callable[..., Engine]] = {"planar": PlanarEngine, "mujoco": MujocoEngine}
FOOTPRINT_TOLERANCE_M = 0.01
MOUNT_TOLERANCE_M = 0.02


def build_episodes(
    world: WorldChoice,
    task: Task | str | Path,
    num_envs: int = 1,
    engine: EngineName = "planar",
    robot: str | Path | None = None,
    retry: RetryConfig | None = None,
) -> Episodes:
    """Episodes of a task in a world; both may be objects, paths, or names of shipped files (``"arena"``, ``"burger"``).

    :param world: or how worlds are drawn, see ``worlds.py``.
    :param robot: SDF file of the robot, for a world that has none.
    :param retry: how failed episodes are tried again; not at all unless given.
    :raises ConfigError: for an unknown engine, or a task that is not made for the world's robot.
    :raises SdfError: for a world file that cannot be used.
    """
    the_task = task if isinstance(task, Task) else config.load(Task, shipped("tasks", task, ".yaml"))

    def place(world: World, count: int = 1) -> tuple[Engine, ScenarioSampler]:
        check_robot(the_task, world)
        return build_engine(world, the_task, count, engine), build_sampler(world, the_task)

    if isinstance(world, Mapping):
        world = config.from_dict(DrawnWorlds, world, "world")
    if isinstance(world, DrawnWorlds):
        require(robot is None, "robot", "none: drawn worlds have theirs", robot)
        varied = VariedSampler(world, place, num_envs)
        return Episodes(varied.engine, the_task, varied, retry)
    if not isinstance(world, World):
        world = read_world(shipped("worlds", world, ".sdf"), robot)
    its_engine, sampler = place(world, num_envs)
    return Episodes(its_engine, the_task, sampler, retry)


def build_sampler(world: World, task: Task) -> ScenarioSampler:
    """What draws scenarios of a task in a world."""
    return ScenarioSampler(world, task, tuple(trajectory(mover, abs(world.gravity[2])) for mover in world.movers))


def build_engine(world: World, task: Task, num_envs: int, engine: EngineName) -> Engine:
    """The engine of that name, with the task's beams and control period."""
    require(engine in ENGINES, "engine", " or ".join(ENGINES), engine)
    return ENGINES[engine](world, num_envs=num_envs, beams=task.lidar.beams, control_period_s=task.control_period_s)


def check_robot(task: Task, world: World) -> None:
    """Refuse a task whose footprint is not the robot's, or which looks back from another place on it.

    :raises ConfigError: naming both lengths.
    """
    radius_m = footprint_radius(world.robot)
    if abs(radius_m - task.footprint_radius_m) > FOOTPRINT_TOLERANCE_M:
        raise ConfigError(
            f"{world.source}: robot {world.robot.name!r} has a footprint radius of {radius_m:.3f} m, "
            f"task {task.name!r} expects footprint_radius_m = {task.footprint_radius_m:.3f}"
        )
    mount_x_m = planar(lidar_mount(world.robot)[1])[0]
    if task.lidar.past_s and abs(mount_x_m - task.lidar.mount_x_m) > MOUNT_TOLERANCE_M:
        raise ConfigError(
            f"{world.source}: the lidar of robot {world.robot.name!r} sits {mount_x_m:.3f} m ahead of its model frame, "
            f"task {task.name!r} expects lidar.mount_x_m = {task.lidar.mount_x_m:.3f} to tell what has moved"
        )
