"""Colour, depth and labels against what stands where."""

import numpy as np
import pytest
from mujoco_worlds import SHIPPED, model, sensor_of, shipped_compiled, shipped_world, simulate

from dl_robotics.ops.geometry import apply, inverse, transform
from dl_robotics.sim.mujoco.camera import BACKGROUND, CameraView
from dl_robotics.sim.mujoco.gl import choose_platform
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Box, Camera, Sphere


def view(simulation):
    return CameraView(simulation, *sensor_of(simulation, Camera))


def project(simulation, point):
    """Pixel (column, row) and depth of a point in the world, by the pinhole equations (x ahead, y left, z up)."""
    link, camera = sensor_of(simulation, Camera)
    x, y, z = apply(inverse(simulation.transform @ link.pose @ camera.pose), np.asarray(point))
    focal = camera.width / 2.0 / np.tan(camera.horizontal_fov / 2.0)
    return int(camera.width / 2.0 - focal * y / x), int(camera.height / 2.0 - focal * z / x), x


def test_depth_of_a_wall_is_its_distance_at_every_pixel():
    simulation = simulate(model("wall", Box((0.1, 20.0, 20.0)), transform((2.0, 0.0, 0.0))))
    _, camera = sensor_of(simulation, Camera)
    _, _, expected = project(simulation, (1.95, 0.0, 0.15))
    depth = view(simulation).depth()
    assert depth.shape == (camera.height, camera.width)
    assert depth.dtype == np.float32
    np.testing.assert_allclose(depth[: camera.height // 2], expected, atol=2e-3)


def test_nothing_is_infinitely_far():
    depth = view(simulate()).depth()
    assert np.isinf(depth[0]).all()
    assert np.isfinite(depth[-1]).all()


@pytest.mark.parametrize("point", [(1.0, 0.0, 0.1), (1.2, 0.4, 0.3), (1.5, -0.5, 0.06)])
def test_an_obstacle_is_labelled_where_it_projects(point):
    simulation = simulate(model("ball", Sphere(0.05), transform(point)))
    camera = view(simulation)
    column, row, distance = project(simulation, point)
    labels = camera.labels()
    assert labels[row, column] == 1 + 2  # after the floor and the robot
    assert camera.depth()[row, column] == pytest.approx(distance - 0.05, abs=0.01)
    found = np.argwhere(labels == 3).mean(axis=0)
    np.testing.assert_allclose(found, (row, column), atol=2.0)
    assert labels[0, 0] == BACKGROUND
    assert labels[-1, 0] == 1


def test_colour_is_the_material_s_and_left_is_left():
    red = model("red", Box((0.1, 1.0, 1.0)), transform((1.0, 0.51, 0.5)), colour=(0.8, 0.1, 0.2, 1.0))
    camera = view(simulate(red))
    pixels, labels = camera.rgb(), camera.labels()
    left, right = np.hsplit(labels, 2)
    assert (left == 3).any()
    assert not (right == 3).any()
    assert pixels.dtype == np.uint8
    colour = pixels[labels == 3].mean(axis=0)
    np.testing.assert_allclose(colour / colour[0], (1.0, 0.125, 0.25), atol=0.02)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_world_is_lit_and_labelled(name):
    world, camera = shipped_world(name), view(Simulation(shipped_compiled(name)))
    assert 40.0 < camera.rgb().mean() < 230.0
    assert camera.rgb().std() > 10.0
    assert set(np.unique(camera.labels())) <= set(range(len(world.models) + 1))


def test_two_cameras_at_once():
    one, other = simulate(), simulate(model("wall", Box((0.1, 20.0, 20.0)), transform((2.0, 0.0, 0.0))))
    first, second = view(one), view(other)
    before = first.depth()
    assert np.isfinite(second.depth()).all()
    np.testing.assert_array_equal(first.depth(), before)


def test_platforms():
    assert choose_platform("osmesa") == "osmesa"
    assert choose_platform("") in ("egl", "osmesa")
    with pytest.raises(RuntimeError, match="MUJOCO_GL: expected egl or osmesa, got 'glfw'"):
        choose_platform("glfw")
