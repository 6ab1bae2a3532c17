"""Outlines of shapes: worked sections of solids, and the law that a section is what is solid at its height."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from solid_worlds import SHIPPED, link_of, robot, shipped_world

from dl_robotics.ops.geometry import apply, inverse, transform
from dl_robotics.sim.shapes import Disc, Polygon, footprint_radius, height_range, project
from dl_robotics.sim.world import Box, Capsule, Cylinder, Model, Plane, Sphere

EVERYWHERE = (-np.inf, np.inf)


def extent(outline):
    return np.ptp(outline.vertices, axis=0)


def area(outline):
    """Gauss's formula; positive for counter-clockwise corners."""
    x, y = outline.vertices.T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


@pytest.mark.parametrize(
    ("shape", "height", "radius"),
    [
        (Cylinder(0.3, 1.0), 0.4, 0.3),
        (Sphere(1.0), 0.6, 0.8),  # 0.6, 0.8, 1
        (Capsule(0.5, 1.0), 0.3, 0.5),  # in the cylinder
        (Capsule(0.5, 1.0), 0.8, 0.4),  # 0.3 into the cap
    ],
)
def test_upright_round_shapes_give_exact_discs(shape, height, radius):
    outline = project(shape, transform((1.0, 2.0, 0.0)), height, height)
    assert outline == Disc(1.0, 2.0, pytest.approx(radius, abs=1e-12))


@pytest.mark.parametrize("shape", [Cylinder(0.3, 1.0), Sphere(0.5), Capsule(0.2, 0.6), Box((1.0, 1.0, 1.0))])
def test_nothing_above_or_below(shape):
    for height in (0.51, -0.51):
        assert project(shape, np.eye(4), height, height) is None


def test_turned_box():
    outline = project(Box((2.0, 1.0, 1.0)), transform((3.0, 0.0, 0.0), (0.0, 0.0, np.pi / 2.0)), 0.0, 0.0)
    assert {(round(x, 9), round(y, 9)) for x, y in outline.vertices} == {(2.5, -1), (3.5, -1), (3.5, 1), (2.5, 1)}


def test_cube_on_its_corner_is_cut_into_a_hexagon():
    """The section through the centre across a diagonal is regular with sides sqrt(1/2)."""
    pose = transform((0.0, 0.0, 0.0), (np.pi / 4.0, math.atan(math.sqrt(0.5)), 0.0))
    outline = project(Box((1.0, 1.0, 1.0)), pose, 0.0, 0.0)
    sides = np.linalg.norm(outline.vertices - np.roll(outline.vertices, 1, axis=0), axis=1)
    np.testing.assert_allclose(sides, np.full(6, math.sqrt(0.5)), atol=1e-9)


def test_lying_cylinder():
    """At half its radius a cylinder of radius 0.4 is sqrt(3) * 0.4 wide."""
    outline = project(Cylinder(0.4, 2.0), transform((0.0, 0.0, 1.0), (np.pi / 2.0, 0.0, 0.0)), 1.2, 1.2)
    np.testing.assert_allclose(extent(outline), (0.4 * math.sqrt(3.0), 2.0), rtol=2e-4)


def test_leaning_cylinder_is_cut_into_an_ellipse():
    outline = project(Cylinder(0.2, 4.0), transform(rpy=(0.0, np.pi / 4.0, 0.0)), 0.0, 0.0)
    np.testing.assert_allclose(extent(outline), (0.4 * math.sqrt(2.0), 0.4), rtol=2e-4)
    assert area(outline) == pytest.approx(math.pi * 0.2 * 0.2 * math.sqrt(2.0), rel=2e-4)


def test_lying_capsule():
    outline = project(Capsule(0.3, 1.0), transform(rpy=(0.0, np.pi / 2.0, 0.0)), 0.0, 0.0)
    assert area(outline) == pytest.approx(0.6 * 1.0 + math.pi * 0.09, rel=2e-4)


def test_a_band_takes_the_widest_level():
    ball = transform((0.0, 0.0, 0.5))
    assert project(Sphere(0.4), ball, 0.0, 0.2).radius == pytest.approx(math.sqrt(0.16 - 0.09))
    assert project(Sphere(0.4), ball, 0.0, 0.6).radius == 0.4
    leaning = project(Box((0.2, 0.2, 2.0)), transform(rpy=(0.0, np.pi / 4.0, 0.0)), 0.0, 0.5)
    assert extent(leaning)[0] == pytest.approx(0.2 * math.sqrt(2.0) + 0.5)  # the section, shifted by the height


def test_planes():
    """A vertical plane bounds a half-plane, a horizontal one nothing, a leaning one what is foremost in the band."""
    wall = project(Plane((1.0, 0.0, 0.0)), transform((2.0, 5.0, 0.0)), 0.1, 0.2)
    np.testing.assert_allclose(wall.vertices[:, 0], 2.0, atol=1e-9)
    assert wall.vertices[0, 1] < wall.vertices[1, 1]  # solid at its left, where x < 2
    assert project(Plane(), np.eye(4), 0.0, 0.3) is None
    slope = project(Plane((1.0, 0.0, 1.0)), np.eye(4), 0.1, 0.3)
    np.testing.assert_allclose(slope.vertices[:, 0], -0.1, atol=1e-9)


SIZES = st.floats(0.1, 2.0)
SHAPES = st.one_of(
    st.builds(Box, st.tuples(SIZES, SIZES, SIZES)),
    st.builds(Cylinder, SIZES, SIZES),
    st.builds(Sphere, SIZES),
    st.builds(Capsule, SIZES, SIZES),
)
ANGLES = st.floats(-3.0, 3.0)


def depth(shape, points):
    """How deep (negative: how far, or less) points in a shape's frame lie in it, m."""
    if isinstance(shape, Box):
        return (np.asarray(shape.size) / 2.0 - np.abs(points)).min(axis=1)
    across = np.hypot(points[:, 0], points[:, 1])
    if isinstance(shape, Cylinder):
        return np.minimum(shape.radius - across, shape.length / 2.0 - np.abs(points[:, 2]))
    half = shape.length / 2.0 if isinstance(shape, Capsule) else 0.0
    return shape.radius - np.hypot(across, np.maximum(np.abs(points[:, 2]) - half, 0.0))


def inside(outline, points):
    """How deep (k, 2) points lie in an outline, m."""
    if outline is None:
        return np.full(len(points), -1.0)
    if isinstance(outline, Disc):
        return outline.radius - np.hypot(points[:, 0] - outline.x, points[:, 1] - outline.y)
    along = np.roll(outline.vertices, -1, axis=0) - outline.vertices
    towards = points[:, None] - outline.vertices
    left = along[:, 0] * towards[..., 1] - along[:, 1] * towards[..., 0]
    return (left / np.linalg.norm(along, axis=1)).min(axis=1)


@settings(deadline=None, database=None, max_examples=60)
@given(SHAPES, st.tuples(ANGLES, ANGLES, ANGLES), st.floats(-0.9, 0.9), st.integers(0, 10**6))
def test_a_section_is_what_is_solid_at_its_height(shape, rpy, level, seed):
    pose = transform((0.3, -0.2, 0.5), rpy)
    low, high = height_range(shape, pose)
    height = 0.5 * (low + high) + 0.5 * level * (high - low)
    outline = project(shape, pose, height, height)
    assume(outline is not None)
    points = np.random.default_rng(seed).uniform(-2.5, 2.5, (400, 2))
    solid = depth(shape, apply(inverse(pose), np.insert(points, 2, height, axis=1)))
    within = inside(outline, points)
    assert np.all(within[solid > 1e-3] > 0.0)
    assert np.all(solid[within > 1e-3] > 0.0)


@settings(deadline=None, database=None, max_examples=60)
@given(SHAPES, st.tuples(ANGLES, ANGLES, ANGLES), st.floats(0.1, 0.9))
def test_a_band_contains_its_sections(shape, rpy, share):
    pose = transform((0.0, 0.0, 0.0), rpy)
    low, high = height_range(shape, pose)
    middle = low + share * (high - low)
    section, band = project(shape, pose, middle, middle), project(shape, pose, low, middle)
    assume(section is not None)
    if isinstance(section, Disc):
        assert isinstance(band, Disc)
        assert band.radius >= section.radius - 1e-9
    else:
        assert isinstance(band, Polygon)
        assert area(band) > 0.0
        assert np.all(inside(band, section.vertices) > -1e-3 * (1.0 + area(band)))


def test_height_range():
    assert height_range(Box((1.0, 1.0, 1.0)), transform((0.0, 0.0, 2.0), (0.0, np.pi / 4.0, 0.0))) == pytest.approx(
        (2.0 - math.sqrt(0.5), 2.0 + math.sqrt(0.5))
    )
    lying = transform(rpy=(np.pi / 2.0, 0.0, 0.0))
    assert height_range(Cylinder(0.2, 3.0), lying) == pytest.approx((-0.2, 0.2))
    assert height_range(Capsule(0.2, 3.0), np.eye(4)) == pytest.approx((-1.7, 1.7))
    assert height_range(Plane(), lying) == EVERYWHERE


def test_footprint_radius():
    box = link_of(Box((0.2, 0.1, 0.1)), transform((0.3, 0.0, 0.0)))
    assert footprint_radius(Model("box", transform((5.0, 5.0, 0.0)), True, (box,))) == pytest.approx(
        math.hypot(0.4, 0.05)
    )
    assert footprint_radius(robot()) == pytest.approx(0.1)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_robot_is_a_burger(name):
    assert footprint_radius(shipped_world(name).robot) == pytest.approx(0.105, abs=1e-3)


def test_an_endless_footprint_is_refused():
    for links in ((), (link_of(Plane((1.0, 0.0, 1.0))),)):
        with pytest.raises(ValueError, match="model 'm': expected bounded collision geometry"):
            footprint_radius(Model("m", np.eye(4), True, links))
