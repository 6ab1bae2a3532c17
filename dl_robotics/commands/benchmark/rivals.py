"""Other simulators running one of our worlds, for comparison: the same obstacles, movers, robot and lidar.

Each function returns one control step as a callable: drive, advance by the control period, sense the beams. Neither
computes observations, rewards or resets, which ours do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import yaml

from dl_robotics.ops.geometry import Array, planar
from dl_robotics.sim.engine import Beams
from dl_robotics.sim.shapes import collisions, footprint_radius
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Box, Cylinder, Model, World

Step: TypeAlias = Callable[[], None]
Solid: TypeAlias = Box | Cylinder

COMMAND = (0.1, 0.5)  # m/s and rad/s: a circle of 0.2 m radius
PHYSICS_STEP_S = 0.01  # as our MuJoCo engine's


def irsim_step(world: World, beams: Beams, period_s: float) -> Step:
    """ir-sim, a planar simulator in Python over shapely; its movers go to and fro between two waypoints."""
    import irsim  # noqa: PLC0415  (a development dependency)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(yaml.safe_dump(_irsim_world(world, beams, period_s)), encoding="utf-8")
        env = irsim.make(str(file), display=False, headless=True, log_level="ERROR")
    command = np.array([[COMMAND[0]], [COMMAND[1]]])

    def step() -> None:
        env.step(command)
        env.get_lidar_scan()

    return step


def pybullet_step(world: World, beams: Beams, period_s: float) -> Step:
    """pybullet, a physics engine in C++ with batched ray tests; the robot rolls on two driven wheels and a caster."""
    import pybullet as bullet  # noqa: PLC0415  (a development dependency)

    bullet.connect(bullet.DIRECT)
    bullet.setTimeStep(PHYSICS_STEP_S)
    bullet.setGravity(*world.gravity)
    bullet.createMultiBody(0.0, bullet.createCollisionShape(bullet.GEOM_PLANE))
    movers = []
    for model in world.models:
        for shape, pose in _solids(model):
            body = _bullet_body(bullet, shape, model.pose @ pose)
            if model.follower is not None:
                movers.append((body, trajectory(model), float(pose[2, 3])))
    robot = _bullet_robot(bullet, world.robot)
    height_m = 0.18
    reach_m = footprint_radius(world.robot) + 1e-3  # rays start outside the robot's own body
    ticks, elapsed_s = round(period_s / PHYSICS_STEP_S), 0.0

    def step() -> None:
        nonlocal elapsed_s
        elapsed_s += period_s
        for body, movement, height in movers:
            x, y, yaw = movement.pose(elapsed_s)
            bullet.resetBasePositionAndOrientation(body, (x, y, height), bullet.getQuaternionFromEuler((0.0, 0.0, yaw)))
        for _ in range(ticks):
            bullet.stepSimulation()
        (x, y, _), turn = bullet.getBasePositionAndOrientation(robot)
        angles = bullet.getEulerFromQuaternion(turn)[2] + beams.angles
        directions = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)
        origin = np.array([x, y, height_m])
        bullet.rayTestBatch(
            (origin + reach_m * directions).tolist(), (origin + beams.range_max_m * directions).tolist()
        )

    return step


def _solids(model: Model) -> Iterator[tuple[Solid, Array]]:
    """The solid boxes and cylinders of an obstacle with their poses in it; none of the robot."""
    for part, pose in collisions(model):
        if model.drive is None and isinstance(part.shape, Box | Cylinder):
            yield part.shape, pose


def _bullet_body(bullet: Any, shape: Solid, pose: Array) -> int:
    if isinstance(shape, Box):
        solid = bullet.createCollisionShape(bullet.GEOM_BOX, halfExtents=[edge / 2.0 for edge in shape.size])
    else:
        solid = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=shape.radius, height=shape.length)
    turn = bullet.getQuaternionFromEuler((0.0, 0.0, planar(pose)[2]))
    return int(bullet.createMultiBody(0.0, solid, -1, tuple(pose[:3, 3]), turn))


def _bullet_robot(bullet: Any, model: Model) -> int:
    """A disc on two driven wheels and a caster without friction."""
    drive = model.drive
    assert drive is not None
    half_axle_m, wheel_m = drive.wheel_separation_m / 2.0, drive.wheel_radius_m
    wheel = bullet.createCollisionShape(bullet.GEOM_SPHERE, radius=wheel_m)
    body = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=footprint_radius(model), height=0.1)
    caster = bullet.createCollisionShape(bullet.GEOM_SPHERE, radius=0.01)
    robot = int(
        bullet.createMultiBody(
            1.0,
            body,
            -1,
            (*planar(model.pose)[:2], 0.1),
            linkMasses=[0.05, 0.05, 0.01],
            linkCollisionShapeIndices=[wheel, wheel, caster],
            linkVisualShapeIndices=[-1] * 3,
            linkPositions=[(0, half_axle_m, wheel_m - 0.1), (0, -half_axle_m, wheel_m - 0.1), (-0.08, 0, 0.01 - 0.1)],
            linkOrientations=[(0, 0, 0, 1)] * 3,
            linkInertialFramePositions=[(0, 0, 0)] * 3,
            linkInertialFrameOrientations=[(0, 0, 0, 1)] * 3,
            linkParentIndices=[0] * 3,
            linkJointTypes=[bullet.JOINT_REVOLUTE, bullet.JOINT_REVOLUTE, bullet.JOINT_FIXED],
            linkJointAxis=[(0, 1, 0)] * 3,
        )
    )
    bullet.changeDynamics(robot, 2, lateralFriction=0.0)
    for joint, side in ((0, -1.0), (1, 1.0)):
        speed = (COMMAND[0] + side * COMMAND[1] * half_axle_m) / wheel_m
        bullet.setJointMotorControl2(robot, joint, bullet.VELOCITY_CONTROL, targetVelocity=speed, force=1.0)
    return robot


def _irsim_world(world: World, beams: Beams, period_s: float) -> dict[str, Any]:
    """The world in ir-sim's YAML."""
    lidar = {"name": "lidar2d", "range_min": 0.0, "range_max": beams.range_max_m}
    robot = {
        "kinematics": {"name": "diff"},
        "shape": {"name": "circle", "radius": footprint_radius(world.robot)},
        "state": list(planar(world.robot.pose)),
        "sensors": [{**lidar, "angle_range": beams.fov, "number": beams.count}],
    }
    size = {"height": 20.0, "width": 20.0, "offset": [-10.0, -10.0]}
    return {
        "world": {**size, "step_time": period_s, "sample_time": period_s, "collision_mode": "stop"},
        "robot": [robot],
        "obstacle": [_irsim_obstacle(model, *solid) for model in world.models for solid in _solids(model)],
    }


def _irsim_obstacle(model: Model, shape: Solid, pose: Array) -> dict[str, Any]:
    state = list(planar(model.pose @ pose))
    if isinstance(shape, Box):
        outline: dict[str, Any] = {"name": "rectangle", "length": shape.size[0], "width": shape.size[1]}
    else:
        outline = {"name": "circle", "radius": shape.radius}
    if model.follower is None:
        return {"shape": outline, "state": state}
    return {
        "kinematics": {"name": "omni"},
        "shape": outline,
        "state": state,
        "goal": [*model.follower.waypoints[0], 0.0],
        "behavior": {"name": "dash", "loop": True},
        "vel_max": [0.25, 0.25],
    }
