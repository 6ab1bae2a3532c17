"""The MuJoCo engine: N simulations of one world behind the engine protocol."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from dl_robotics.sim.engine import Array, Beams, Indices, Start
from dl_robotics.sim.mujoco.compile import PHYSICS_STEP_S, compile_world
from dl_robotics.sim.mujoco.lidar import Scanner
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Lidar, World


class MujocoEngine:
    """See :class:`dl_robotics.sim.engine.Engine`; the attributes are described there.

    :param world: with one robot that carries a lidar, from whose frame the beams go out.
    :param control_period_s: is divided into the fewest equal physics steps of at most :data:`PHYSICS_STEP_S`.
    :raises ValueError: if the robot has no lidar, or the world cannot be simulated.
    """

    def __init__(self, world: World, beams: Beams, control_period_s: float, num_envs: int = 1) -> None:
        self.world, self.beams, self.num_envs, self.control_period_s = world, beams, num_envs, control_period_s
        self._ticks = math.ceil(control_period_s / PHYSICS_STEP_S - 1e-9)
        compiled = compile_world(world, control_period_s / self._ticks)
        self._simulations = [Simulation(compiled) for _ in range(num_envs)]
        self._scanners = [_scanner(simulation, beams) for simulation in self._simulations]
        self._last_command = np.zeros((num_envs, 2))
        self.pose = np.empty((num_envs, 3))
        self.velocity = np.empty((num_envs, 2))
        self.ranges = np.empty((num_envs, beams.count))
        self.collided = np.empty(num_envs, dtype=np.bool_)
        self.tumbled = np.empty(num_envs, dtype=np.bool_)
        self.mover_pose = np.empty((num_envs, len(world.movers), 3))
        self._observe(range(num_envs))

    def reset(self, envs: Indices, start: Start) -> None:
        """Begin an episode in the environments ``envs`` (k,), at rest."""
        for row, env in enumerate(envs):
            self._simulations[env].reset(
                start.pose[row],
                start.mover_time_s[row],
                start.mover_rate[row],
                float(start.friction[row]),
                float(start.mass[row]),
            )
        self._last_command[envs] = 0.0
        self._observe(envs.tolist())

    def step(self, commands: Array, delay_s: Array) -> None:
        """Advance all environments by one control period; delays are rounded to whole physics steps."""
        befores, nows, delays_s = self._last_command.tolist(), commands.tolist(), delay_s.tolist()
        for simulation, before, command, late_s in zip(self._simulations, befores, nows, delays_s, strict=True):
            ticks = round(late_s / self.control_period_s * self._ticks)
            if ticks > 0:
                simulation.advance(before, ticks)
            if ticks < self._ticks:
                simulation.advance(command, self._ticks - ticks)
        self._last_command[:] = commands
        self._observe(range(self.num_envs))

    def _observe(self, envs: Iterable[int]) -> None:
        for env in envs:
            simulation = self._simulations[env]
            self.pose[env] = simulation.pose
            self.velocity[env] = simulation.velocity
            self.mover_pose[env] = simulation.mover_pose
            self.collided[env] = simulation.collided
            self.tumbled[env] = simulation.tumbled
            self._scanners[env].cast(self.ranges[env])


def _scanner(simulation: Simulation, beams: Beams) -> Scanner:
    robot = simulation.world.robot
    for link, sensor in robot.sensors():
        if isinstance(sensor, Lidar):
            return Scanner(simulation, link, sensor, beams.angles, beams.range_max_m)
    raise ValueError(f"{simulation.world.source}: robot {robot.name!r} has no lidar, from which the beams would go out")
