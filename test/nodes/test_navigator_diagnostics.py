"""The life cycle, and the reason in the diagnostics whenever nothing comes out."""

import re
import time
from pathlib import Path

import pytest
from bench import Bench, scan_at
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped, Twist, TwistStamped
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetState
from nav_msgs.msg import Odometry
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rig import Rig
from sensor_msgs.msg import LaserScan

from dl_robotics.messages.diagnostics import Level, Status, decode_diagnostics
from dl_robotics.nodes.navigator import Navigator

BEST_EFFORT = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)


@pytest.fixture
def bench(rig: Rig, policy: Path) -> Bench:
    return Bench(rig, policy, input_timeout_s=10.0)


def report(rig: Rig) -> Status:
    """The next diagnostics of whatever node runs."""
    heard = rig.hear("/diagnostics", DiagnosticArray)
    rig.until(lambda: heard, "diagnostics")
    return decode_diagnostics(heard[0])[0]


def change(rig: Rig, transition: int) -> bool:
    request = Transition(id=transition)
    return rig.call(ChangeState, "navigator/change_state", transition=request).success


def state(rig: Rig) -> str:
    return rig.call(GetState, "navigator/get_state").current_state.label


def test_the_whole_life_cycle_over_its_services(rig: Rig, policy: Path) -> None:
    navigator = rig.start(Navigator, model=str(policy))
    assert state(rig) == "unconfigured"
    assert change(rig, Transition.TRANSITION_CONFIGURE)
    assert navigator.stage is not None
    assert navigator.count_subscribers("/scan") == 0
    assert change(rig, Transition.TRANSITION_ACTIVATE)
    rig.until(lambda: navigator.count_subscribers("/scan") == 1, "the subscription")
    assert change(rig, Transition.TRANSITION_DEACTIVATE)
    rig.until(lambda: navigator.count_subscribers("/scan") == 0, "the end of the subscription")
    assert change(rig, Transition.TRANSITION_CLEANUP)
    assert navigator.stage is None
    assert change(rig, Transition.TRANSITION_UNCONFIGURED_SHUTDOWN)
    assert state(rig) == "finalized"


@pytest.mark.parametrize("name", ["broken.safetensors", "none", ""])
def test_a_model_that_cannot_be_loaded_leaves_the_node_unconfigured_with_the_reason(
    rig: Rig, tmp_path: Path, name: str
) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"not a checkpoint")
    model = str(tmp_path / name) if name else ""
    rig.start(Navigator, model=model, autostart=True)
    status = report(rig)
    assert state(rig) == "unconfigured"
    assert status.level is Level.ERROR
    assert status.message.startswith("no model:")
    assert f"model {model!r}" in status.message


def test_an_error_in_a_transition_leads_back_to_the_beginning(rig: Rig, policy: Path) -> None:
    rig.speaker(Twist, "scan", match=False)  # one participant cannot have two types on a topic
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.stage is None and state(rig) == "unconfigured", "the way back")
    assert report(rig).message == "no model: a transition from 'inactive' has failed"
    assert not navigator.active


def test_a_device_that_is_not_there_is_refused_with_the_reason(rig: Rig, policy: Path) -> None:
    rig.start(Navigator, model=str(policy), device="warp_drive", autostart=True)
    assert "warp_drive" in report(rig).message


def test_a_model_named_after_a_failure_is_loaded(rig: Rig, policy: Path) -> None:
    navigator = rig.start(Navigator)
    assert not change(rig, Transition.TRANSITION_CONFIGURE)
    navigator.set_parameters([Parameter("model", value=str(policy))])
    assert change(rig, Transition.TRANSITION_CONFIGURE)
    assert report(rig).message == "inactive"


def test_missing_publishers_are_named(rig: Rig, policy: Path) -> None:
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.active, "the start")
    assert report(rig).message == "no publisher on /scan"
    rig.speaker(LaserScan, "scan")
    assert report(rig).message == "no publisher on /odom"
    rig.speaker(Odometry, "odom")
    rig.until(navigator.silent, "the watchdog")
    assert re.fullmatch(r"/(scan|odom) is silent for \d+\.\d\d s", report(rig).message)


def test_publishing_and_its_figures(bench: Bench, policy: Path) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense()
    status = bench.report()
    assert (status.level, status.message) == (Level.OK, "publishing")
    assert status.name == "/navigator"
    assert status.values["model"] == str(policy)
    assert status.values["frames in"] == status.values["frames out"] == "1"
    assert abs(float(status.values["age p50 (ms)"])) < 10_000.0


def test_no_goal_is_no_fault(bench: Bench) -> None:
    bench.sense()
    status = bench.report()
    assert (status.level, status.message) == (Level.OK, "no goal")
    assert status.values["dropped"] == "1"


def test_a_missing_transform_is_named(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0, frame="map")
    bench.sense()
    status = bench.report()
    assert status.level is Level.WARN
    assert status.message.startswith("no transform map->odom: ")


def test_missing_odometry_is_named(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    bench.scans.publish(scan_at(time.time_ns()))
    bench.until_commands(1)
    assert bench.report().message == "no message on /odom"


def test_a_stale_stamp_is_named(bench: Bench) -> None:
    bench.send_goal(5.0, 0.0)
    bench.sense(age_ns=20_000_000_000)
    assert bench.report().message.startswith("stale stamp on /scan: ")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"range_max": 1.0}, "range_max"),
        ({"angle_increment": 0.005}, "field of view"),
        ({"range_min": 1.0}, "range_min"),
    ],
)
def test_a_scan_that_does_not_fit_the_policy_is_named(bench: Bench, fields: dict[str, float], reason: str) -> None:
    bench.sense(scan=scan_at(time.time_ns(), **fields))
    status = bench.report()
    assert status.level is Level.ERROR
    assert reason in status.message
    bench.send_goal(5.0, 0.0)
    bench.sense(scan=scan_at(bench.stamp_ns, **fields))
    bench.until_commands(1)
    assert bench.commands == [(0.0, 0.0)]


def test_a_publisher_that_offers_less_is_named_and_then_matched(bench: Bench) -> None:
    bench.rig.client.destroy_publisher(bench.goals)
    goals = bench.rig.speaker(PoseStamped, "goal_pose", BEST_EFFORT, match=False)
    bench.rig.until(bench.navigator.goal_poses.silence, "the event")
    status = bench.report()
    assert status.level is Level.WARN
    assert status.message.startswith("QoS mismatch on /goal_pose")
    assert "RELIABILITY" in status.message
    bench.rig.until(lambda: goals.get_subscription_count() == 1, "a subscription that fits")


def test_a_robot_that_asks_for_what_is_not_offered_is_named(rig: Rig, policy: Path) -> None:
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.active, "the start")
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    rig.client.create_subscription(Twist, "cmd_vel", lambda _: None, latched)
    rig.until(navigator.commands.silence, "the event")
    message = report(rig).message
    assert message.startswith("QoS mismatch on /cmd_vel")
    assert "DURABILITY" in message


def test_topics_of_another_type_are_named(rig: Rig, stranger: Rig, policy: Path) -> None:
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.active, "the start")
    stranger.speaker(Twist, "scan", match=False)
    rig.until(lambda: navigator.count_publishers("/scan"), "the wrong publisher")
    expected = "no sensor_msgs/msg/LaserScan on /scan: publishers have geometry_msgs/msg/Twist"
    assert report(rig).message == expected
    stranger.client.create_subscription(TwistStamped, "cmd_vel", lambda _: None, 1)
    rig.until(lambda: navigator.count_subscribers("/cmd_vel"), "the wrong subscriber")
    expected = "no geometry_msgs/msg/Twist wanted on /cmd_vel: subscribers have geometry_msgs/msg/TwistStamped"
    assert report(rig).message == expected


def test_subscriptions_ask_for_no_more_than_the_publishers_found_offer(rig: Rig, policy: Path) -> None:
    rig.speaker(LaserScan, "scan", 5, match=False)
    rig.speaker(PoseStamped, "goal_pose", BEST_EFFORT, match=False)
    navigator = rig.start(Navigator, model=str(policy))
    rig.until(lambda: navigator.count_publishers("/scan") and navigator.count_publishers("/goal_pose"), "publishers")
    navigator.trigger_configure()
    navigator.trigger_activate()
    topics = ("/scan", "/odom", "/goal_pose")
    rig.until(lambda: all(navigator.count_subscribers(topic) for topic in topics), "the subscriptions")
    asked = {navigator.get_subscriptions_info_by_topic(topic)[0].qos_profile.reliability for topic in topics}
    assert asked == {ReliabilityPolicy.BEST_EFFORT}
    navigator.trigger_deactivate()
