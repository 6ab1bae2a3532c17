"""The worlds that ship with the package: what they hold, that libsdformat takes them, that nothing overlaps."""

import itertools
import os
import shutil
import subprocess

import numpy as np
import pytest

from dl_robotics.ops.geometry import planar, transform_from_planar
from dl_robotics.resources import config_file
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Box, Cylinder, Plane

WORLDS = sorted(path.stem for path in config_file("worlds").glob("*.sdf"))
FILES = [*(config_file("worlds", f"{name}.sdf") for name in WORLDS), config_file("robots", "burger", "model.sdf")]
ROBOT_RADIUS_M = 0.105
LIDAR_HEIGHT_M = 0.182
GAZEBO_SYSTEMS = {"Physics", "UserCommands", "SceneBroadcaster", "Sensors", "Imu", "Contact"}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return read_world(config_file("worlds", f"{request.param}.sdf"))


@pytest.fixture(scope="module")
def arena():
    return read_world(config_file("worlds", "arena.sdf"))


def solids(world):
    """Pose and shape of every part that stands still, the ground aside."""
    for model in world.models:
        for link in model.links if model.static else ():
            yield from ((model.pose @ link.pose @ part.pose, part.shape) for part in link.collisions)


def distance(pose, shape, point):
    """Horizontal distance from a point to a shape that stands upright, m; negative or 0 within it."""
    if isinstance(shape, Plane):
        return np.inf
    x, y = (np.linalg.inv(transform_from_planar(planar(pose))) @ [*point, 0, 1])[:2]
    if not isinstance(shape, Box):
        return np.hypot(x, y) - shape.radius
    return np.hypot(max(abs(x) - shape.size[0] / 2, 0), max(abs(y) - shape.size[1] / 2, 0))


def clearance(world, point):
    return min(distance(pose, shape, point) for pose, shape in solids(world))


def test_there_are_five():
    assert WORLDS == ["arena", "corridor", "empty", "office", "static"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_libsdformat_takes_it(path):
    checker = shutil.which("ign")
    if checker is None:
        pytest.skip("ign (sdformat-sdf) is not on the PATH")
    environment = {**os.environ, "SDF_PATH": str(config_file("robots"))}
    result = subprocess.run(
        [checker, "sdf", "-k", path], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout.strip()) == (0, "Valid."), result.stderr
    assert "Warning" not in result.stderr


def test_it_names_what_gazebo_needs(world):
    assert {name.rpartition("::")[2] for name in world.systems} == GAZEBO_SYSTEMS


def test_it_holds_the_robot_a_ground_and_a_sun(world):
    assert world.robot.name == "burger"
    assert [light.kind for light in world.lights] == ["directional"]
    assert sum(isinstance(shape, Plane) for _, shape in solids(world)) == 1


def test_visuals_are_the_collisions(world):
    for model in world.models:
        for link in model.links:
            seen = [(part.shape, part.pose.tolist()) for part in link.visuals]
            assert seen == [(part.shape, part.pose.tolist()) for part in link.collisions]


def test_the_robot_starts_at_a_free_place(world):
    x, y, _ = planar(world.robot.pose)
    assert clearance(world, (x, y)) > ROBOT_RADIUS_M + 0.1
    for mover in world.movers:
        assert np.hypot(*(mover.pose[:2, 3] - (x, y))) > ROBOT_RADIUS_M + 0.3


@pytest.mark.parametrize("name", ["empty", "static", "arena"])
def test_arenas_measure_4_2_m(name):
    world = read_world(config_file("worlds", f"{name}.sdf"))
    walls = next(model for model in world.models if model.name == "walls")
    parts = [(model_part.pose, model_part.shape) for link in walls.links for model_part in link.collisions]
    for direction in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        inside, outside = (np.array(direction) * reach for reach in (2.0999, 2.1001))
        assert min(distance(pose, shape, inside) for pose, shape in parts) > 0
        assert min(distance(pose, shape, outside) for pose, shape in parts) == 0


@pytest.mark.parametrize(("name", "obstacles", "movers"), [("empty", 0, 0), ("static", 8, 0), ("arena", 4, 4)])
def test_obstacles_of_the_arenas(name, obstacles, movers):
    world = read_world(config_file("worlds", f"{name}.sdf"))
    static = [model for model in world.models if model.static and model.name not in ("walls", "ground_plane")]
    assert (len(static), len(world.movers)) == (obstacles, movers)


def test_movers_keep_clear_of_everything_that_stands(arena):
    for mover in arena.movers:
        (body,) = mover.links[0].collisions
        assert isinstance(body.shape, Cylinder)
        assert 0.12 <= body.shape.radius <= 0.15
        path = trajectory(mover).table[::25]
        assert min(clearance(arena, point[:2]) for point in path) - body.shape.radius >= 0.3


def test_movers_never_meet(arena):
    paths = [(trajectory(mover).table[::25, :2], mover.links[0].collisions[0].shape.radius) for mover in arena.movers]
    for (first, radius), (second, other) in itertools.combinations(paths, 2):
        gaps = np.linalg.norm(first[:, None] - second[None], axis=-1)
        assert gaps.min() > radius + other + 2 * ROBOT_RADIUS_M


def test_movers_are_slow_tall_and_slide(arena):
    for mover in arena.movers:
        (link,) = mover.links
        (body,) = link.collisions
        speed = mover.follower.force / mover.drag.surge
        assert 0.15 <= speed <= 0.3
        assert trajectory(mover).top_speed == pytest.approx(speed, rel=0.01)
        assert (link.gravity, body.friction) == (False, 0)
        bottom = (mover.pose @ link.pose @ body.pose)[2, 3] - body.shape.length / 2
        assert 0 < bottom < 0.05
        assert bottom + body.shape.length > LIDAR_HEIGHT_M + 0.1
        radius, length, mass = body.shape.radius, body.shape.length, link.inertial.mass
        across, along = mass * (3 * radius**2 + length**2) / 12, mass * radius**2 / 2
        np.testing.assert_allclose(link.inertial.inertia, np.diag([across, across, along]), atol=1e-4)


def test_the_corridor_is_1_4_m_wide_and_leads_round_two_bends():
    world = read_world(config_file("worlds", "corridor.sdf"))
    middle = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.6), (8.0, 2.6)]
    length = sum(np.hypot(*np.subtract(b, a)) for a, b in itertools.pairwise(middle))
    assert length == pytest.approx(10.6)
    walls = next(model for model in world.models if model.name == "walls")
    parts = [(part.pose, part.shape) for part in walls.links[0].collisions]
    for point in ((1, 0), (4, 1.3), (7, 2.6)):
        assert min(distance(pose, shape, point) for pose, shape in parts) == pytest.approx(0.7)
    for first, second in itertools.pairwise(middle):
        for point in np.linspace(first, second, 50):
            assert clearance(world, point) > ROBOT_RADIUS_M + 0.15


def test_doors_of_the_office_are_0_9_m_wide_and_reach_every_room():
    world = read_world(config_file("worlds", "office.sdf"))
    for x, y, across in ((-3.4, 0.8, 0), (0, 0.8, 0), (3.2, 0.8, 0), (-2, -0.8, 0), (2.8, -0.8, 0), (0.3, -2.4, 1)):
        assert clearance(world, (x, y)) == pytest.approx(0.45)
        door, to_frame = np.array([x, y]), np.array([0, 0.46] if across else [0.46, 0])
        assert clearance(world, door + to_frame) == clearance(world, door - to_frame) == 0
    for room in ((-3.4, 2), (0, 1.6), (3.2, 2), (-3.6, -1.3), (2.8, -2), (0, 0)):
        assert clearance(world, room) > 2 * ROBOT_RADIUS_M
