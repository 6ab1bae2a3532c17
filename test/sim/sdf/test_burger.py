"""The robot that ships with the package: its size, masses and sensors."""

import numpy as np
import pytest

from dl_robotics.ops.geometry import apply
from dl_robotics.resources import config_file
from dl_robotics.sim.sdf import read_model
from dl_robotics.sim.sdf.inertia import solid
from dl_robotics.sim.world import Box, Camera, Cylinder, Imu, Lidar, Sphere

FOOTPRINT_RADIUS_M = 0.105
SOLIDS = {
    "base_link": (Cylinder(0.09, 0.13), 0.79),
    "base_footprint": (Cylinder(0.105, 0.005), 0.01),
    "wheel_left_link": (Cylinder(0.033, 0.018), 0.03),
    "wheel_right_link": (Cylinder(0.033, 0.018), 0.03),
    "base_scan": (Cylinder(0.035, 0.05), 0.12),
    "imu_link": (Box((0.02, 0.02, 0.004)), 0.005),
    "camera_link": (Box((0.02, 0.03, 0.024)), 0.015),
}


@pytest.fixture(scope="module")
def burger():
    return read_model(config_file("robots", "burger"))


def surface(shape):
    """Points all over a shape: the corners of a box, circles of the others."""
    if isinstance(shape, Box):
        return np.stack(np.meshgrid(*[(-s / 2, s / 2) for s in shape.size]), axis=-1).reshape(-1, 3)
    turn = np.linspace(0, 2 * np.pi, 361)
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], axis=1)
    if isinstance(shape, Sphere):
        return shape.radius * np.concatenate([ring, ring[:, [0, 2, 1]], ring[:, [2, 0, 1]]])
    assert isinstance(shape, Cylinder)
    return np.concatenate([shape.radius * ring + [0, 0, z] for z in (-shape.length / 2, shape.length / 2)])


def points(burger, parts="collisions"):
    """Points of all parts in the model frame."""
    shapes = [(link.pose @ part.pose, part.shape) for link in burger.links for part in getattr(link, parts)]
    return np.concatenate([apply(pose, surface(shape)) for pose, shape in shapes])


def sensor(burger, kind):
    return next((link.pose @ found.pose, found) for link, found in burger.sensors() if isinstance(found, kind))


def test_links(burger):
    assert burger.links[0].name == "base_footprint"
    assert {link.name for link in burger.links} == set(SOLIDS)


def test_footprint_is_a_circle(burger):
    radii = np.hypot(*points(burger)[:, :2].T)
    assert radii.max() == pytest.approx(FOOTPRINT_RADIUS_M)
    deck = burger.link("base_link").collisions[1]
    assert deck.shape.radius == FOOTPRINT_RADIUS_M


def test_it_stands_on_its_wheels_and_caster(burger):
    lowest = points(burger)[:, 2].min()
    assert lowest == pytest.approx(0, abs=1e-9)
    caster = burger.link("base_link").pose @ burger.link("base_link").collisions[2].pose
    assert caster[2, 3] == pytest.approx(burger.link("base_link").collisions[2].shape.radius)
    assert burger.link("base_link").collisions[2].friction == 0


def test_visuals_are_the_collisions(burger):
    for link in burger.links:
        seen = [(part.shape, part.pose.tolist()) for part in link.visuals]
        assert seen == [(part.shape, part.pose.tolist()) for part in link.collisions]


def test_masses_and_inertias_are_those_of_solid_bodies(burger):
    assert sum(link.inertial.mass for link in burger.links) == pytest.approx(1.0)
    for name, (shape, mass) in SOLIDS.items():
        inertial = burger.link(name).inertial
        volume, unit = solid(shape)
        assert inertial.mass == mass
        np.testing.assert_allclose(inertial.inertia, unit * mass / volume, rtol=1e-3, atol=1e-12)


def test_it_does_not_tip_over_when_it_brakes(burger):
    """Its weight is behind the axle far enough: g d > a h, and before the caster."""
    masses = np.array([link.inertial.mass for link in burger.links])
    places = np.array([apply(link.pose, link.inertial.pose[:3, 3]) for link in burger.links])
    x, y, z = masses @ places / masses.sum()
    assert y == pytest.approx(0, abs=1e-9)
    assert -x * 9.8 > burger.drive.max_linear_acceleration * z
    assert x > -0.080


def test_drive(burger):
    drive, left, right = burger.drive, burger.link("wheel_left_link"), burger.link("wheel_right_link")
    assert (left.pose - right.pose)[1, 3] == pytest.approx(drive.wheel_separation_m) == 0.16
    assert left.collisions[0].shape.radius == drive.wheel_radius_m == 0.033
    assert left.pose[2, 3] == pytest.approx(drive.wheel_radius_m)
    assert (drive.max_linear_velocity, drive.max_angular_velocity) == (0.22, 2.84)
    assert (drive.min_linear_velocity, drive.min_angular_velocity) == (-0.22, -2.84)
    assert (drive.child_frame_id, drive.frame_id) == ("base_footprint", "odom")
    for joint in burger.joints:
        if not joint.fixed:  # forward is a positive turn about the axle, which points left
            np.testing.assert_allclose(joint.pose[:3, :3] @ joint.axis, [0, 1, 0], atol=1e-9)


def test_lidar_looks_all_round_over_the_robot(burger):
    pose, lidar = sensor(burger, Lidar)
    step = (lidar.angle_max - lidar.angle_min) / (lidar.samples - 1)
    assert step * lidar.samples == pytest.approx(2 * np.pi)
    assert (lidar.samples, lidar.rate_hz, lidar.range_min_m, lidar.range_max_m) == (360, 10, 0.12, 3.5)
    assert pose[2, 3] == pytest.approx(0.182)
    seen = points(burger, "visuals")
    in_sight = seen[seen[:, 2] >= pose[2, 3]]
    assert np.hypot(*(in_sight - pose[:3, 3])[:, :2].T).max() < lidar.range_min_m


def test_camera_sees_nothing_of_the_robot(burger):
    pose, camera = sensor(burger, Camera)
    assert (camera.width, camera.height, camera.rate_hz) == (320, 240, 30)
    assert np.degrees(camera.horizontal_fov) == pytest.approx(62, abs=0.1)
    x, y, z = (points(burger, "visuals") - pose[:3, 3]).T
    wide = np.tan(camera.horizontal_fov / 2)
    high = wide * camera.height / camera.width
    assert not np.any((x > 0) & (np.abs(y) <= wide * x) & (np.abs(z) <= high * x))


def test_imu(burger):
    _, imu = sensor(burger, Imu)
    assert imu.rate_hz == 100
    assert imu.angular_velocity_noise.stddev > 0
    assert imu.linear_acceleration_noise.stddev > 0
