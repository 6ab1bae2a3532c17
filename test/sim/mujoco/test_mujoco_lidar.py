"""Rays against distances worked out by hand."""

import numpy as np
import pytest
from mujoco_worlds import (
    SHIPPED,
    floor,
    model,
    robot_at,
    sensor_of,
    shipped_compiled,
    simulate,
    world_of,
)

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.lidar import Scanner
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Box, Capsule, Cylinder, Lidar, Plane, Sphere

FOUR_WAYS = np.array([0.0, 0.5, 1.0, 1.5]) * np.pi


def scanner(simulation, angles=FOUR_WAYS, range_max_m=3.5):
    return Scanner(simulation, *sensor_of(simulation, Lidar), angles, range_max_m)


def test_wall_at_a_known_pose():
    """The lidar sits 32 mm behind the model frame; the wall's face is at x = 1.95, seen under 30 degrees."""
    simulation = simulate(model("wall", Box((0.1, 50.0, 0.5)), transform((2.0, 0.0, 0.25))))
    simulation.reset((0.5, 0.3, np.pi / 6.0))
    mount_x = 0.5 - 0.032 * np.cos(np.pi / 6.0)
    ahead = (1.95 - mount_x) / np.cos(np.pi / 6.0)
    right = (1.95 - mount_x) / np.cos(np.pi / 3.0)
    np.testing.assert_allclose(scanner(simulation).scan(), [ahead, np.inf, np.inf, right], atol=1e-3)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Box((0.4, 0.4, 0.4)), 0.8),
        (Cylinder(0.2, 0.4), 0.8),
        (Sphere(0.2), 0.8),
        (Capsule(0.2, 0.1), 0.8),
        (Plane(normal=(-1.0, 0.0, 0.0)), 1.0),
        (Plane(normal=(-1.0, 0.0, 0.5), size=(9.0, 9.0)), 1.0),
    ],
)
def test_every_shape(shape, expected):
    simulation = simulate(model("thing", shape, transform((1.0, 0.0, 0.2))))
    np.testing.assert_allclose(scanner(simulation).scan_from(transform((0.0, 0.0, 0.2)))[0], expected, atol=1e-6)


def test_beyond_the_range_is_nothing():
    simulation = simulate(model("wall", Box((0.1, 2.0, 0.5)), transform((2.0, 0.0, 0.25))))
    level = transform((0.0, 0.0, 0.2))
    assert scanner(simulation, range_max_m=1.96).scan_from(level)[0] == pytest.approx(1.95)
    assert np.isinf(scanner(simulation, range_max_m=1.94).scan_from(level)).all()


def test_the_robot_does_not_see_itself_but_is_there():
    simulation = simulate()
    inside = scanner(simulation, np.linspace(-np.pi, np.pi, 90))
    assert np.isinf(inside.scan()).all()
    assert np.isinf(inside.scan_from(transform((0.0, 0.0, 0.05)))).all()


def test_a_tilted_lidar_sees_the_floor():
    simulation = simulate()
    down = scanner(simulation).scan_from(transform((0.0, 0.0, 0.5), (0.0, np.pi / 6.0, 0.0)))
    assert down[0] == pytest.approx(1.0)


def test_a_mover_is_seen_where_it_is():
    simulation = Simulation(shipped_compiled("arena"))
    x, y, _ = simulation.mover_pose[0]
    radius = simulation.world.movers[0].links[0].visuals[0].shape.radius
    seen = scanner(simulation).scan_from(transform((x - 0.3, y, 0.15)))[0]
    assert seen == pytest.approx(0.3 - radius, abs=1e-3)


@pytest.mark.parametrize("name", SHIPPED)
def test_sensor_of_every_shipped_world(name):
    simulation = Simulation(shipped_compiled(name))
    link, sensor = sensor_of(simulation, Lidar)
    ranges = Scanner.of_sensor(simulation, link, sensor).scan()
    assert ranges.shape == (sensor.samples,)
    assert (ranges > sensor.range_min_m).all()
    assert ranges[np.isfinite(ranges)].max() <= sensor.range_max_m


def test_a_robot_on_a_slope_scans_along_it():
    lean = 0.1
    wall = model("wall", Box((0.1, 4.0, 2.0)), transform(rpy=(0.0, lean, 0.0)) @ transform((1.05, 0.0, 0.0)))
    world = world_of(floor(lean), wall, robot_at(transform(rpy=(0.0, lean, 0.0))))
    simulation = Simulation(compile_world(world))
    assert scanner(simulation).scan()[0] == pytest.approx(1.032, abs=1e-3)
