"""The planar lidar: distances worked out by hand, and the law that culling never changes a range."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solid_worlds import follower, robot, room, solid, wall, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.engine import Beams, Start
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.world import Box, Cylinder, Plane, Sphere

QUARTERS = Beams(4, 2.0 * math.pi, 0.05, 10.0)  # behind, right, ahead, left


def engine_of(*models, beams=QUARTERS):
    return PlanarEngine(world_of(*models), 1, beams, 0.1)


def scan(engine, pose, mover_time_s=()):
    one = np.ones(1)
    times = np.array([mover_time_s], dtype=np.float64)
    engine.reset(np.zeros(1, dtype=np.int64), Start(np.array([pose]), times, np.ones_like(times), one, one))
    return engine.ranges[0]


def test_distances_to_the_walls_of_a_room():
    engine = engine_of(*room(2.0))
    np.testing.assert_allclose(scan(engine, (0.5, 0.25, 0.0)), (2.5, 2.25, 1.5, 1.75))
    np.testing.assert_allclose(scan(engine, (0.0, 0.0, np.pi / 4.0)), np.full(4, 2.0 * math.sqrt(2.0)))


def test_a_disc_and_a_ball():
    """At the lidar's height of 0.2 m a ball of radius 0.5 about 0.5 m is cut into a disc of radius 0.4."""
    pillar, ball = solid(Cylinder(0.3, 1.0), (2.0, 0.0, 0.5)), solid(Sphere(0.5), (-2.0, 0.0, 0.5))
    np.testing.assert_allclose(scan(engine_of(pillar, ball), (0.0, 0.0, 0.0)), (1.6, np.inf, 1.7, np.inf))


def test_an_endless_wall():
    fence = solid(Plane((-1.0, 0.0, 0.0)), (3.0, 100.0, 0.0))
    ranges = scan(engine_of(fence, beams=Beams(3, math.pi * 2.0 / 3.0, 0.0, 10.0)), (0.0, 0.0, 0.0))
    np.testing.assert_allclose(ranges, (6.0, 3.0, 6.0))


def test_what_is_lower_than_the_lidar_is_not_seen():
    low = solid(Box((0.2, 2.0, 0.19)), (1.0, 0.0, 0.095))
    high = solid(Box((0.2, 2.0, 0.21)), (1.5, 0.0, 0.105))
    assert scan(engine_of(low, high), (0.0, 0.0, 0.0))[2] == pytest.approx(1.4)


def test_beyond_the_range_is_nothing_and_nearer_than_the_least_is_reported():
    engine = engine_of(*room(2.0), wall(0.16, 0.0, 0.1, 1.0), beams=dataclasses.replace(QUARTERS, range_max_m=2.5))
    np.testing.assert_allclose(scan(engine, (0.0, 0.7, 0.0)), (2.0, np.inf, 2.0, 1.3))
    assert scan(engine, (0.0, 0.0, 0.0))[2] == pytest.approx(0.11)
    closest = dataclasses.replace(QUARTERS, range_min_m=0.5)
    assert scan(engine_of(wall(0.16, 0.0, 0.1, 1.0), beams=closest), (0.0, 0.0, 0.0))[2] == pytest.approx(0.11)


def test_an_off_centre_turned_lidar():
    """0.3 m ahead of the model frame, looking to the left; the robot itself looks left as well."""
    machine = robot(lidar=((0.3, 0.0, 0.2), (0.0, 0.0, np.pi / 2.0)))
    ranges = scan(engine_of(*room(2.0), machine), (0.0, 0.5, np.pi / 2.0))
    np.testing.assert_allclose(ranges, (2.0, 1.2, 2.0, 2.8), atol=1e-12)


def test_a_partial_fan_has_both_ends():
    engine = engine_of(*room(2.0), beams=Beams(3, math.pi / 2.0, 0.0, 10.0))
    diagonal = 2.0 * math.sqrt(2.0)
    np.testing.assert_allclose(scan(engine, (0.0, 0.0, 0.0)), (diagonal, 2.0, diagonal))


def test_one_ray_looks_ahead():
    engine = engine_of(*room(2.0), beams=Beams(1, 1.0, 0.0, 10.0))
    assert scan(engine, (0.5, 0.0, 0.0))[0] == pytest.approx(1.5)


def test_movers_are_seen_where_they_are():
    """Resting at (1, 0) at first, the pillar of radius 0.12 drives on to the left."""
    mover = follower([(1.0, 5.0), (1.0, 0.0)], (1.0, 0.0, np.pi / 2.0))
    engine = engine_of(mover)
    assert scan(engine, (0.0, 0.0, 0.0), [0.0])[2] == pytest.approx(0.88)
    _, y, _ = engine.mover_pose[0, 0]
    assert y == 0.0
    place = 0.3 * (10.0 - 0.5)  # at the terminal speed since half a second
    assert scan(engine, (0.0, place, 0.0), [10.0])[2] == pytest.approx(0.88, abs=1e-4)
    assert scan(engine, (0.0, 0.0, 0.0), [10.0])[2] == np.inf


def test_from_inside_the_far_side_is_seen():
    box = solid(Box((2.0, 1.0, 1.0)), (0.0, 0.0, 0.5))
    np.testing.assert_allclose(scan(engine_of(box), (0.25, 0.0, 0.0)), (1.25, 0.5, 0.75, 0.5))
    pillar = solid(Cylinder(1.0, 1.0), (0.0, 0.0, 0.5))
    np.testing.assert_allclose(scan(engine_of(pillar), (0.6, 0.0, 0.0)), (1.6, 0.8, 0.4, 0.8))


def test_a_corner_is_watertight():
    """Rays that meet the edge between two faces exactly do not slip through."""
    box = solid(Box((1.0, 1.0, 1.0)), (2.0, 0.0, 0.5), (0.0, 0.0, np.pi / 4.0))
    assert scan(engine_of(box), (0.0, 0.0, 0.0))[2] == pytest.approx(2.0 - math.sqrt(0.5))


def brute_force(angles, origin, segments, discs, range_max_m):
    """(B,) nearest crossing of every ray with every segment (S, 2, 2) and disc (D, 3)."""
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    best = np.full(len(angles), np.inf)
    for start, end in segments:
        along, offset = end - start, start - origin
        cross = rays[:, 0] * along[1] - rays[:, 1] * along[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (offset[0] * along[1] - offset[1] * along[0]) / cross
            s = (offset[0] * rays[:, 1] - offset[1] * rays[:, 0]) / cross
        best = np.where((t > 0.0) & (s >= -1e-9) & (s <= 1.0 + 1e-9) & (t < best), t, best)
    for x, y, radius in discs:
        ahead = rays @ (np.array([x, y]) - origin)
        square = radius**2 - (np.hypot(x - origin[0], y - origin[1]) ** 2 - ahead**2)
        root = np.sqrt(np.maximum(square, 0.0))
        for t in (ahead - root, ahead + root):
            best = np.where((square >= 0.0) & (t > 0.0) & (t < best), t, best)
    return np.where(best > range_max_m, np.inf, best)


def corners(size, place):
    half = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * np.asarray(size) / 2.0
    return half @ transform(rpy=(0.0, 0.0, place[2]))[:2, :2].T + place[:2]


@settings(deadline=None, database=None, max_examples=80)
@given(
    seed=st.integers(0, 2**32 - 1),
    boxes=st.integers(0, 6),
    pillars=st.integers(0, 6),
    count=st.integers(1, 90),
    fov=st.one_of(st.just(2.0 * math.pi), st.floats(0.1, 6.2)),
    range_max_m=st.floats(0.5, 12.0),
)
def test_the_scan_equals_brute_force(seed, boxes, pillars, count, fov, range_max_m):
    """Random boxes and pillars, also around the lidar and across each other."""
    rng = np.random.default_rng(seed)
    sizes, places = rng.uniform(0.05, 3.0, (boxes, 2)), rng.uniform(-4.0, 4.0, (boxes, 3))
    discs = np.column_stack([rng.uniform(-4.0, 4.0, (pillars, 2)), rng.uniform(0.05, 1.5, pillars)])
    models = [
        solid(Box((*size, 1.0)), (*place[:2], 0.5), (0.0, 0.0, place[2]))
        for size, place in zip(sizes, places, strict=True)
    ]
    models += [solid(Cylinder(radius, 1.0), (x, y, 0.5)) for x, y, radius in discs]
    beams = Beams(count, fov, 0.0, range_max_m)
    pose = rng.uniform(-3.0, 3.0, 3)
    ranges = scan(engine_of(*models, beams=beams), pose)
    outlines = [corners(size, place) for size, place in zip(sizes, places, strict=True)]
    segments = [pair for o in outlines for pair in np.stack([o, np.roll(o, -1, axis=0)], axis=1)]
    expected = brute_force(pose[2] + beams.angles, pose[:2], segments, discs, range_max_m)
    np.testing.assert_allclose(ranges, expected, rtol=0.0, atol=1e-6)
