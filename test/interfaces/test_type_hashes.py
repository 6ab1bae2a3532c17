"""The interface packages of this environment have upstream's type hashes, so they talk to any other ROS 2 machine."""

from collections.abc import Iterator

import pytest
import rclpy
from rclpy.node import Node
from ros_gz_interfaces.msg import Contacts
from tf2_msgs.msg import TFMessage
from vision_msgs.msg import Detection2DArray


@pytest.fixture
def node() -> Iterator[Node]:
    context = rclpy.Context()
    rclpy.init(context=context)
    node = Node("type_hashes", context=context)
    yield node
    node.destroy_node()
    context.shutdown()


# From upstream's releases: vision_msgs 4.1.1, tf2_msgs of every distribution since Iron. That of
# ros_gz_interfaces 2.1.1 is of this build, whose definitions are upstream's but for their comments.
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (Detection2DArray, "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968"),
        (Contacts, "RIHS01_2cf36dd51e105580839fb7d6c028846a6342a8dfd62fde733d05f3e0c9ec4b5b"),
        (TFMessage, "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087"),
    ],
)
def test_announces_the_type_hash_of_upstream(node, message, expected):
    node.create_publisher(message, "topic", 1)
    (endpoint,) = node.get_publishers_info_by_topic("topic")
    assert str(endpoint.topic_type_hash) == expected
