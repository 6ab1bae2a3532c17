"""Bags as other software writes them: every storage, version and compression, with and without metadata."""

import shutil
import sqlite3
import struct

import numpy as np
import pytest
from drawn import CLASSES
from made_bags import DETECTIONS, IMAGE, SEGMENTATION, assert_equal, messages, picture, write
from rosbags.rosbag1 import Writer as Writer1
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from dl_robotics.data.bags.mcap import MAGIC
from dl_robotics.data.config import DataConfig, TopicsConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.message_types import add_installed, serialise, standard_types, type_name
from dl_robotics.data.open import open_data

TYPES = standard_types()
for message_type in ("vision_msgs/msg/Detection2DArray", "vision_msgs/msg/LabelInfo"):
    add_installed(TYPES, message_type)


def rows_of(samples):
    return [(topic, message, serialise(TYPES, message), at) for topic, message, at in messages(samples)]


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


def assert_holds(path, five):
    samples = opened(path)
    assert (len(samples), samples.classes, samples.notes) == (5, CLASSES, ())
    for number in (4, 1, 0, 3, 2):
        assert_equal(samples[number], five[number])


def plain_rosbags(path, rows, version, storage, compression):
    writer = Writer(path, version=version, storage_plugin=storage)
    writer.set_compression(compression, CompressionFormat.ZSTD)
    with writer:
        connections = {}
        for topic, message, raw, at in rows:
            if topic not in connections:
                connections[topic] = writer.add_connection(topic, type_name(message), typestore=TYPES)
            writer.write(connections[topic], at, raw)
    return path


@pytest.mark.parametrize("version", [8, 9])
@pytest.mark.parametrize("storage", StoragePlugin)
@pytest.mark.parametrize("compression", CompressionMode)
def test_rosbags(five, tmp_path, version, storage, compression):
    if storage == StoragePlugin.SQLITE3 and compression == CompressionMode.STORAGE:
        return  # there is no such bag
    assert_holds(plain_rosbags(tmp_path / "bag", rows_of(five.samples), version, storage, compression), five)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_without_metadata_as_folder_and_as_file(five, tmp_path, storage):
    path = write(tmp_path / "bag", messages(five.samples), storage)
    (path / "metadata.yaml").unlink()
    assert_holds(path, five)
    (file,) = path.iterdir()
    assert_holds(file, five)


METADATA_4 = """rosbag2_bagfile_information:
  version: 4
  storage_identifier: sqlite3
  relative_file_paths:
    - old_0.db3
    - old_1.db3
  duration: {nanoseconds: 0}
  starting_time: {nanoseconds_since_epoch: 0}
  message_count: 0
  topics_with_message_count: []
  compression_format: ""
  compression_mode: ""
"""


def test_foxy_split_over_two_files(five, tmp_path):
    """What rosbag2 of Foxy and Galactic wrote: no message definitions, an older schema, two files."""
    path = tmp_path / "old"
    path.mkdir()
    (path / "metadata.yaml").write_text(METADATA_4)
    rows = rows_of(five.samples)
    for number, part in enumerate((rows[:8], rows[8:])):
        database = sqlite3.connect(path / f"old_{number}.db3")
        database.executescript(
            "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,"
            " serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL);"
            "CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL,"
            " timestamp INTEGER NOT NULL, data BLOB NOT NULL);"
            "CREATE INDEX timestamp_idx ON messages (timestamp ASC);"
        )
        ids = {}
        for topic, message, raw, at in part:
            if topic not in ids:
                ids[topic] = len(ids) + 1
                database.execute(
                    "INSERT INTO topics VALUES(?, ?, ?, 'cdr', '')", (ids[topic], topic, type_name(message))
                )
            database.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES(?, ?, ?)", (ids[topic], at, raw))
        database.commit()
        database.close()
    assert_holds(path, five)
    (path / "old_1.db3").unlink()
    with pytest.raises(DataError, match=r"old_1.db3: listed in metadata.yaml, but missing. Set readable_part"):
        opened(path)
    samples = opened(path, readable_part=True)
    assert len(samples) == 2
    assert "damages; only what can be read is used" in samples.notes[0]


def mcap_record(kind, *parts):
    content = b"".join(parts)
    return struct.pack("<BQ", kind, len(content)) + content


def mcap_text(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<I", len(data)) + data


def test_mcap_without_chunks_or_index(five, tmp_path):
    """As a minimal writer makes it: messages straight in the file, out of order, an attachment between them."""
    parts = [MAGIC, mcap_record(1, mcap_text("ros2"), mcap_text("another recorder"))]
    channels = {}
    for number, (topic, message, raw, at) in enumerate(reversed(rows_of(five.samples))):
        if topic not in channels:
            channels[topic] = len(channels) + 1
            definition, _ = TYPES.generate_msgdef(type_name(message), ros_version=2)
            text = [mcap_text(part) for part in (type_name(message), "ros2msg", definition)]
            parts.append(mcap_record(3, struct.pack("<H", channels[topic]), *text))
            head = struct.pack("<HH", channels[topic], channels[topic])
            parts.append(mcap_record(4, head, mcap_text(topic), mcap_text("cdr"), mcap_text("")))
        parts.append(mcap_record(5, struct.pack("<HIQQ", channels[topic], number, at, at), bytes(raw)))
        parts.append(mcap_record(9, b"an attachment"))
    parts += [mcap_record(15, bytes(4)), mcap_record(2, bytes(20)), MAGIC]
    (tmp_path / "plain.mcap").write_bytes(b"".join(parts))
    assert_holds(tmp_path / "plain.mcap", five)


def test_ros_1(five, tmp_path):
    """Images and masks of a ROS 1 bag, two of them received in the same nanosecond; boxes had other fields there."""
    types = get_typestore(Stores.ROS1_NOETIC)
    with Writer1(tmp_path / "old.bag") as writer:
        connections = {
            topic: writer.add_connection(topic, "sensor_msgs/msg/Image", typestore=types)
            for topic in (IMAGE, SEGMENTATION)
        }
        for topic, message, raw, at in rows_of(five.samples):
            if topic in connections:
                writer.write(connections[topic], at // 10**9, bytes(TYPES.cdr_to_ros1(raw, type_name(message))))
    samples = opened(tmp_path / "old.bag", topics=TopicsConfig(IMAGE, mask=SEGMENTATION), classes=CLASSES)
    assert (len(samples), samples.classes) == (5, CLASSES)
    for number in (4, 0, 2):
        np.testing.assert_array_equal(samples[number].image, five[number].image)
        np.testing.assert_array_equal(samples[number].mask, five[number].mask)


def test_another_version_of_a_message_is_refused(five, tmp_path):
    """vision_msgs before 4 spelled a box's centre differently: what it says must not be taken for something else."""
    path = write(tmp_path / "bag", messages(five.samples), "sqlite3")
    database = sqlite3.connect(path / "bag.db3")
    database.execute(
        "UPDATE message_definitions SET encoded_message_definition = "
        "replace(encoded_message_definition, 'Point2D position', 'Point2D somewhere') "
        "WHERE topic_type = 'vision_msgs/msg/Detection2DArray'"
    )
    database.commit()
    database.close()
    with pytest.raises(
        DataError, match=rf"{DETECTIONS}: expected vision_msgs/msg/Pose2D with the fields .*'position'.*'somewhere'"
    ):
        opened(path)


def test_a_copied_bag_has_the_same_version(five, tmp_path):
    path = write(tmp_path / "one" / "bag", messages(five.samples))
    shutil.copytree(path, tmp_path / "two" / "bag")
    assert opened(path).version == opened(tmp_path / "two" / "bag").version


def test_topics_in_other_encodings_are_passed_over(five, tmp_path):
    path = write(tmp_path / "bag", [*messages(five.samples), ("/rear", picture(five[0], 0), 1)], "sqlite3")
    database = sqlite3.connect(path / "bag.db3")
    database.execute("UPDATE topics SET serialization_format = 'json' WHERE name = '/rear'")
    database.commit()
    database.close()
    with pytest.raises(DataError, match=f"topics.image: expected one of {IMAGE}, /rear to be named"):
        opened(path)
    assert len(opened(path, topics=TopicsConfig(IMAGE))) == 5
