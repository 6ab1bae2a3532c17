"""What a policy sees: worked examples, and the law that a scan and an engine give the same observation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.messages.laser_scan import Scan
from dl_robotics.navigation.observation import goal_polar, observe, resample, size
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Task
from dl_robotics.ops.geometry import wrap_angle

TASK = Task(
    name="test",
    lidar=LidarSpec(count=3, fov_deg=180.0, range_min_m=0.1, range_max_m=2.0),
    action=ActionSpec(kind="continuous", linear_mps=(0.0, 0.2), angular_radps=(-2.0, 2.0)),
)


def scan(count=360, closes=True, **changes):
    increment = 2 * math.pi / count if closes else math.pi / (count - 1)
    values = {
        "stamp_ns": 0,
        "frame_id": "base_scan",
        "angle_min": -math.pi if closes else -math.pi / 2,
        "angle_increment": increment,
        "range_min_m": 0.1,
        "range_max_m": 3.5,
        "ranges": np.arange(1, count + 1, dtype=np.float32) / count,
    }
    return Scan(**(values | changes))


def test_worked_example():
    seen = observe(
        TASK,
        scans=np.array([[[1.0, np.inf, -np.inf]]]),
        pose=np.array([[1.0, 2.0, math.pi / 2]]),
        velocity=np.array([[0.1, -1.0]]),
        goal=np.array([[1.0, 5.0]]),
        last_command=np.array([[0.2, 2.0]]),
    )
    assert seen.shape == (1, size(TASK))
    assert seen.dtype == np.float32
    np.testing.assert_allclose(
        seen[0], [math.log(10) / math.log(20), 1.0, 0.0, 3 / 4, 1.0, 0.0, 0.5, -0.5, 1.0, 1.0], atol=1e-6
    )


@given(*[st.floats(-50, 50) for _ in range(4)], st.floats(-10, 10))
def test_goal_polar_leads_to_the_goal(x, y, goal_x, goal_y, yaw):
    distance, bearing = goal_polar(x, y, yaw, goal_x, goal_y)
    assert -math.pi <= bearing <= math.pi
    reached = (x + distance * math.cos(yaw + bearing), y + distance * math.sin(yaw + bearing))
    np.testing.assert_allclose(reached, (goal_x, goal_y), atol=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_every_entry_lies_within_the_space(seed):
    rng = np.random.default_rng(seed)
    ranges = rng.choice([np.inf, -np.inf, 0.0, 0.5, 99.0], (5, 1, 3))
    seen = observe(TASK, ranges, *(rng.normal(0, 10, (5, k)) for k in (3, 2, 2, 2)))
    assert np.abs(seen).max() <= 1.0


def test_resample_takes_the_nearest_ray_of_a_full_circle():
    beams = LidarSpec(count=4, fov_deg=360.0).beams
    picked = resample(scan(), beams)
    np.testing.assert_allclose(picked, np.array([1, 91, 181, 271]) / 360, rtol=1e-6)


def test_resample_finds_the_same_directions_when_the_scan_starts_at_zero():
    ranges = np.arange(1, 361, dtype=np.float32)
    beams = LidarSpec(count=8, fov_deg=360.0).beams
    from_pi = resample(scan(ranges=ranges), beams)
    from_zero = resample(scan(angle_min=0.0, ranges=np.roll(ranges, -180)), beams)
    np.testing.assert_array_equal(from_pi, from_zero)


def test_resample_reads_clockwise_scans():
    ranges = np.arange(1, 182, dtype=np.float32)
    beams = LidarSpec(count=5, fov_deg=180.0).beams
    forward = resample(scan(181, closes=False, ranges=ranges), beams)
    turned = scan(181, closes=False, ranges=ranges[::-1].copy(), angle_min=math.pi / 2, angle_increment=-math.pi / 180)
    np.testing.assert_array_equal(resample(turned, beams), forward)


def test_no_return_of_an_lds_lidar_is_nothing_seen():
    picked = resample(scan(ranges=np.zeros(360, dtype=np.float32)), LidarSpec(count=4).beams)
    assert np.isposinf(picked).all()


@pytest.mark.parametrize(
    ("came", "lidar", "named"),
    [
        (scan(181, closes=False), LidarSpec(count=24), "field of view"),
        (scan(12), LidarSpec(count=24), "angle_increment"),
        (scan(angle_min=1e30), LidarSpec(count=24), "angle_min"),
        (scan(range_max_m=2.0), LidarSpec(range_max_m=3.5), "range_max"),
        (scan(range_min_m=0.5), LidarSpec(range_min_m=0.12), "range_min"),
        (scan(181, closes=False, angle_min=0.0), LidarSpec(count=3, fov_deg=180.0), "starts at"),
    ],
)
def test_a_lidar_the_policy_was_not_trained_for_is_refused(came, lidar, named):
    with pytest.raises(ValueError, match=named):
        resample(came, lidar.beams)


@given(st.integers(95, 300), st.sampled_from([-1.0, 1.0]), st.floats(-40.0, 40.0))
def test_a_narrower_lidar_leaves_beams_out_of_sight_and_gives_the_others(rays, way, turned):
    ranges, first = np.arange(1, rays + 1, dtype=np.float32), way * math.radians(turned - rays / 2)
    narrow = scan(rays, closes=False, ranges=ranges, angle_min=first, angle_increment=way * math.radians(1.0))
    beams = LidarSpec(count=120).beams
    picked = resample(narrow, beams, narrower=True)
    steps = np.degrees(wrap_angle(way * beams.angles - first * way)) % 360.0
    seen = steps < rays - 0.5
    blind = (steps > rays + 0.5) & (steps < 359.5)
    np.testing.assert_array_equal(np.isnan(picked[seen | blind]), blind[seen | blind])
    np.testing.assert_allclose(picked[seen], 1.0 + steps[seen], atol=0.51)


def test_a_lidar_that_looks_all_around_is_read_alike():
    for whole in (scan(), scan(angle_min=0.0)):
        beams = LidarSpec(count=120).beams
        np.testing.assert_array_equal(resample(whole, beams, narrower=True), resample(whole, beams))


@pytest.mark.parametrize(
    "came", [scan(81, closes=False, angle_increment=math.radians(1.0)), scan(181, closes=False, angle_min=0.1)]
)
def test_a_lidar_that_hardly_looks_ahead_is_refused(came):
    with pytest.raises(ValueError, match="field of view"):
        resample(came, LidarSpec(count=120).beams, narrower=True)
