"""From a resolved world to a MuJoCo model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from dl_robotics.ops.geometry import inverse
from dl_robotics.sim.mujoco.appearance import add_scenery
from dl_robotics.sim.mujoco.bodies import add_model
from dl_robotics.sim.mujoco.contacts import ContactRules
from dl_robotics.sim.mujoco.frames import frame
from dl_robotics.sim.mujoco.friction import rank_friction
from dl_robotics.sim.mujoco.links import LinkFiller
from dl_robotics.sim.mujoco.names import axle_site, frame_site, scoped
from dl_robotics.sim.mujoco.servo import add_servos
from dl_robotics.sim.mujoco.watch import add_watch
from dl_robotics.sim.robot import axle_centre, base_link
from dl_robotics.sim.trajectory import Trajectory, trajectory
from dl_robotics.sim.world import Camera, World

PHYSICS_STEP_S = 0.01


@dataclass(frozen=True, eq=False)
class CompiledWorld:
    """A world ready to be simulated, any number of times.

    :param model: the ``MjModel``; every geom carries the index of its model in ``world.models`` and its label as its
        user values.
    :param trajectories: of ``world.movers``.
    """

    world: World
    model: Any
    trajectories: tuple[Trajectory, ...]


def compile_world(world: World, physics_step_s: float = PHYSICS_STEP_S) -> CompiledWorld:
    """Make a world with one robot ready.

    :raises ValueError: where the world cannot be simulated, e.g. for joints in a circle or a body without mass.
    """
    spec = mujoco.MjSpec()
    spec.modelname = world.name
    spec.nuser_geom = 2
    _set_options(spec, world, physics_step_s)
    add_scenery(spec, world)
    rules = ContactRules(world)
    for index, model in enumerate(world.models):
        add_model(spec, model, LinkFiller(spec, model, index, model is world.robot, rules))
    _complete_robot(spec, world)
    try:
        model = spec.compile()
    except ValueError as error:
        raise ValueError(f"{world.source}: MuJoCo cannot simulate this world: {error}") from error
    rank_friction(model)
    gravity = float(np.linalg.norm(world.gravity))
    return CompiledWorld(world, model, tuple(trajectory(mover, gravity) for mover in world.movers))


def _set_options(spec: Any, world: World, physics_step_s: float) -> None:
    spec.option.timestep = physics_step_s
    # MuJoCo's implicit integrators damp a servo only after the contact forces are found, and make the wheels slip;
    # Euler's, which damps the joints alone, is stable with the rotors of `servo` and slips a tenth of that.
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    spec.option.disableflags = int(mujoco.mjtDisableBit.mjDSBL_AUTORESET)  # divergence must show, not start over
    spec.option.gravity = world.gravity
    spec.compiler.degree = False
    spec.compiler.inertiafromgeom = mujoco.mjtInertiaFromGeom.mjINERTIAFROMGEOM_FALSE
    weightless = any(not link.gravity for model in world.models for link in model.links)
    spec.compiler.fusestatic = not weightless  # links that move together cost no time, but then have one gravity
    spec.visual.quality.offsamples = 0  # four samples a pixel take ten times as long
    spec.visual.quality.shadowsize = 0
    cameras = [sensor for model in world.models for _, sensor in model.sensors() if isinstance(sensor, Camera)]
    spec.visual.global_.offwidth = max((camera.width for camera in cameras), default=1)
    spec.visual.global_.offheight = max((camera.height for camera in cameras), default=1)
    spec.stat.extent = 1.0  # the unit of the clip distances


def _complete_robot(spec: Any, world: World) -> None:
    """What only the robot has: sites at its model frame and its axle, servos at its wheels, and its watch."""
    robot = world.robot
    root = base_link(robot)
    body = spec.body(scoped(robot.name, root.name))
    for name, pose in ((frame_site(robot), np.eye(4)), (axle_site(robot), axle_centre(robot))):
        body.add_site(name=name, **frame(inverse(root.pose) @ pose))
    add_servos(spec, robot)
    add_watch(spec, robot)
