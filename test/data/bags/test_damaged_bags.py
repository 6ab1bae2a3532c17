"""Truncated, overwritten and empty bags: refused by name, or their readable part used if asked for."""

import numpy as np
import pytest
from drawn import drawn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_bags import DETECTIONS, assert_equal, messages, stamp, write

from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.message_types import add_installed, serialise, standard_types, type_name
from dl_robotics.data.open import open_data
from dl_robotics.data.recordings import BagWriter

FRAMES = 200  # rosbags closes a chunk after a megabyte


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


class Whole(tuple):
    """File, content and samples, too large to be written into a report."""

    __slots__ = ()

    def __repr__(self):
        return str(self[0])


@pytest.fixture(scope="module", params=["mcap", "sqlite3"])
def whole(request, tmp_path_factory):
    """A bag's only file, 3 MB of frames, and the frames."""
    samples = drawn(FRAMES).samples
    path = write(tmp_path_factory.mktemp(request.param) / "bag", messages(samples), request.param)
    (path / "metadata.yaml").unlink()
    (file,) = path.iterdir()
    return Whole((file, file.read_bytes(), samples))


def damaged(whole, tmp_path, data):
    path = tmp_path / whole[0].name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("share", [0.4, 0.8, 0.999])
def test_a_bag_that_was_cut_off(whole, tmp_path, share):
    path = damaged(whole, tmp_path, whole[1][: int(len(whole[1]) * share)])
    with pytest.raises(DataError, match=rf"^{path}: .*Set readable_part to use what can be read$"):
        opened(path)
    samples = opened(path, readable_part=True)
    assert FRAMES * (share - 0.4) <= len(samples) <= FRAMES
    for number in (0, len(samples) // 2, len(samples) - 1):
        assert_equal(samples[number], whole[2][number])
    assert f"damages; only what can be read is used, first: {path}: " in samples.notes[0]


def test_a_bag_with_an_overwritten_stretch(whole, tmp_path):
    middle = len(whole[1]) // 2
    path = damaged(whole, tmp_path, whole[1][:middle] + bytes(20_000) + whole[1][middle + 20_000 :])
    if path.suffix == ".mcap":  # it starts in a message, and goes on over records
        with pytest.raises(DataError, match=f"^{path}: damaged or cut off at byte"):
            opened(path)
    readable = opened(path, readable_part=True)
    assert len(readable) > FRAMES / 3
    assert_equal(readable[0], whole[2][0])


@pytest.mark.parametrize(
    "content", [b"", b"not a bag", bytes(5000), b"\x89MCAP0\r\n", b"SQLite format 3\0" + bytes(90)]
)
def test_what_is_no_bag(whole, tmp_path, content):
    path = damaged(whole, tmp_path, content)
    for readable_part in (False, True):
        with pytest.raises(DataError, match=f"^{path}: "):
            opened(path, readable_part=readable_part)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 2**32), st.binary(min_size=1, max_size=40)), min_size=1, max_size=4),
    st.booleans(),
)
def test_whatever_is_overwritten_data_are_read_or_refused(whole, tmp_path, patches, readable_part):
    data = bytearray(whole[1])
    for place, patch in patches:
        # Half of the patches hit the start, where names and definitions are.
        start = place // 2 % (len(data) if place % 2 else 6000)
        data[start : start + len(patch)] = patch
    try:
        samples = opened(damaged(whole, tmp_path, bytes(data)), readable_part=readable_part)
        for number in range(0, len(samples), 40):
            assert samples[number].image.dtype == np.uint8
    except DataError as error:
        assert str(tmp_path) in str(error)


@pytest.mark.parametrize("text", ["", "[", "a: b", "rosbag2_bagfile_information: 3", "\x00"])
def test_metadata_that_are_none(five, tmp_path, text):
    path = write(tmp_path / "bag", messages(five.samples))
    (path / "metadata.yaml").write_text(text)
    with pytest.raises(DataError, match=f"^{path}/metadata.yaml: expected the metadata of a bag"):
        opened(path)
    assert len(opened(path, readable_part=True)) == 5


def test_folders_that_hold_nothing(tmp_path):
    with pytest.raises(DataError, match="expected a bag or a folder of labelled images, it does not exist"):
        opened(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"expected a bag \(metadata.yaml"):
        opened(tmp_path)
    with pytest.raises(DataError, match=r"expected a bag, got a folder without .mcap, .db3, .bag files"):
        opened(tmp_path, format="bag")


def test_a_message_that_is_shorter_than_its_fields(five, tmp_path):
    path = tmp_path / "bag"
    types = standard_types()
    add_installed(types, "vision_msgs/msg/Detection2DArray")
    with BagWriter(path) as bag:
        for topic, message, at in messages(five.samples):
            if topic == DETECTIONS:
                bag.add_topic(topic, type_name(message)) if at == stamp(0) else None
                bag.write(topic, at, serialise(types, message)[: 80 if at == stamp(2) else None])
            else:
                bag.write_message(topic, message, at)
    with pytest.raises(DataError, match=f"bag.mcap: {DETECTIONS}: message received at {stamp(2)} ns: "):
        opened(path)
    assert len(opened(path, readable_part=True)) == 4
