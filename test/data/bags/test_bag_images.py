"""Labelled images in bags that the package has written."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from drawn import CLASSES, drawn, rectangles
from made_bags import (
    DETECTIONS,
    IMAGE,
    LABEL_INFO,
    SEGMENTATION,
    assert_equal,
    detections,
    header,
    messages,
    picture,
    stamp,
    write,
)

from dl_robotics.data.config import DataConfig, TopicsConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.open import open_data
from dl_robotics.messages.image import encode_image


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize("codec", ["raw", "png", "jpeg"])
def test_what_was_written_is_read(five, tmp_path, storage, codec):
    samples = opened(write(tmp_path / "bag", messages(five.samples, codec), storage))
    assert (len(samples), samples.classes, samples.notes) == (5, CLASSES, ())
    for number in (3, 0, 4, 1, 2):
        assert_equal(samples[number], five[number], tolerance=4 if codec == "jpeg" else 0)
    assert f"{IMAGE}{'/compressed' if codec != 'raw' else ''} at {stamp(0)} ns" in samples[0].source


def test_threads_read_at_the_same_time(five, tmp_path):
    samples = opened(write(tmp_path / "bag", messages(five.samples), "sqlite3"))
    order = np.random.default_rng(0).integers(0, 5, 200).tolist()
    with ThreadPoolExecutor(4) as pool:
        for number, sample in zip(order, pool.map(samples.__getitem__, order), strict=True):
            assert_equal(sample, five[number])


def test_stamps_of_headers_pair_within_the_tolerance(five, tmp_path):
    path = write(tmp_path / "bag", messages(five.samples, late_ns=30_000_000))
    assert len(opened(path, tolerance_s=0.03)) == 5
    with pytest.raises(
        DataError, match=rf"{DETECTIONS}: expected stamps within 0.02 s of those of {IMAGE}, 5000000000"
    ):
        opened(path)


def test_images_without_labels_are_left_out_and_told(five, tmp_path, caplog):
    rows = [row for row in messages(five.samples) if row[0] != DETECTIONS or row[2] != stamp(2)]
    samples = opened(write(tmp_path / "bag", rows))
    assert len(samples) == 4
    assert samples.notes == (f"1 images without labels left out, first: {tmp_path / 'bag'}: {IMAGE}",)
    assert samples.notes[0] in caplog.text
    assert_equal(samples[2], five[3])


def test_blocks_are_stretches_of_time(tmp_path):
    samples = opened(write(tmp_path / "bag", messages(drawn(12).samples)), block_s=0.5)
    assert list(samples.blocks) == [0] * 5 + [1] * 5 + [2] * 2


def test_versions_tell_labels_apart(five, tmp_path):
    one = opened(write(tmp_path / "one" / "bag", messages(five.samples)))
    same = opened(write(tmp_path / "same" / "bag", messages(five.samples)))
    other = opened(write(tmp_path / "other" / "bag", messages(five.samples[::-1])))
    assert one.version == same.version != other.version


def test_only_the_labels_asked_for_are_read(five, tmp_path):
    path = write(tmp_path / "bag", messages(five.samples))
    boxes, masks = opened(path, labels="boxes"), opened(path, labels="masks")
    assert boxes[2].mask is None and len(boxes[2].boxes) == 2
    assert masks[2].boxes is masks[2].labels is None and masks[2].mask.shape == (48, 64)


def test_several_bags_are_joined(five, tmp_path):
    paths = [write(tmp_path / name, messages(five.samples)) for name in ("a", "b")]
    samples = open_data(DataConfig(tuple(map(str, paths))))
    assert len(samples) == 10
    assert_equal(samples[6], five[1])
    assert samples.blocks[5] > samples.blocks[4] + 1


def test_classes_are_spelled_in_many_ways(tmp_path):
    """Numbers that LabelInfo names, counted from 0 as in a foreign bag; names; numbers that the configuration names."""
    sample = rectangles([[4, 6, 30, 40], [33, 2, 60, 20]], [2, 1])
    rows = [(IMAGE, picture(sample, 0), 1)]
    foreign = {0: "plate", 1: "cup"}
    named = [*rows, (DETECTIONS, detections(sample, 0, words=["plate", "cup"]), 1)]
    numbered = [*rows, (DETECTIONS, detections(sample, 0, words=["0", "1"]), 1)]
    ours = [*rows, (DETECTIONS, detections(sample, 0), 1)]
    classes = {"classes": CLASSES}
    for number, (content, names, settings) in enumerate(
        [(numbered, foreign, classes), (named, None, classes), (ours, None, classes), (named, foreign, {})]
    ):
        label_info = [row for row in messages([], names=names) if names]
        samples = opened(write(tmp_path / str(number), [*label_info, *content]), **settings)
        words = [samples.classes[label] for label in samples[0].labels]
        assert words == ["plate", "cup"]


def test_classes_merge_and_drop(five, tmp_path):
    path = write(tmp_path / "bag", messages(five.samples))
    merged = opened(path, rename={"plate": "cup"})
    assert merged.classes == ("background", "cup")
    assert merged[2].labels.tolist() == [1, 1] and set(np.unique(merged[2].mask)) == {0, 1}
    dropped = opened(path, rename={"plate": ""})
    assert dropped[2].labels.tolist() == [1] and set(np.unique(dropped[2].mask)) == {0, 1, 255}
    assert "objects of dropped classes left out" in dropped.notes[0]


def test_unknown_classes_are_refused_by_name_or_dropped(five, tmp_path):
    path = write(tmp_path / "bag", messages(five.samples))
    with pytest.raises(DataError, match=r"one of the classes background, cup; got 'plate'.*unknown_classes"):
        opened(path, classes=("background", "cup"))
    samples = opened(path, classes=("background", "cup"), unknown_classes="drop")
    assert samples[2].labels.tolist() == [1] and samples[2].mask.max() == 255


@pytest.mark.parametrize(
    ("box", "refusal", "clipped"),
    [
        ([50, 10, 70, 30], r"within the image, 64 x 48 px, got \(50, 10, 70, 30\)", [50, 10, 64, 30]),
        ([70, 10, 80, 30], "within the image", None),
        ([10, 10, 10, 30], r"with an area, got \(10, 10, 10, 30\)", None),
        ([50, 10, 64.9, 30], None, [50, 10, 64, 30]),  # a pixel is within what marking tools do
    ],
)
def test_boxes_that_do_not_fit(tmp_path, box, refusal, clipped):
    sample = rectangles([[4, 6, 30, 40]], [1])
    changed = type(sample)(sample.image, np.array([box], np.float32), sample.labels, sample.mask, "")
    path = write(tmp_path / "bag", messages([sample, changed]))
    if refusal:
        with pytest.raises(DataError, match=rf"{DETECTIONS} at {stamp(1)} ns: box 0: expected a box {refusal}"):
            opened(path)
    samples = opened(path, boxes="clip")
    assert samples[1].boxes.tolist() == ([clipped] if clipped else [])
    assert len(samples.notes) == (1 if refusal else 0)


def test_unlabelled_bags_are_refused_with_what_they_hold(five, tmp_path):
    rows = [row for row in messages(five.samples) if row[0] == IMAGE]
    with pytest.raises(DataError, match=rf"{IMAGE} is not labelled: .*Detection2DArray.*; got {IMAGE} \(.*5 messages"):
        opened(write(tmp_path / "bag", rows))


def test_bags_without_images_are_refused(five, tmp_path):
    rows = [row for row in messages(five.samples) if row[0] == DETECTIONS]
    with pytest.raises(DataError, match=f"expected a topic of images, .*; got {DETECTIONS}"):
        opened(write(tmp_path / "bag", rows))


def test_of_several_topics_one_must_be_named(five, tmp_path):
    rows = list(messages(five.samples))
    rows += [("/rear/image", message, received_ns) for topic, message, received_ns in rows if topic == IMAGE]
    rows += [
        ("/detector/detections", message, received_ns) for topic, message, received_ns in rows if topic == DETECTIONS
    ]
    path = write(tmp_path / "bag", rows)
    with pytest.raises(
        DataError, match=f"topics.boxes: expected one of {DETECTIONS}, /detector/detections to be named"
    ):
        opened(path)
    with pytest.raises(DataError, match=f"topics.image: expected one of {IMAGE}, /rear/image to be named"):
        opened(path, topics=TopicsConfig(boxes=DETECTIONS))
    samples = opened(path, topics=TopicsConfig("/rear/image", "/detector/detections", SEGMENTATION, LABEL_INFO))
    assert_equal(samples[4], five[4])
    with pytest.raises(DataError, match=rf"topics.image: expected messages of .* on /front; got .*{IMAGE}"):
        opened(path, topics=TopicsConfig("/front", DETECTIONS))


def test_masks_are_checked_against_image_and_names(five, tmp_path):
    rows = [row for row in messages(five.samples[:1]) if row[0] != SEGMENTATION]
    for name, mask, error in [
        ("small", np.zeros((4, 4), np.uint8), "expected a class id of 8 bits for each pixel of the image"),
        ("unnamed", np.full((48, 64), 9, np.uint8), "expected pixels of the values 0, 1, 2, 255; got 9"),
    ]:
        path = write(tmp_path / name, [*rows, (SEGMENTATION, encode_image(mask, "mono8", header(0)), 1)])
        with pytest.raises(DataError, match=rf"{SEGMENTATION}: {error}"):
            opened(path)[0]


def test_one_mono8_image_is_an_image_not_a_mask(tmp_path):
    sample = rectangles([[4, 6, 30, 40]], [1])
    grey = encode_image(sample.image[..., 0], "mono8", header(0))
    rows = [*messages([]), (IMAGE, grey, 1), (DETECTIONS, detections(sample, 0), 1)]
    read = opened(write(tmp_path / "bag", rows))[0]
    assert read.mask is None
    np.testing.assert_array_equal(read.image, np.repeat(sample.image[..., :1], 3, axis=2))


def test_messages_that_cannot_be_used_are_named(five, tmp_path):
    rows = list(messages(five.samples))
    bad = detections(five[1], 1)
    bad.detections[0].bbox.size_x = float("nan")
    rows = [(topic, bad if topic == DETECTIONS and at == stamp(1) else message, at) for topic, message, at in rows]
    path = write(tmp_path / "bag", rows)
    with pytest.raises(DataError, match=rf"bag.mcap: {DETECTIONS}: message .* detections\[0\].bbox.size_x: expected"):
        opened(path)
    samples = opened(path, readable_part=True)
    assert len(samples) == 4
    assert "messages of labels that cannot be used" in samples.notes[0]
