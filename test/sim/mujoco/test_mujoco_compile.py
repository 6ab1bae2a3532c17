"""Links, joints and what is refused."""

import dataclasses
import math

import mujoco
import numpy as np
import pytest
from mujoco_worlds import SHIPPED, floor, robot_at, shipped_compiled, shipped_world, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.world import Inertial, Joint, Link, Model

ROBOT = robot_at(np.eye(4))


def swing(**joint):
    """A rod of 1 m and 1 kg that hangs on the world at (0, 5, 2) and turns about y, pulled up to the horizontal."""
    rod = Inertial(1.0, transform((0.0, 0.0, 0.5)), np.diag([1.0 / 12.0, 1.0 / 12.0, 1e-3]))
    lying = transform(rpy=(0.0, math.pi / 2.0, 0.0))
    tip = Link("tip", lying @ transform((0.0, 0.0, 1.0)), Inertial(1e-3, np.eye(4), np.eye(3) * 1e-6))
    joints = (
        Joint("pivot", False, "world", "rod", np.eye(4), (0.0, 1.0, 0.0), **joint),
        Joint("weld", True, "rod", "tip", np.eye(4)),
    )
    return Model("swing", transform((0.0, 5.0, 2.0)), False, (Link("rod", lying, rod), tip), joints)


def angles(model, seconds=2.0):
    compiled = compile_world(world_of(floor(), ROBOT, model)).model
    data = mujoco.MjData(compiled)
    angle = data.joint("swing::pivot")
    result = []
    for _ in range(round(seconds / 0.01)):
        mujoco.mj_step(compiled, data)
        result.append(float(angle.qpos[0]))
    return np.array(result)


@pytest.mark.parametrize("name", SHIPPED)
def test_mass_survives(name):
    world = shipped_world(name)
    loose = [m for m in world.models if not m.static and m.follower is None]
    expected = sum(link.inertial.mass for m in loose for link in m.links)
    assert shipped_compiled(name).model.body_mass.sum() == pytest.approx(expected)


def test_centre_of_mass_survives_fusing():
    centres = [(k.inertial.mass, (k.pose @ k.inertial.pose)[:3, 3]) for k in ROBOT.links]
    expected = sum(mass * centre for mass, centre in centres) / sum(mass for mass, _ in centres)
    compiled = compile_world(world_of(floor(), ROBOT)).model
    data = mujoco.MjData(compiled)
    mujoco.mj_forward(compiled, data)
    np.testing.assert_allclose(data.body("burger::base_footprint").subtree_com, expected, atol=1e-9)


def test_pendulum_passes_the_bottom_after_the_elliptic_integral():
    """From the horizontal a rod passes the bottom after sqrt(I / (m g l)) K(sin 45 deg), K = 1.8541."""
    bottom = np.argmax(angles(swing()) > math.pi / 2.0) * 0.01
    assert bottom == pytest.approx(math.sqrt((1.0 / 3.0) / (9.8 * 0.5)) * 1.8541, abs=0.015)


def test_limits_hold():
    assert angles(swing(lower=-0.3, upper=0.4)).max() == pytest.approx(0.4, abs=0.05)
    assert angles(swing(upper=0.4)).max() == pytest.approx(0.4, abs=0.05)


def test_damping_and_friction_slow_down():
    free = angles(swing()).max()
    assert angles(swing(damping=0.5)).max() < free - 0.3
    assert angles(swing(friction=1.0)).max() < free - 0.3
    assert np.abs(angles(swing(friction=6.0))).max() < 0.05  # more than the weight's 4.9 N m


def test_a_link_without_gravity_stays():
    still = swing()
    weightless = tuple(dataclasses.replace(link, gravity=False) for link in still.links)
    assert np.abs(angles(dataclasses.replace(still, links=weightless))).max() < 1e-6


@pytest.mark.parametrize(
    ("joints", "message"),
    [
        ((Joint("a", True, "rod", "tip", np.eye(4)), Joint("b", True, "tip", "rod", np.eye(4))), "a circle of links"),
        ((Joint("a", True, "rod", "nose", np.eye(4)),), "joint 'a': expected links of the model, got 'rod' and 'nose'"),
        ((Joint("a", True, "rod", "tip", np.eye(4)), Joint("b", True, "world", "tip", np.eye(4))), "a second one"),
    ],
)
def test_joints_that_are_no_tree(joints, message):
    with pytest.raises(ValueError, match=message):
        compile_world(world_of(floor(), ROBOT, dataclasses.replace(swing(), joints=joints)))


def test_robots_that_cannot_drive():
    with pytest.raises(ValueError, match="one free link that carries all others, found a static model"):
        compile_world(world_of(floor(), dataclasses.replace(ROBOT, static=True)))
    with pytest.raises(ValueError, match="one free link that carries all others, found base_footprint, base_link"):
        compile_world(world_of(floor(), dataclasses.replace(ROBOT, joints=ROBOT.joints[1:])))
    with pytest.raises(ValueError, match="expected a revolute joint 'engine', which its DiffDrive names"):
        compile_world(world_of(floor(), robot_at(np.eye(4), left_joints=("engine",))))


def test_a_body_without_mass_is_refused_with_the_file():
    ghost = dataclasses.replace(swing().links[0], inertial=Inertial(0.0, np.eye(4), np.zeros((3, 3))))
    with pytest.raises(ValueError, match=r"test\.sdf: MuJoCo cannot simulate this world"):
        compile_world(world_of(floor(), ROBOT, Model("ghost", np.eye(4), False, (ghost,))))
