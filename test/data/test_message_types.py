"""Messages as bags hold them are those that go over the wire."""

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.serialization import deserialize_message
from std_msgs.msg import ByteMultiArray, String

from dl_robotics.data.errors import DataError
from dl_robotics.data.message_types import add_installed, parse_definition, serialise, standard_types, type_name
from dl_robotics.messages.camera_info import encode_camera_info, pinhole
from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.ops.detections import Detections

HEADER = encode_header(1_500_000_000, "camera")
PIXELS = np.arange(96, dtype=np.uint8).reshape(4, 8, 3)
FOUND = Detections(np.array([[1, 2, 3, 4]], np.float32), np.array([1]), np.ones(1, np.float32), ("7",))
MESSAGES = [
    encode_image(PIXELS, "rgb8", HEADER),
    encode_compressed_image(PIXELS, "rgb8", HEADER),
    encode_detections(FOUND, HEADER),
    encode_detections(Detections.none(), HEADER),
    encode_label_info(["background", "cup"], HEADER, 0.5),
    encode_camera_info(pinhole(7, "camera", 8, 4, 1.0)),
    DiagnosticArray(status=[DiagnosticStatus(level=b"\x02", name="a", values=[KeyValue(key="b", value="c")])]),
    ByteMultiArray(data=[b"\x00", b"\xff"]),
    String(data="täglich"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=type_name)
def test_messages_come_back_from_their_bytes(message):
    types = standard_types()
    add_installed(types, type_name(message))
    assert deserialize_message(bytes(serialise(types, message)), type(message)) == message


def test_types_are_added_with_all_that_is_in_them():
    types = standard_types()
    assert "vision_msgs/msg/Point2D" not in types.fielddefs
    for _ in range(2):
        add_installed(types, "vision_msgs/msg/Detection2DArray")
    assert "vision_msgs/msg/Point2D" in types.fielddefs
    # The hash of upstream's 4.1.1: equal hashes understand one another.
    expected = "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968"
    assert types.hash_rihs01("vision_msgs/msg/Detection2DArray") == expected


@pytest.mark.parametrize(
    "name", ["", "vision_msgs/msg/Nothing", "nobody_msgs/msg/Mine", "../msg/Secret", "Detection2D"]
)
def test_types_that_are_not_there_are_refused(name):
    with pytest.raises(DataError, match=rf"^expected a standard or installed message type, got {name}$"):
        add_installed(standard_types(), name)


def test_definitions_may_be_idl():
    idl = "module demo { module msg { struct One { int32 number; }; }; };"
    rule = "=" * 80
    bundle = f"{rule}\nIDL: demo/msg/One\n{idl}\n"
    for text in (f"// IDL: demo\n{idl}", bundle):
        assert list(parse_definition(text, "demo/msg/One")) == ["demo/msg/One"]
    with pytest.raises(DataError, match="definition of demo/msg/One not readable"):
        parse_definition("IDL: no such thing", "demo/msg/One")
