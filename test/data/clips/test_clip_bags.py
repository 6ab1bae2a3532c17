"""Clips in bags: skeletons and labels as nodes publish them."""

import numpy as np
import pytest
from std_msgs.msg import String

from dl_robotics.data.clips.config import ClipsConfig, ClipTopicsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.errors import DataError
from dl_robotics.data.recordings import BagWriter
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.messages.skeletons import encode_skeletons
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeletons import Skeletons

PERIOD_NS, BEGIN_NS = 100_000_000, 3_000_000_000
NAMES = {0: "background", 1: "walk", 2: "sit"}


def stamp(frame):
    return BEGIN_NS + frame * PERIOD_NS


def skeletons(frame, persons):
    """Person p is at column p, and moves by a pixel a frame; later ones move faster."""
    persons = np.array(persons, np.int64)
    joints = np.zeros((len(persons), 17, 3), np.float32)
    joints[..., 0], joints[..., 1] = 10.0 * persons[:, None], 1.0 + frame * (1 + persons[:, None])
    message = Skeletons(joints, np.full((len(persons), 17), 0.5, np.float32), persons)
    return encode_skeletons(message, encode_header(stamp(frame), "camera"))


def activities(frame, doing, words=None):
    """:param doing: class ids by person."""
    count = len(doing)
    boxes = np.tile(np.array([1, 1, 20, 20], np.float32), (count, 1))
    labels, ids = np.array(list(doing.values()), np.int64), tuple(map(str, doing))
    found = Detections(boxes, labels, np.ones(count, np.float32), ids)
    return encode_detections(found, encode_header(stamp(frame), "camera"), words)


def open_bag(path, **settings):
    return open_clips(ClipsConfig(**{"layout": "coco17", "paths": (str(path),), **settings}))


def all_clips(path, **settings):
    clips = open_bag(path, **settings)
    return [clips[number] for number in range(len(clips))]


@pytest.fixture
def two_people(tmp_path):
    """2.9 s: person 1 walks, and sits from frame 15 on; person 2 walks, but is not seen in frames 10 to 19."""
    with BagWriter(tmp_path / "bag") as bag:
        bag.write_message("/label_info", encode_label_info(NAMES, encode_header(0, "")), stamp(0), latched=True)
        for frame in range(30):
            persons = [1] if 10 <= frame < 20 else [2, 1]
            bag.write_message("/skeletons", skeletons(frame, persons), stamp(frame))
            doing = {1: 1 if frame < 15 else 2, 2: 1}
            bag.write_message("/activities", activities(frame, doing), stamp(frame))
    return tmp_path / "bag"


def test_every_run_of_an_activity_is_a_clip(two_people):
    clips = all_clips(two_people, classes=("walk", "sit"), rename={"background": ""})
    found = sorted((clip.joints[0, 0, 0, 0], clip.label, len(clip.stamps_s)) for clip in clips)
    assert found == [(10.0, 0, 15), (10.0, 1, 15), (20.0, 0, 10), (20.0, 0, 10)]
    for clip in clips:
        np.testing.assert_allclose(np.diff(clip.stamps_s), 0.1)
        assert (clip.joints.shape[1:], clip.subject, set(clip.scores.ravel())) == ((1, 17, 3), -1, {0.5})
    assert len(set(open_bag(two_people, classes=("walk", "sit"), rename={"background": ""}).blocks)) == 4


def test_short_gaps_are_bridged_and_short_runs_left_out(two_people):
    bridged = all_clips(two_people, longest_gap_s=2.0)
    assert sorted(len(clip.stamps_s) for clip in bridged) == [15, 15, 20]
    assert sorted(len(clip.stamps_s) for clip in all_clips(two_people, shortest_s=1.2)) == [15, 15]


def test_a_word_names_what_all_people_do(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        for frame, word in ((5, "handshake"), (15, ""), (20, "hug")):
            bag.write_message("/said", String(data=word), stamp(frame))
        for frame in range(30):
            bag.write_message("/skeletons", skeletons(frame, [1, 2]), stamp(frame))
    clips = all_clips(tmp_path / "bag", persons=2)
    assert [(clip.label, clip.joints.shape) for clip in clips] == [(0, (10, 2, 17, 3)), (1, (10, 2, 17, 3))]
    # The one who moves more comes first.
    assert clips[0].joints[0, :, 0, 0].tolist() == [20.0, 10.0]
    assert open_bag(tmp_path / "bag").classes == ("handshake", "hug")


def test_classes_may_be_written_as_words(tmp_path):
    with BagWriter(tmp_path / "bag") as bag:
        for frame in range(10):
            bag.write_message("/skeletons", skeletons(frame, [4]), stamp(frame))
            bag.write_message("/activities", activities(frame, {4: 1}, ["wave"]), stamp(frame))
    assert open_bag(tmp_path / "bag").classes == ("wave",)
    with pytest.raises(DataError, match="expected one of the classes walk; got 'wave'"):
        open_bag(tmp_path / "bag", classes=("walk",))


def test_bags_without_labels_are_refused(tmp_path, two_people):
    with BagWriter(tmp_path / "unlabelled") as bag:
        bag.write_message("/skeletons", skeletons(0, [1]), stamp(0))
    with pytest.raises(DataError, match="unlabelled: expected a topic of labels, vision_msgs/msg/Detection2DArray or"):
        open_bag(tmp_path / "unlabelled")
    with pytest.raises(DataError, match=r"topics\.skeletons: expected messages of .* on /people"):
        open_bag(two_people, topics=ClipTopicsConfig(skeletons="/people"))
    with pytest.raises(DataError, match="messages that cannot be used"):
        open_bag(two_people, layout=str(_small_layout(tmp_path)))


def _small_layout(folder):
    """A table of two joints, which 17 do not fit."""
    path = folder / "two.yaml"
    path.write_text("joints: [head, foot]\nedges: [[head, foot]]\ncentre: head\n")
    return path
