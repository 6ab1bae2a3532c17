"""Free space: areas, clearances and ways worked out by hand, and laws of the shipped worlds."""

import math
from itertools import pairwise

import numpy as np
import pytest
from solid_worlds import SHIPPED, follower, robot, room, shipped_world, solid, wall, world_of

from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.world import Cylinder, Plane

RADIUS_M = 0.2


def length(path):
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())


def halves(gap_m):
    """A room of 4 m x 4 m, divided along x = 0 but for a gap at its upper end; the robot is in the left half."""
    divider = wall(0.0, -gap_m / 2.0, 0.1, 4.0 - gap_m)
    return FreeSpace(world_of(*room(2.0), divider, robot((-1.0, -1.0, 0.0))), RADIUS_M)


def test_the_free_area_of_a_room():
    """Within four walls 4 m apart the centre of a disc of radius 0.2 m has 3.6 m x 3.6 m."""
    space = FreeSpace(world_of(*room(2.0)), RADIUS_M, 0.05)
    assert space.free.sum() * 0.05**2 == pytest.approx(3.6**2, rel=0.03)
    np.testing.assert_allclose(space.clearance(np.array([[0.0, 0.0], [1.5, 1.0], [2.05, 0.0]])), (2.0, 0.5, -0.05))
    np.testing.assert_array_equal(
        space.is_free(np.array([[0.0, 1.79], [0.0, 1.81], [0.0, 2.5], [99.0, 0.0]])), [1, 0, 0, 0]
    )
    inner = space.occupied[space.free.any(axis=1)]
    assert not inner[:, space.free.any(axis=0)].any()


def test_the_grid_is_where_it_says():
    """The occupied cells of a pillar lie about its centre, rows along y."""
    space = FreeSpace(world_of(*room(2.0), solid(Cylinder(0.3, 1.0), (1.0, -0.5, 0.5))), RADIUS_M, 0.05)
    rows, columns = np.nonzero(space.occupied)
    centres = space.origin + (np.column_stack([columns, rows]) + 0.5) * 0.05
    pillar = centres[np.abs(centres).max(axis=1) < 2.0]
    np.testing.assert_allclose(pillar.mean(axis=0), (1.0, -0.5), atol=0.03)
    assert len(pillar) * 0.05**2 == pytest.approx(math.pi * 0.09, rel=0.05)


def test_samples_are_free_and_everywhere():
    space = FreeSpace(
        world_of(*room(2.0), solid(Cylinder(0.5, 1.0), (0.0, 0.5, 0.5)), robot((-1.0, -1.0, 0.0))), RADIUS_M
    )
    points = space.sample(np.random.default_rng(0), 4000)
    assert space.clearance(points).min() > RADIUS_M
    assert (points[:, 0] > 0.0).mean() == pytest.approx(0.5, abs=0.04)
    assert points.max() > 1.75
    assert points.min() < -1.75
    np.testing.assert_array_equal(points, space.sample(np.random.default_rng(0), 4000))


def test_the_way_round_a_pillar():
    """A taut string: two tangents of sqrt(1 - 0.5^2) and an arc of pi/3 about a radius of 0.5 m."""
    pillar = solid(Cylinder(0.3, 1.0), (0.0, 0.0, 0.5))
    space = FreeSpace(world_of(*room(2.0), pillar, robot((-1.0, 0.0, 0.0))), RADIUS_M)
    path = space.shortest_path((-1.0, 0.0), (1.0, 0.0))
    np.testing.assert_array_equal(path[[0, -1]], [(-1.0, 0.0), (1.0, 0.0)])
    assert length(path) == pytest.approx(2.0 * math.sqrt(0.75) + 0.5 * math.pi / 3.0, rel=0.02)
    assert space.path_length((-1.0, 0.0), (1.0, 0.0)) == length(path)


def test_the_nearest_free_place_to_a_wall_is_a_radius_off():
    space = FreeSpace(world_of(*room(2.0)), RADIUS_M, 0.05)
    np.testing.assert_array_equal(space.nearest((0.3, 0.4)), (0.3, 0.4))
    x, y = space.nearest((1.99, 0.4))  # the wall's face is at x = 2
    assert 0.0 < 2.0 - RADIUS_M - x < 0.1
    assert abs(y - 0.4) < 0.05


def test_a_free_way_is_straight():
    space = FreeSpace(world_of(*room(2.0)), RADIUS_M)
    np.testing.assert_array_equal(space.shortest_path((-1.0, -1.0), (1.5, 0.5)), [(-1.0, -1.0), (1.5, 0.5)])
    assert space.path_length((0.5, 0.5), (0.5, 0.5)) == 0.0


def test_the_way_through_a_gap():
    """Over the end of the divider, whose corners at (-0.05, 1.4) and (0.05, 1.4) are rounded by the radius."""
    space = halves(gap_m=0.6)
    path = space.shortest_path((-1.0, -1.0), (1.0, -1.0))
    assert path[:, 1].max() == pytest.approx(1.6, abs=0.06)
    to_corner = math.hypot(0.95, 2.4)
    tangent = math.sqrt(to_corner**2 - RADIUS_M**2)
    turn = math.atan2(2.4, 0.95) + math.asin(RADIUS_M / to_corner)
    assert length(path) == pytest.approx(2.0 * (tangent + RADIUS_M * turn) + 0.1, rel=0.02)


def test_what_cannot_be_reached_is_not_free():
    space = halves(gap_m=0.3)
    assert space.free.sum() * 0.05**2 == pytest.approx(1.55 * 3.6, rel=0.05)
    np.testing.assert_array_equal(space.is_free(np.array([[-1.0, 1.0], [1.0, 1.0]])), [True, False])
    for ask in (lambda: space.shortest_path((-1.0, 0.0), (1.0, 1.0)), lambda: space.distance_field((1.0, 1.0))):
        with pytest.raises(ValueError, match=r"test.sdf: goal \[1.0, 1.0\] is not free or cannot be reached"):
            ask()
    with pytest.raises(ValueError, match=r"start \[-1.9, 0.0\] is not free"):
        space.path_length((-1.9, 0.0), (-1.0, 0.0))


def test_a_start_that_is_not_free_is_refused():
    with pytest.raises(ValueError, match=r"test.sdf: the robot's start \[1.9, 0.0\] is nearer than 0.200 m"):
        FreeSpace(world_of(*room(2.0), robot((1.9, 0.0, 0.0))), RADIUS_M)


def test_a_start_without_space_is_refused():
    """A cage 0.42 m wide leaves a disc of radius 0.2 m no cell of 0.15 m: the nearest centre is 0.035 m off."""
    world = world_of(*room(0.21))
    with pytest.raises(ValueError, match=r"test.sdf: expected space about the robot's start"):
        FreeSpace(world, RADIUS_M, resolution_m=0.15)


def test_a_start_beside_the_middle_of_its_cell():
    """The cell of the start counts as free, but nothing is drawn there if its centre is too near to a wall."""
    space = FreeSpace(world_of(*room(2.0), robot((1.79, 0.0, 0.0))), RADIUS_M, resolution_m=0.18)
    assert space.clearance(space.sample(np.random.default_rng(0), 2000)).min() > RADIUS_M
    assert space.is_free(np.array([[1.79, 0.0]]))[0]


def test_a_grid_coarser_than_the_robot_is_refused():
    for resolution_m in (0.0, 0.21):
        with pytest.raises(ValueError, match=rf"resolution_m: expected > 0 and at most .* 0.2 m, got {resolution_m}"):
            FreeSpace(world_of(*room(2.0)), RADIUS_M, resolution_m)


def test_movers_leave_the_space_free():
    space = FreeSpace(world_of(*room(2.0), follower([(1.0, 1.0), (-1.0, 1.0)], (1.0, 1.0, 0.0))), RADIUS_M)
    assert space.is_free(np.array([[1.0, 1.0]]))[0]


def test_a_room_of_endless_walls():
    normals = ((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, -1.0, 0.0))
    walls = [solid(Plane(n), (-1.5 * n[0], -1.5 * n[1], 0.0), name=f"wall_{i}") for i, n in enumerate(normals)]
    space = FreeSpace(world_of(*walls), RADIUS_M)
    assert space.free.sum() * 0.05**2 == pytest.approx(2.6**2, rel=0.05)


def test_an_open_world_is_free_around_what_is_there():
    space = FreeSpace(world_of(solid(Cylinder(0.3, 1.0), (3.0, 0.0, 0.5))), RADIUS_M)
    assert space.is_free(np.array([[0.0, 0.0], [2.0, 0.0], [2.9, 0.0]])).tolist() == [True, True, False]
    assert space.shortest_path((0.0, 0.0), (3.7, 0.0)).shape[0] > 2


@pytest.mark.parametrize("name", SHIPPED)
def test_laws_of_every_shipped_world(name):
    """Ways are clear, no shorter than straight, equally long both ways, and no longer than the grid's."""
    space = FreeSpace(shipped_world(name), 0.15)
    rng = np.random.default_rng(2)
    points = space.sample(rng, 200)
    assert space.is_free(points).all()
    assert space.clearance(points).min() > 0.15
    goal = points[0]
    field = space.distance_field(goal)
    assert np.isfinite(field[space.free]).all()
    assert np.isinf(field[~space.free]).all()
    for start in points[1:9]:
        path = space.shortest_path(start, goal)
        assert all(space.sees(a, b) for a, b in pairwise(path))
        assert length(path) >= np.linalg.norm(goal - start) - 1e-9
        assert space.path_length(goal, start) == pytest.approx(length(path), rel=0.02)
        row, column = ((start - space.origin)[::-1] / space.resolution_m).astype(int)
        assert length(path) <= field[row, column] * 1.001 + 0.08  # to the centres of the cells
