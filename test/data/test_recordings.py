"""Bags: what is written is read back, by rosbags' own reader."""

import pytest
from rosbags.highlevel import AnyReader
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.typesys import Stores, get_typestore

from dl_robotics.data.recordings import BagWriter, RecordingError

NEVER = QosTime(2147483647, 4294967295)
QOS = Qos(
    QosHistory.KEEP_LAST, 10, QosReliability.RELIABLE, QosDurability.VOLATILE, NEVER, NEVER, QosLiveliness.AUTOMATIC,
    NEVER, avoid_ros_namespace_conventions=False,
)  # fmt: skip
TYPES = get_typestore(Stores.ROS2_KILTED)
FLAG = "std_msgs/msg/Bool"


def serialised(value):
    return bytes(TYPES.serialize_cdr(TYPES.types[FLAG](data=value), FLAG))


@pytest.mark.parametrize("storage", ["sqlite3", "mcap"])
def test_round_trip(storage, tmp_path):
    bag = BagWriter(tmp_path / "bag", storage)
    bag.add_topic("/a", FLAG, QOS)
    bag.add_topic("/b", FLAG, QOS)
    for stamp_ns, (topic, value) in enumerate([("/a", True), ("/b", False), ("/a", False)]):
        bag.write(topic, stamp_ns, serialised(value))
    bag.close()
    assert bag.messages == 3
    with AnyReader([tmp_path / "bag"]) as reader:
        rows = [(c.topic, stamp_ns, reader.deserialize(raw, c.msgtype).data) for c, stamp_ns, raw in reader.messages()]
    assert rows == [("/a", 0, True), ("/b", 1, False), ("/a", 2, False)]


def test_an_existing_bag_is_never_overwritten(tmp_path):
    with pytest.raises(RecordingError, match="it exists"):
        BagWriter(tmp_path)


def test_an_unknown_type_is_refused_by_name(tmp_path):
    bag = BagWriter(tmp_path / "bag")
    with pytest.raises(RecordingError, match="/t: expected a standard or installed message type, got my_msgs/msg/Mine"):
        bag.add_topic("/t", "my_msgs/msg/Mine", QOS)
    bag.close()
