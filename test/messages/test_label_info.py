"""Class names beside a topic."""

import pytest
from vision_msgs.msg import VisionClass

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.label_info import decode_label_info, encode_label_info

HEADER = encode_header(7, "camera")


def test_names_come_back(travel):
    for message in travel(encode_label_info(["background", "cup"], HEADER, 0.25)):
        names, threshold = decode_label_info(message)
        assert (names, threshold) == ({0: "background", 1: "cup"}, 0.25)


def test_ids_need_not_follow_one_another(travel):
    for message in travel(encode_label_info({7: "cup", 65535: "plate"}, HEADER)):
        assert decode_label_info(message).names == {7: "cup", 65535: "plate"}


@pytest.mark.parametrize(
    ("class_id", "name", "error"),
    [
        (0, "plate", r"class_map\[2\]\.class_id: expected an id of its own, got 0"),
        (2, "cup", r"class_map\[2\]\.class_name: expected a name of its own, got 'cup'"),
        (2, "", r"class_map\[2\]\.class_name: expected a name, got ''"),
    ],
)
def test_refuses_ids_and_names_that_do_not_tell_classes_apart(travel, class_id, name, error):
    message = encode_label_info(["background", "cup"], HEADER)
    message.class_map.append(VisionClass(class_id=class_id, class_name=name))
    for received in travel(message):
        with pytest.raises(MessageError, match=f"^{error}$"):
            decode_label_info(received)


def test_refuses_a_threshold_that_is_no_number(travel):
    for received in travel(encode_label_info(["background"], HEADER, float("nan"))):
        with pytest.raises(MessageError, match=r"^threshold: expected a finite number, got nan$"):
            decode_label_info(received)


@pytest.mark.parametrize("class_id", [-1, 65536])
def test_ids_have_16_bits(class_id):
    with pytest.raises(MessageError, match="class_id: expected 0 to 65535"):
        encode_label_info({class_id: "cup"}, HEADER)
