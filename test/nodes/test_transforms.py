"""Transforms heard on /tf and /tf_static."""

import pytest
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from rosgraph_msgs.msg import Clock
from tf2_msgs.msg import TFMessage

from dl_robotics.messages.clock import encode_clock
from dl_robotics.messages.transform import TransformData, encode_tf
from dl_robotics.messages.transform_errors import ExtrapolationException, LookupException, TransformException
from dl_robotics.nodes.transforms import BufferTransforms, Transforms, listen
from dl_robotics.ops.geometry import planar, transform_from_planar

S = 1_000_000_000
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Listener(Node):
    """With tf2 where it is installed."""

    def __init__(self, **node: object) -> None:
        super().__init__("listener", **node)
        self.transforms = self.listen()

    def listen(self) -> Transforms:
        return listen(self)

    def x(self, target: str, source: str, time_ns: int = 0) -> float | None:
        """Where the source is in the target; None if it is not known."""
        try:
            return planar(self.transforms.lookup(target, source, time_ns))[0]
        except TransformException:
            return None


class WithoutTf2(Listener):
    def listen(self) -> Transforms:
        return BufferTransforms(self)


def moved(stamp_ns: int, parent: str, child: str, x: float) -> TransformData:
    return TransformData(stamp_ns, parent, child, transform_from_planar((x, 0.0, 0.0)))


BOTH = pytest.mark.parametrize("kind", [Listener, WithoutTf2])


@BOTH
def test_moving_and_static_transforms_make_one_tree(rig: Rig, kind: type[Listener]) -> None:
    static = rig.speaker(TFMessage, "/tf_static", LATCHED, match=False)
    static.publish(encode_tf([moved(0, "map", "odom", 10.0)]))  # before anyone listens
    listener = rig.start(kind)
    moving = rig.speaker(TFMessage, "/tf")
    moving.publish(encode_tf([moved(1 * S, "odom", "base", 1.0)]))
    moving.publish(encode_tf([moved(3 * S, "odom", "base", 3.0)]))
    rig.until(lambda: listener.x("map", "base") == pytest.approx(13.0), "the whole tree")
    assert listener.x("map", "base", 2 * S) == pytest.approx(12.0)
    with pytest.raises(ExtrapolationException):
        listener.transforms.lookup("map", "base", 4 * S)
    with pytest.raises(LookupException):
        listener.transforms.lookup("map", "nowhere")


def test_a_broken_transform_does_not_spoil_the_rest(rig: Rig, capfd: pytest.CaptureFixture[str]) -> None:
    listener = rig.start(WithoutTf2)
    message = encode_tf([moved(S, "odom", "base", 1.0), moved(S, "odom", "arm", 2.0), moved(S, "odom", "odom", 0.0)])
    message.transforms[0].transform.translation.x = float("nan")
    rig.speaker(TFMessage, "/tf").publish(message)
    rig.until(lambda: listener.x("odom", "arm") == pytest.approx(2.0), "the transform that is whole")
    assert listener.x("odom", "base") is None
    assert "/tf: message refused (1 so far): transforms[0].transform.translation.x" in capfd.readouterr().err


@BOTH
def test_a_clock_that_jumps_back_clears_what_belongs_to_a_time(rig: Rig, kind: type[Listener]) -> None:
    listener = rig.start(kind, use_sim_time=True)
    clock, moving = rig.speaker(Clock, "/clock"), rig.speaker(TFMessage, "/tf")
    clock.publish(encode_clock(100 * S))
    rig.until(lambda: listener.get_clock().now().nanoseconds == 100 * S, "the time")
    moving.publish(encode_tf([moved(100 * S, "odom", "base", 1.0)]))
    rig.until(lambda: listener.x("odom", "base") is not None, "the transform")
    clock.publish(encode_clock(S))
    rig.until(lambda: listener.x("odom", "base") is None, "the transform to be forgotten")
