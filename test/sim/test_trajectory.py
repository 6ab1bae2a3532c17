"""Moving obstacles: the closed forms of a pushed body, and the laws of every shipped one."""

import dataclasses
import math

import numpy as np
import pytest
from solid_worlds import SHIPPED, follower, link_of, shipped_world, solid

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Box, Cylinder

BACK_AND_FORTH = ((2.0, 0.0), (0.0, 0.0))
MOVERS = [(name, i) for name in SHIPPED for i in range(len(shipped_world(name).movers))]
LONG_WAY = ((30.0, 0.0), (0.0, 0.0))


def sampled(movement, step_s=0.001):
    """Poses through the start and two cycles."""
    return movement.pose(np.arange(0.0, movement.cycle_start_s + 2.0 * movement.cycle_s + 1.0, step_s))


def test_drag_gives_a_terminal_speed():
    """v(t) = F/c (1 - exp(-c t/m)) with F = 3 N, c = 10 N s/m, m = 5 kg: 0.3 m/s after a few half seconds."""
    movement = trajectory(follower(LONG_WAY))
    t = np.array([0.2, 0.5, 1.0, 5.0])
    expected = 0.3 * (t - 0.5 * (1.0 - np.exp(-t / 0.5)))
    np.testing.assert_allclose(movement.pose(t)[:, 0], expected, atol=2e-4)
    assert movement.top_speed == pytest.approx(0.3, abs=1e-4)


def pushed_box(mu, gravity):
    """4 kg pushed with 20 N over a floor to (2, 0)."""
    link = link_of(Box((0.2, 0.2, 0.2)), transform((0.0, 0.0, 0.1)), mass=4.0, friction=mu)
    box = follower([(2.0, 0.0)], link=link, surge=0.0, loop=False, force=20.0, range_tolerance_m=1.0)
    return trajectory(box, gravity)


def test_friction_takes_its_share_and_stops():
    """At mu = 0.4: 1.08 m/s^2 on the way, 3.92 m/s^2 of braking from 1 m before the goal."""
    movement = pushed_box(mu=0.4, gravity=9.8)
    assert movement.pose(1.0)[0] == pytest.approx(0.54, abs=1e-3)
    np.testing.assert_allclose(movement.pose(100.0), (1.0 + 1.08 / 3.92, 0.0, 0.0), atol=2e-3)
    assert movement.cycle_s == 0.0
    np.testing.assert_array_equal(movement.pose(1e6), movement.table[-1])


def test_half_the_gravity_and_twice_the_coefficient_are_the_same():
    np.testing.assert_allclose(pushed_box(0.8, 4.9).table, pushed_box(0.4, 9.8).table, atol=1e-9)


def test_turning_is_damped_and_braked_by_friction():
    """A disc of radius 0.3 spun by 2 N m: friction takes 2/3 mu m g r, the rest turns it."""
    link = link_of(Cylinder(0.3, 0.2), mass=2.0, inertia=0.5, friction=0.2)
    movement = trajectory(follower([(0.0, 5.0), (0.0, -5.0)], link=link, torque=2.0, force=20.0))
    turning = 2.0 - 2.0 / 3.0 * 0.2 * 2.0 * 9.8 * 0.3
    t = np.array([0.2, 0.5])
    expected = turning / 0.5 * (t - (1.0 - np.exp(-t)))  # damped by 0.5 N m s: a time constant of 1 s
    np.testing.assert_allclose(movement.pose(t)[:, 2], expected, atol=1e-3)


def test_pushed_off_centre():
    """The force acts at the following link's own centre of mass: beside that of the whole model it also turns."""
    near = link_of(Box((0.2, 0.2, 0.2)), mass=1.0, inertia=0.1, gravity=False)
    beside = link_of(Box((0.2, 0.2, 0.2)), transform((0.0, 0.1, 0.0)), mass=1.0, inertia=0.1, name="beside")
    movement = trajectory(dataclasses.replace(follower(BACK_AND_FORTH, link=near), links=(near, beside)))
    t = 0.2
    inertia = 2.0 * 0.1 + 2.0 * 0.05**2
    decay = inertia / 0.5  # s; damped by 0.5 N m s
    turned = 3.0 * 0.05 / 0.5 * (t - decay * (1.0 - math.exp(-t / decay)))
    assert movement.pose(t)[2] == pytest.approx(turned, rel=0.02)


def test_every_waypoint_is_reached_in_turn():
    corners = ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    movement = trajectory(follower(corners))
    places = sampled(movement)[:, :2]
    nearest = [np.linalg.norm(places - corner, axis=1).min() for corner in corners]
    assert max(nearest) < 0.1 + 1e-3
    first = [int(np.argmax(np.linalg.norm(places - corner, axis=1) < 0.101)) for corner in corners[:3]]
    assert first == sorted(first)


def test_without_loop_it_stays_at_the_last_waypoint():
    movement = trajectory(follower(((1.0, 0.0), (1.0, 1.0)), loop=False))
    end = movement.pose(movement.cycle_start_s + np.array([0.0, 1.0, 1000.0]))
    assert np.linalg.norm(end[0, :2] - (1.0, 1.0)) < 0.1
    np.testing.assert_array_equal(end[1:], end[[0, 0]])


def test_turning_stops_at_the_bearing_if_told_to():
    """With a weak drag it swings past the bearing, unless its turning is stopped there."""
    swings = []
    for stopped in (False, True):
        mover = follower([(0.0, 3.0), (0.0, 0.0)], zero_velocity_on_bearing=stopped)
        yaw = trajectory(mover).pose(np.arange(0.0, 4.0, 0.01))[:, 2]
        swings.append(yaw.max() - np.pi / 2.0)
    assert swings[0] > 0.02
    assert swings[1] == pytest.approx(0.0, abs=0.01)


def test_poses_are_those_of_the_model_frame():
    """The link that follows sits 0.5 m ahead of the model frame and looks to its left."""
    link = link_of(Cylinder(0.1, 0.2), transform((0.5, 0.0, 0.1), (0.0, 0.0, np.pi / 2.0)), mass=5.0, gravity=False)
    movement = trajectory(follower([(0.5, 3.0), (0.5, 0.0)], link=link))
    np.testing.assert_allclose(movement.pose(0.0), (0.0, 0.0, 0.0), atol=1e-12)
    x, y, yaw = movement.pose(4.0)
    assert (x, yaw) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert y == pytest.approx(0.3 * (4.0 - 0.5), abs=1e-3)


def test_times_of_any_shape():
    movement = trajectory(follower(BACK_AND_FORTH))
    times = np.linspace(0.0, 500.0, 12).reshape(2, 3, 2)
    poses = movement.pose(times)
    assert poses.shape == (2, 3, 2, 3)
    np.testing.assert_array_equal(poses[1, 2, 0], movement.pose(times[1, 2, 0]))


def check_cycle(movement, speed, yaw_rate):
    """The movement repeats itself and never jumps, not even at the seam."""
    assert movement.cycle_s > 0.0
    times = movement.cycle_start_s + np.linspace(0.0, movement.cycle_s, 500)
    again = movement.pose(times + 3.0 * movement.cycle_s) - movement.pose(times)
    assert np.abs(again[:, :2]).max() < 2e-5  # of interpolation across the seam
    assert (
        np.abs(again[:, 2] / (2.0 * np.pi) - np.round(again[:, 2] / (2.0 * np.pi))).max() < 2e-5
    )  # of interpolation across the seam
    steps = np.diff(sampled(movement), axis=0)
    assert np.hypot(steps[:, 0], steps[:, 1]).max() < 0.001 * speed + 1e-5
    turns = np.abs(steps[:, 2] - 2.0 * np.pi * np.round(steps[:, 2] / (2.0 * np.pi)))
    assert turns.max() < 0.001 * yaw_rate + 1e-5


def test_the_seam_of_a_cycle_is_smooth():
    check_cycle(trajectory(follower(BACK_AND_FORTH)), speed=0.3, yaw_rate=1.0)


@pytest.mark.parametrize(("name", "index"), MOVERS)
def test_every_shipped_mover_repeats_itself(name, index):
    mover = shipped_world(name).movers[index]
    movement = trajectory(mover)
    terminal = mover.follower.force / mover.drag.surge
    assert movement.top_speed <= terminal * 1.001
    check_cycle(movement, terminal, yaw_rate=mover.follower.torque / mover.drag.yaw)


def test_a_gazebo_example_moves():
    """The box of Gazebo's own trajectory_follower world: 1 kg, mu = 1, 10 N against 9.8 N of friction."""
    box = link_of(Box((1.0, 1.0, 1.0)), transform((0.0, 0.0, 0.5)), mass=1.0, inertia=0.16666)
    law = {"force": 10.0, "torque": 10.0, "range_tolerance_m": 0.5, "bearing_tolerance_deg": 2.0}
    mover = follower([(2.0, 0.0), (7.0, 0.0)], (2.0, 0.0, 0.0), link=box, **law)
    movement = trajectory(dataclasses.replace(mover, drag=None))
    reached_s = math.sqrt(2.0 * 4.5 / 0.2)  # 4.5 m at 0.2 m/s^2
    assert movement.pose(reached_s)[0] == pytest.approx(6.5, abs=0.02)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"force": 0.0}, r"model 'mover': expected it to reach waypoint 0 at \(2, 0\)"),
        ({"waypoints": ()}, "model 'mover': expected a TrajectoryFollower system with waypoints"),
        ({"waypoints": ((2.0, 0.0),), "surge": 0.0, "force": 1e-3}, "and go on, or rest there, within 600 s"),
    ],
)
def test_movements_without_end_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        trajectory(follower(**{"waypoints": BACK_AND_FORTH, **settings}))


def test_models_that_do_not_follow_are_refused():
    with pytest.raises(ValueError, match="model 'solid': expected a TrajectoryFollower system"):
        trajectory(solid(Box((1.0, 1.0, 1.0)), (0.0, 0.0, 0.5)))
