"""The rules and errors of tf2's BufferCore, with the texts that tf2 gives."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.messages.transform import TransformData
from dl_robotics.messages.transform_buffer import TransformBuffer
from dl_robotics.messages.transform_errors import (
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
    TransformException,
)
from dl_robotics.ops import geometry

S = 1_000_000_000


def data(parent, child, stamp_s=1.0, position=(0.0, 0.0, 0.0), yaw=0.0):
    return TransformData(round(stamp_s * S), parent, child, geometry.transform(position, (0.0, 0.0, yaw)))


def buffer(*transforms, static=()):
    filled = TransformBuffer()
    for transform in transforms:
        filled.set_transform(transform)
    for transform in static:
        filled.set_transform(transform, is_static=True)
    return filled


def x_of(tree, target, source, time_s):
    return tree.lookup(target, source, round(time_s * S))[0, 3]


@pytest.fixture
def driving():
    """A robot that drives and turns in odom, which has slipped in map; a lidar on the robot."""
    return buffer(
        data("map", "odom", 1.0, (10.0, 0.0, 0.0), math.pi / 2),
        data("map", "odom", 3.0, (10.0, 0.0, 0.0), math.pi / 2),
        data("odom", "base", 1.0),
        data("odom", "base", 2.0, (2.0, 0.0, 0.0), math.pi / 2),
        static=[data("base", "lidar", 0.0, (0.25, 0.0, 0.5))],
    )


def test_takes_points_of_the_source_to_the_target(driving):
    """At 2 s the robot looks along -x of the map from (10, 2); its lidar sits 25 cm ahead."""
    lidar = driving.lookup("map", "lidar", 2 * S)
    np.testing.assert_allclose(lidar[:3, 3], [9.75, 2.0, 0.5], atol=1e-12)
    np.testing.assert_allclose(geometry.apply(lidar, np.array([1.0, 0.0, 0.0])), [8.75, 2.0, 0.5], atol=1e-12)


def test_interpolates_positions_linearly_and_rotations_on_the_arc(driving):
    base = driving.lookup("odom", "base", round(1.25 * S))
    assert geometry.planar(base) == pytest.approx((0.5, 0.0, math.pi / 8))


def test_interpolates_on_the_shorter_arc():
    turning = buffer(data("a", "b", 1.0, yaw=math.radians(170.0)), data("a", "b", 2.0, yaw=math.radians(-170.0)))
    assert abs(geometry.yaw(turning.lookup("a", "b", round(1.5 * S)))) == pytest.approx(math.pi)


def test_time_zero_asks_for_the_latest_common_time(driving):
    """odom is known until 3 s, base until 2 s, the lidar at all times."""
    np.testing.assert_array_equal(driving.lookup("map", "lidar"), driving.lookup("map", "lidar", 2 * S))
    np.testing.assert_array_equal(driving.lookup("lidar", "map"), driving.lookup("lidar", "map", 2 * S))
    assert driving.lookup("base", "lidar")[0, 3] == 0.25


def test_latest_common_time_of_siblings():
    tree = buffer(
        data("root", "left", 1.0, (0.0, 0.0, 0.0)),
        data("root", "left", 2.0, (1.0, 0.0, 0.0)),
        data("root", "right", 1.0, (0.0, 0.0, 0.0)),
        data("root", "right", 4.0, (3.0, 0.0, 0.0)),
    )
    assert tree.lookup("left", "right")[0, 3] == pytest.approx(0.0)  # at 2 s both stand at 1
    assert x_of(tree, "left", "right", 1.5) == pytest.approx(0.0)
    assert tree.lookup("root", "right")[0, 3] == 3.0


def test_extrapolates_never(driving):
    """Where both ends lack data, tf2 reports what is missing above the target: at 4 s, map to odom."""
    where = "when looking up transform from frame [base] to frame [odom]"
    for time_s, text in [
        (4.0, "into the future.  Requested time 4.000000 but the latest data is at time 3.000000"),
        (0.5, "into the past.  Requested time 0.500000 but the earliest data is at time 1.000000"),
    ]:
        with pytest.raises(ExtrapolationException) as refused:
            driving.lookup("odom", "base", round(time_s * S))
        assert str(refused.value) == f"Lookup would require extrapolation {text}, {where}"
    with pytest.raises(ExtrapolationException, match=r"from frame \[odom\] to frame \[base\]$"):
        driving.lookup("base", "odom", 4 * S)
    with pytest.raises(ExtrapolationException, match=r"from frame \[lidar\] to frame \[map\]$"):
        driving.lookup("map", "lidar", round(2.5 * S))


def test_one_transform_holds_at_its_stamp_alone():
    lone = buffer(data("foo", "bar", 2.0, (1.0, 0.0, 0.0)))
    assert x_of(lone, "foo", "bar", 2.0) == 1.0
    with pytest.raises(ExtrapolationException) as refused:
        lone.lookup("foo", "bar", 4 * S)
    assert str(refused.value) == (
        "Lookup would require extrapolation at time 4.000000, but only time 2.000000 is in the buffer, "
        "when looking up transform from frame [bar] to frame [foo]"
    )


def test_static_transforms_hold_at_all_times():
    tree = buffer(static=[data("foo", "bar", 1.0, (1.0, 0.0, 0.0))])
    for time_s in (0.0, 0.5, 1e6):
        assert x_of(tree, "foo", "bar", time_s) == 1.0


def test_a_frame_that_turns_static_starts_afresh_and_back_again():
    tree = buffer(data("foo", "bar", 1.0), data("foo", "bar", 5.0), static=[data("foo", "bar", 2.0, (1.0, 0.0, 0.0))])
    assert x_of(tree, "foo", "bar", 100.0) == 1.0
    tree.set_transform(data("foo", "bar", 3.0, (2.0, 0.0, 0.0)))
    assert x_of(tree, "foo", "bar", 3.0) == 2.0
    with pytest.raises(ExtrapolationException):
        tree.lookup("foo", "bar", 100 * S)


def test_does_not_interpolate_between_parents():
    tree = buffer(
        data("left", "ball", 1.0, (1.0, 0.0, 0.0)),
        data("right", "ball", 2.0, (5.0, 0.0, 0.0)),
        static=[data("room", "left"), data("room", "right", position=(10.0, 0.0, 0.0))],
    )
    assert x_of(tree, "room", "ball", 1.0) == 1.0
    assert x_of(tree, "room", "ball", 1.9) == 1.0
    assert x_of(tree, "room", "ball", 2.0) == 15.0


def test_forgets_what_is_older_than_the_cache_time():
    tree = buffer(*(data("foo", "bar", float(second), (second, 0.0, 0.0)) for second in range(1, 16)))
    assert x_of(tree, "foo", "bar", 5.0) == 5.0
    with pytest.raises(ExtrapolationException, match=r"but the earliest data is at time 5\.000000"):
        tree.lookup("foo", "bar", round(4.9 * S))
    with pytest.raises(InvalidArgumentException, match=r"^TF_OLD_DATA .* for frame bar at time 4.900000$"):
        tree.set_transform(data("foo", "bar", 4.9))
    tree.set_transform(data("foo", "bar", 5.0, (7.0, 0.0, 0.0)))
    assert x_of(tree, "foo", "bar", 5.0) == 7.0


def test_the_cache_time_can_be_chosen():
    tree = TransformBuffer(cache_time_s=0.5)
    tree.set_transform(data("foo", "bar", 1.0))
    tree.set_transform(data("foo", "bar", 1.6, (1.0, 0.0, 0.0)))
    with pytest.raises(ExtrapolationException, match=r"but only time 1\.600000 is in the buffer"):
        tree.lookup("foo", "bar", round(1.5 * S))


def test_transforms_may_come_late():
    tree = buffer(*(data("foo", "bar", time, (time**2, 0.0, 0.0)) for time in (3.0, 1.0, 2.0)))
    assert x_of(tree, "foo", "bar", 2.0) == 4.0
    assert x_of(tree, "foo", "bar", 1.5) == 2.5
    assert tree.lookup("foo", "bar")[0, 3] == 9.0


def test_a_frame_in_itself_is_the_identity_even_if_unknown(driving):
    for frame in ("base", "nowhere", ""):
        np.testing.assert_array_equal(driving.lookup(frame, frame, 99 * S), np.eye(4))


@pytest.mark.parametrize(("target", "source", "argument"), [("x", "base", "target"), ("base", "x", "source")])
def test_unknown_frames(driving, target, source, argument):
    with pytest.raises(LookupException) as refused:
        driving.lookup(target, source, 1 * S)
    assert str(refused.value) == f'"x" passed to lookupTransform argument {argument}_frame does not exist. '


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ("", '"" passed to lookupTransform argument source_frame - in tf2 frame_ids cannot be empty'),
        (
            "/base",
            "\"/base\" passed to lookupTransform argument source_frame - in tf2 frame_ids cannot start with a '/'",
        ),
    ],
)
def test_frame_names_that_cannot_be(driving, frame, text):
    with pytest.raises(InvalidArgumentException) as refused:
        driving.lookup("map", frame)
    assert str(refused.value) == f"Invalid argument {text}"


@pytest.mark.parametrize("time_ns", [0, 1 * S])
def test_separate_trees(time_ns):
    tree = buffer(data("a", "b"), data("c", "d"))
    with pytest.raises(ConnectivityException) as refused:
        tree.lookup("b", "d", time_ns)
    assert str(refused.value) == (
        "Could not find a connection between 'b' and 'd' because they are not part of the same tree."
        "Tf has two or more unconnected trees."
    )


@pytest.mark.parametrize("time_ns", [0, 1 * S])
@pytest.mark.parametrize(("target", "source"), [("root", "b"), ("b", "root")])
def test_loops(time_ns, target, source):
    tree = buffer(data("a", "b"), data("b", "c"), data("c", "a"), data("root", "tip"))
    with pytest.raises(LookupException, match="The tf tree is invalid because it contains a loop: b -> a -> c -> b"):
        tree.lookup(target, source, time_ns)


@pytest.mark.parametrize(
    ("transform", "text"),
    [
        (data("a", "a"), 'TF_SELF_TRANSFORM: Ignoring transform for child_frame_id "a"'),
        (data("/a", "a"), 'TF_SELF_TRANSFORM: Ignoring transform for child_frame_id "a"'),
        (data("a", ""), "TF_NO_CHILD_FRAME_ID: Ignoring transform"),
        (data("", "b"), 'TF_NO_FRAME_ID: Ignoring transform for child_frame_id "b"'),
        (data("a", "b", position=(math.nan, 0.0, 0.0)), 'TF_NAN_INPUT: Ignoring transform for child_frame_id "b"'),
        (TransformData(1, "a", "b", np.zeros((4, 4))), "TF_DENORMALIZED_QUATERNION: Ignoring transform"),
        (TransformData(1, "a", "b", np.diag([1.0, 1.0, -1.0, 1.0])), "TF_DENORMALIZED_QUATERNION: Ignoring transform"),
    ],
)
def test_what_tf2_ignores_is_refused(transform, text):
    tree = TransformBuffer()
    with pytest.raises(InvalidArgumentException) as refused:
        tree.set_transform(transform)
    assert str(refused.value).startswith(text)
    with pytest.raises(LookupException):
        tree.lookup("a", "b")


def test_leading_slashes_of_old_publishers_are_dropped():
    tree = buffer(data("/foo", "/bar", 1.0, (1.0, 0.0, 0.0)))
    assert tree.lookup("foo", "bar")[0, 3] == 1.0


def test_clearing_keeps_what_is_static(driving):
    driving.clear()
    assert driving.lookup("base", "lidar")[0, 3] == 0.25
    with pytest.raises(ConnectivityException):
        driving.lookup("odom", "base")
    with pytest.raises(ExtrapolationException, match=r"cache is empty, when looking up transform from frame \[base\]"):
        driving.lookup("odom", "base", 1 * S)
    driving.set_transform(data("odom", "base", 0.5, (1.0, 0.0, 0.0)))
    assert driving.lookup("odom", "base")[0, 3] == 1.0


def test_all_errors_are_one_kind():
    for error in (LookupException, ConnectivityException, ExtrapolationException, InvalidArgumentException):
        assert issubclass(error, TransformException)


poses = st.tuples(*[st.floats(-10.0, 10.0)] * 3, *[st.floats(-3.0, 3.0)] * 3).map(
    lambda numbers: geometry.transform(numbers[:3], numbers[3:])
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(poses, poses), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(1 * S, 2 * S),
)
def test_ways_through_any_tree_compose(ends, parents, time_ns):
    """From c to a is from b to a after from c to b, and there and back is nothing."""
    tree = TransformBuffer()
    for child, ((first, last), parent) in enumerate(zip(ends, parents, strict=True), start=1):
        for second, pose in ((1, first), (2, last)):
            tree.set_transform(TransformData(second * S, str(min(parent, child - 1)), str(child), pose))
    a, b, c = "1", "3", "4"
    way = tree.lookup(a, b, time_ns) @ tree.lookup(b, c, time_ns)
    np.testing.assert_allclose(tree.lookup(a, c, time_ns), way, atol=1e-9)
    np.testing.assert_allclose(tree.lookup(a, c, time_ns) @ tree.lookup(c, a, time_ns), np.eye(4), atol=1e-9)


def test_threads_may_write_and_read_at_once():
    tree = buffer(data("odom", "base", 1.0))

    def write(second):
        tree.set_transform(data("odom", "base", second, (second, 0.0, 0.0)))
        return tree.lookup("odom", "base")[0, 3] >= second

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(write, [1.0 + 0.01 * step for step in range(400)]))
