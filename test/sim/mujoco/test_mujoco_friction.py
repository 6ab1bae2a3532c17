"""Of two coefficients the smaller one counts: a box on a slope of 20 degrees holds from mu = tan 20 = 0.364 on."""

import math

import mujoco
import numpy as np
import pytest
from mujoco_worlds import floor, model, robot_at, world_of

from dl_robotics.ops.geometry import apply, transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.friction import rank_friction
from dl_robotics.sim.world import Box

SLOPE = math.radians(20.0)


def slide(box_mu, floor_mu, seconds=1.0):
    """How far the box slides down, m."""
    tilt = transform(rpy=(0.0, SLOPE, 0.0))
    box = model("box", Box((0.2, 0.2, 0.1)), tilt @ transform((0.0, 0.0, 0.05)), static=False, friction=box_mu)
    robot = robot_at(tilt @ transform((0.0, 3.0, 0.0)))
    compiled = compile_world(world_of(floor(SLOPE, floor_mu), box, robot))
    data = mujoco.MjData(compiled.model)
    mujoco.mj_step(compiled.model, data, round(seconds / 0.01))
    return apply(tilt.T, data.body("box::link").xpos)[0]


@pytest.mark.parametrize(("box_mu", "floor_mu"), [(0.1, 1.0), (1.0, 0.1), (0.1, 0.1)])
def test_slides_if_either_is_slippery(box_mu, floor_mu):
    expected = 9.8 * (math.sin(SLOPE) - 0.1 * math.cos(SLOPE)) / 2.0
    assert slide(box_mu, floor_mu) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize(("box_mu", "floor_mu"), [(1.0, 1.0), (0.5, 2.0), (2.0, 0.5)])
def test_holds_if_both_are_rough(box_mu, floor_mu):
    assert slide(box_mu, floor_mu) < 0.02


def test_rank_orders_every_pair():
    model_ = compile_world(world_of(floor(), robot_at(np.eye(4)))).model
    model_.geom_friction[:, 0] = np.random.default_rng(0).choice([0.0, 0.2, 0.5, 1.0, 3.0], model_.ngeom)
    rank_friction(model_)
    mu, priority = model_.geom_friction[:, 0], model_.geom_priority
    np.testing.assert_array_equal(mu[:, None] < mu, priority[:, None] > priority)
