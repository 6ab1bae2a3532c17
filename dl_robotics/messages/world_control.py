"""Control of a Gazebo world: ``ros_gz_interfaces/ControlWorld``, where that package is installed."""

from __future__ import annotations

from typing import Any

from dl_robotics.messages.message_class import message_class

CONTROL_WORLD = "ros_gz_interfaces/srv/ControlWorld"
_CONTROL, _RESET = "ros_gz_interfaces/msg/WorldControl", "ros_gz_interfaces/msg/WorldReset"


def encode_model_reset() -> Any:
    """The request that puts all models back to where the world file has them; time goes on.

    :raises MessageTypeError: if the package is not installed.
    """
    reset = message_class(_RESET)(model_only=True)
    return message_class(CONTROL_WORLD).Request(world_control=message_class(_CONTROL)(reset=reset))
