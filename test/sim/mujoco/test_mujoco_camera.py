"""Colour, depth and labels against what stands where."""

import dataclasses

import numpy as np
import pytest
from mujoco_worlds import SHIPPED, model, sensor_of, shipped_compiled, shipped_world, simulate

from dl_robotics.ops.geometry import apply, inverse, transform
from dl_robotics.sim.labels import BoxRule
from dl_robotics.sim.mujoco.camera import BACKGROUND, CameraView
from dl_robotics.sim.mujoco.gl import choose_platform
from dl_robotics.sim.mujoco.silhouette import silhouettes
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Box, Camera, Capsule, Cylinder, Sphere


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


EVERYTHING = BoxRule(min_pixels=1, min_side_px=1, min_visible=0.0)


def ball(name, point, label, radius=0.05):
    return model(name, Sphere(radius), transform(point), label=label)


def test_truth_is_in_the_file_s_labels():
    objects = [ball("one", (1.0, 0.0, 0.1), 2), ball("other", (1.2, 0.4, 0.3), 2), ball("stuff", (1.0, -0.3, 0.1), 3)]
    simulation = simulate(*objects, ball("unlabelled", (1.0, -0.1, 0.3), 0))
    camera = view(simulation)
    truth, models = camera.truth(2, EVERYTHING), camera.labels()
    assert np.array_equal(truth.mask, np.array([0, 0, 0, 2, 2, 3, 0], np.uint8)[models])
    assert truth.detections.labels.tolist() == [2, 2]  # stuff has no box
    for box, number in zip(truth.detections.boxes, (3, 4), strict=True):
        rows, columns = np.nonzero(models == number)
        assert box.tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_parts_of_a_model_with_one_label_are_one_object():
    two = model("two", Sphere(0.05), transform((1.0, 0.0, 0.1)), label=1)
    (link,) = two.links
    apart = dataclasses.replace(link.visuals[0], name="apart", pose=transform((0.0, 0.2, 0.0)))
    both = dataclasses.replace(two, links=(dataclasses.replace(link, visuals=(*link.visuals, apart)),))
    simulation = simulate(both)
    (box,) = view(simulation).truth(1, EVERYTHING).detections.boxes
    (left, _, _), (right, _, _) = (project(simulation, (1.0, y, 0.1)) for y in (0.2, 0.0))
    assert box[0] < left < right < box[2]


@pytest.mark.parametrize(("edge", "seen"), [(-0.5, True), (0.0, True), (0.04, False)])
def test_a_thing_behind_another_has_no_box_once_too_little_is_seen(edge, seen):
    """A screen before a ball of 0.1 m in radius covers all that is right of ``edge``, m to the left of its centre."""
    screen = model("screen", Box((0.02, 1.0, 1.0)), transform((0.8, edge - 0.5, 0.15)), label=0)
    rule = BoxRule(min_pixels=1, min_side_px=1, min_visible=0.4)
    truth = view(simulate(ball("ball", (1.0, 0.0, 0.15), 1, radius=0.1), screen)).truth(1, rule)
    assert len(truth.detections) == seen
    assert (truth.mask == 1).any()


@pytest.mark.parametrize("shape", [Box((0.2, 0.1, 0.3)), Cylinder(0.1, 0.3), Sphere(0.15), Capsule(0.08, 0.2)])
@pytest.mark.parametrize("turn", [(0.0, 0.0, 0.0), (0.4, 1.1, -0.7)])
def test_what_nothing_hides_is_wholly_seen(shape, turn):
    simulation = simulate(model("thing", shape, transform((1.0, 0.1, 0.25), turn), label=1))
    camera = view(simulation)
    assert len(camera.truth(1, BoxRule(min_visible=0.95)).detections) == 1
    rows, columns = np.nonzero(camera.labels() == 3)
    box = silhouettes(simulation.model, simulation.data, 0, np.flatnonzero(simulation.model.geom_user[:, 1]), 320, 240)
    np.testing.assert_allclose(
        box[0], [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], atol=0.1 * max(np.ptp(rows), 30)
    )
