"""The topic ``cmd_vel`` from both its ends: forward speed and yaw rate as a Twist or a TwistStamped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from geometry_msgs.msg import Twist, TwistStamped
from rclpy.node import Node

from dl_robotics.messages.twist import Velocity, decode_twist, decode_twist_stamped, encode_twist, encode_twist_stamped
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.outputs import Output

TOPIC = "cmd_vel"

Command = tuple[float, float]  # forward m/s, yaw rate rad/s

STOP: Command = (0.0, 0.0)


class StampedCommand(NamedTuple):
    """A command, and the stamp that it bears, ns; 0 without one."""

    stamp_ns: int
    command: Command


def command_input(node: Node, stamped: bool, use: Callable[[StampedCommand], None]) -> Input[StampedCommand]:
    """The topic as a robot reads it."""
    kind, decode = (TwistStamped, _decode_stamped) if stamped else (Twist, _decode)
    return Input(node, TOPIC, kind, decode, use, reliable=True)


def command_output(node: Node, stamped: bool) -> Output[[int, str, Command]]:
    """The topic as a controller writes it: stamp in ns, the robot's base frame, command."""
    if stamped:
        return Output(node, TOPIC, TwistStamped, _encode_stamped)
    return Output(node, TOPIC, Twist, _encode)


def _decode(message: Any) -> StampedCommand:
    return StampedCommand(0, _planar(decode_twist(message)))


def _decode_stamped(message: Any) -> StampedCommand:
    stamped = decode_twist_stamped(message)
    return StampedCommand(stamped.stamp_ns, _planar(stamped.velocity))


def _planar(velocity: Velocity) -> Command:
    return float(velocity.linear[0]), float(velocity.angular[2])


def _encode(stamp_ns: int, frame_id: str, command: Command) -> Any:
    return encode_twist((command[0], 0.0, 0.0), (0.0, 0.0, command[1]))


def _encode_stamped(stamp_ns: int, frame_id: str, command: Command) -> Any:
    return encode_twist_stamped(stamp_ns, frame_id, (command[0], 0.0, 0.0), (0.0, 0.0, command[1]))
