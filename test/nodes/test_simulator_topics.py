"""What else the simulator publishes: frames, imu, camera, collisions, and how it takes parameters."""

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist
from nav_msgs.msg import Odometry
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from ros_gz_interfaces.msg import Contacts
from sensor_msgs.msg import CameraInfo, Image, Imu, LaserScan
from std_msgs.msg import Bool
from std_srvs.srv import Trigger
from tf2_msgs.msg import TFMessage

from dl_robotics.config import ConfigError
from dl_robotics.messages.camera_info import decode_camera_info
from dl_robotics.messages.contacts import decode_contacts
from dl_robotics.messages.flag import decode_flag
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.messages.imu import decode_imu
from dl_robotics.messages.laser_scan import decode_scan
from dl_robotics.messages.odometry import decode_odometry
from dl_robotics.messages.transform import decode_tf
from dl_robotics.messages.twist import encode_twist
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.ops.geometry import planar
from dl_robotics.sim.sdf import SdfError

LATCHED = QoSProfile(depth=10, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def test_the_world_frame_makes_up_for_the_drift_of_the_wheels(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True, step_ticks=100, start="pose", start_pose=[1.0, 0.5, 0.0])
    frames, truths = rig.hear("/tf", TFMessage), rig.hear("simulator/ground_truth", Odometry)
    rig.call(Trigger, "simulator/step")
    rig.until(
        lambda: frames and truths and frames[-1].transforms[0].header.stamp == truths[-1].header.stamp, "a common stamp"
    )
    found = {(t.frame_id, t.child_frame_id): t.transform for t in decode_tf(frames[-1])[0]}
    base = found["world", "odom"] @ found["odom", "base_footprint"]
    assert planar(base) == pytest.approx(planar(decode_odometry(truths[-1]).pose), abs=1e-9)


def test_static_frames_hold_the_links(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True)
    heard = rig.hear("/tf_static", TFMessage, LATCHED)
    rig.until(lambda: heard, "/tf_static")
    found = {(t.frame_id, t.child_frame_id): t.transform for t in decode_tf(heard[-1])[0]}
    assert found["base_footprint", "base_scan"][:3, 3] == pytest.approx([-0.032, 0.0, 0.182])
    # REP-103: an optical frame's z looks where the camera's x does.
    assert found["camera_link", "camera_link_optical_frame"][:3, 2] == pytest.approx([1.0, 0.0, 0.0])
    assert not any("wheel" in child for _, child in found)


def test_imu_at_rest_measures_gravity(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True, step_ticks=100)
    heard = rig.hear("imu", Imu)
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(heard) == 100, "the imu at 100 Hz")
    accelerations = np.array([decode_imu(message).linear_acceleration for message in heard])
    assert accelerations[20:].mean(axis=0) == pytest.approx([0.0, 0.0, 9.8], abs=0.05)
    assert accelerations[20:].std(axis=0) == pytest.approx(np.full(3, 0.017), rel=0.5)  # the world file's noise
    assert decode_imu(heard[0]).frame_id == "imu_link"


def test_image_and_camera_info_belong_together(rig: Rig) -> None:
    rig.start(Simulator, world="empty", paused=True, step_ticks=20)
    images, infos = rig.hear("image", Image), rig.hear("camera_info", CameraInfo)
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(images) == 6 and len(infos) == 6, "6 images of 0.2 s at 30 Hz")
    pixels, camera = decode_image(images[0]), decode_camera_info(infos[0])
    assert pixels.shape == (240, 320, 3)
    assert pixels.std() > 1.0  # not one colour
    assert images[0].encoding == "rgb8"
    assert decode_header(images[0].header) == (camera.stamp_ns, camera.frame_id)
    assert camera.intrinsics[0, 0] == pytest.approx(160.0 / np.tan(1.0821 / 2.0))


def test_a_collision_is_told_once_and_forgotten_at_a_reset(rig: Rig) -> None:
    # The wall begins at x = 2.1 m, the robot reaches 0.105 m ahead.
    options = {"start": "pose", "start_pose": [1.9, 0.0, 0.0], "cmd_vel_timeout_s": 60.0}
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=200, **options)
    heard = rig.hear("simulator/collision", Bool, LATCHED)
    rig.speaker(Twist, "cmd_vel").publish(encode_twist((0.2, 0.0, 0.0), (0.0, 0.0, 0.0)))
    rig.until(lambda: simulator.commands.received, "the command")
    rig.call(Trigger, "simulator/step")
    rig.call(Trigger, "simulator/reset")
    rig.until(lambda: len(heard) == 3, "none, a collision, none")
    assert [decode_flag(message) for message in heard] == [False, True, False]


def test_contacts_come_with_the_ground_truth_of_their_time(rig: Rig) -> None:
    options = {"start": "pose", "start_pose": [1.9, 0.0, 0.0], "cmd_vel_timeout_s": 60.0}
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=200, **options)
    heard, truths = rig.hear("simulator/contacts", Contacts), rig.hear("simulator/ground_truth", Odometry)
    rig.speaker(Twist, "cmd_vel").publish(encode_twist((0.2, 0.0, 0.0), (0.0, 0.0, 0.0)))
    rig.until(lambda: simulator.commands.received, "the command")
    rig.call(Trigger, "simulator/step")
    rig.until(lambda: len(heard) == len(truths) == 100, "2 s at 50 Hz")
    found = [decode_contacts(message) for message in heard]
    states = [decode_odometry(message) for message in truths]
    assert [one.stamp_ns for one in found] == [state.stamp_ns for state in states]
    first = next(index for index, one in enumerate(found) if one.contacts)
    assert all(one.contacts == () for one in found[:first])
    assert planar(states[first - 1].pose)[0] < 2.1 - 0.105
    assert planar(states[first].pose)[0] == pytest.approx(2.1 - 0.105, abs=0.005)
    assert {contact.second.split("::")[0] for contact in found[first].contacts} == {"walls"}
    assert all(contact.first.startswith("burger::") for contact in found[first].contacts)


def test_equal_seeds_give_equal_noise(rig: Rig) -> None:
    def scan(seed: int) -> np.ndarray:
        simulator = rig.start(Simulator, world="empty", paused=True, seed=seed, start="random")
        heard = rig.hear("scan", LaserScan)
        rig.call(Trigger, "simulator/step")
        rig.until(lambda: heard, "a scan")
        rig.stop(simulator)
        return decode_scan(heard[0]).ranges

    first, again, other = scan(7), scan(7), scan(8)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_nobody_reads_is_not_made(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True, step_ticks=100)
    rig.call(Trigger, "simulator/step")
    assert simulator.topics.scans == 0
    rig.hear("scan", LaserScan)
    rig.call(Trigger, "simulator/step")
    assert simulator.topics.scans == 10


def test_the_pace_can_be_changed_while_it_runs(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", real_time_factor=0.001)
    tick = simulator.tick
    assert simulator.set_parameters([Parameter("real_time_factor", value=0)])[0].successful  # as fast as possible
    rig.until(lambda: simulator.tick > tick + 1000, "10 s of simulated time", limit_s=9.0)


def test_parameters_out_of_range_and_read_only_ones_are_refused_with_the_reason(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True)
    negative, start, rate = (
        simulator.set_parameters([Parameter(name, value=value)])[0]
        for name, value in (("real_time_factor", -1.0), ("start", "anywhere"), ("tf_rate_hz", 10.0))
    )
    assert not negative.successful
    assert not start.successful
    assert "expected" in start.reason and "anywhere" in start.reason
    assert "read-only" in rate.reason


def test_a_world_or_setting_that_cannot_be_is_named(rig: Rig) -> None:
    with pytest.raises(FileNotFoundError, match="no_such_world"):
        rig.start(Simulator, world="no_such_world")
    with pytest.raises(SdfError, match="no_such_file"):
        rig.start(Simulator, world="/no_such_file.sdf")
    with pytest.raises(ConfigError, match="start"):
        rig.start(Simulator, start="anywhere")


def test_malformed_commands_are_counted_and_do_no_harm(rig: Rig) -> None:
    simulator = rig.start(Simulator, world="empty", paused=True)
    commands = rig.speaker(Twist, "cmd_vel")
    for count, value in enumerate((float("nan"), float("inf"), -float("inf")), 1):
        message = encode_twist((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        message.linear.x = value
        commands.publish(message)
        rig.until(lambda count=count: simulator.commands.refused == count, f"{count} refusals")
    commands.publish(b"\x00\x01\x00\x00")  # cut off
    diagnostics = rig.hear("/diagnostics", DiagnosticArray)
    rig.until(lambda: diagnostics, "diagnostics")
    values = {pair.key: pair.value for pair in diagnostics[-1].status[0].values}
    assert values["commands refused"] == "3"
    assert rig.call(Trigger, "simulator/step").success
