"""Samples out of an endless row: paired, split by time, a bounded random choice of them kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.data.config import DataConfig, SplitConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.messages.detections import MarkedObjects
from dl_robotics.training.live_data import LiveData
from dl_robotics.training.live_labels import LiveLabels
from dl_robotics.training.live_pairs import WAITING, LivePairs
from dl_robotics.training.reservoir import FromReservoir, Reservoir

IMAGE = np.zeros((20, 30, 3), np.uint8)


def sample(name):
    return Sample(IMAGE, None, None, None, str(name))


def kept(reservoir):
    return [int(reservoir[index].source) for index in range(len(reservoir))]


def test_pairs_in_any_order():
    pairs = LivePairs(10)
    assert list(pairs.add_image(100, "a")) == []
    assert list(pairs.add_image(200, "b")) == []
    assert list(pairs.add_labels(205, "B")) == [(200, "b", "B")]
    assert list(pairs.add_labels(111, "too late for a")) == []
    assert list(pairs.add_labels(95, "A")) == [(100, "a", "A")]
    assert list(pairs.add_labels(300, "C")) == []
    assert list(pairs.add_image(300, "c")) == [(300, "c", "C")]


def test_what_waits_in_vain_is_forgotten():
    pairs = LivePairs(0)
    for stamp_ns in range(WAITING + 3):
        assert list(pairs.add_image(stamp_ns, stamp_ns)) == []
    assert pairs.unpaired == 3
    assert list(pairs.add_labels(2, "forgotten")) == []
    assert list(pairs.add_labels(3, "kept")) == [(3, 3, "kept")]


@given(count=st.integers(1, 60), capacity=st.integers(1, 20), seed=st.integers(0, 99))
def test_a_reservoir_is_bounded_and_holds_what_came_once(count, capacity, seed):
    reservoir = Reservoir(("a",), capacity, seed)
    for number in range(count):
        reservoir.add(sample(number))
    assert len(reservoir) == len(reservoir.blocks) == min(count, capacity)
    assert len(set(kept(reservoir))) == len(reservoir)
    assert set(kept(reservoir)) <= set(range(count))


def test_a_reservoir_prefers_neither_early_nor_late_samples():
    # Each of 40 samples is kept with probability 1/4; 400 reservoirs of 10 keep 100 of each on average, +- 8.7.
    counts = np.zeros(40)
    for seed in range(400):
        reservoir = Reservoir(("a",), 10, seed)
        for number in range(40):
            reservoir.add(sample(number))
        counts[kept(reservoir)] += 1
    assert counts.sum() == 4_000
    assert counts[:10].mean() == pytest.approx(100.0, abs=10.0)
    assert counts[-10:].mean() == pytest.approx(100.0, abs=10.0)


def test_draws_are_equally_likely_and_depend_on_the_position_alone():
    reservoir = Reservoir(("a",), 4, 0)
    for number in range(4):
        reservoir.add(sample(number))
    order = FromReservoir(reservoir, 1)
    drawn = [order(position) for position in range(4_000)]
    assert np.bincount([draw.sample for draw in drawn]) == pytest.approx(1_000, abs=110)  # 4 standard deviations
    assert drawn[17] == FromReservoir(reservoir, 1)(17)
    assert drawn[17].rng.random() != drawn[18].rng.random()


def test_time_is_split_and_neighbours_of_the_other_kind_are_left_out():
    # Of every 10 s the last 2 validate; one frame a second, and one on either side of a border is left out.
    data = LiveData(("a",), 100, SplitConfig(validation=0.2, guard=1), block_s=2.0)
    for second in range(21):
        data.add(round((1_000 + second) * 1e9), sample(second))
    assert kept(data.validation) == [8, 9, 18, 19]
    assert kept(data.training) == [0, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]


def test_capacity_is_shared():
    data = LiveData(("a",), 10, SplitConfig(validation=0.2, guard=0), block_s=2.0)
    assert not data.ready(1)
    for second in range(100):
        data.add(round(second * 1e9), sample(second))
    assert [len(part) for part in data.split] == [8, 2]
    assert data.ready(10)
    assert not data.ready(11)


def objects(*classes):
    boxes = np.array([[1.0, 2.0, 10.0, 12.0]] * len(classes), np.float32).reshape(-1, 4)
    return MarkedObjects(boxes, classes, np.ones(len(classes), np.float32), ())


def live_labels(boxes=True, names=None, **config):
    return LiveLabels(DataConfig(paths=("live",), **config), names or {}, boxes, "/labels")


def test_boxes_by_number_and_by_name():
    names = {0: "background", 1: "cat", 2: "dog"}
    labels = live_labels(names=names)
    assert labels.classes == ("background", "cat", "dog")
    found = labels.with_boxes(IMAGE, objects("2", "cat"), "here")
    assert found.labels.tolist() == [2, 1]
    assert found.boxes[0].tolist() == [1.0, 2.0, 10.0, 12.0]
    renamed = live_labels(names=names, rename={"cat": "", "dog": "pet"})
    assert renamed.classes == ("background", "pet")
    assert renamed.with_boxes(IMAGE, objects("1", "2"), "here").labels.tolist() == [1]
    assert len(renamed.with_boxes(IMAGE, objects(), "here").boxes) == 0


def test_masks_are_looked_up():
    labels = live_labels(False, {0: "road", 7: "sky"}, ignored_values=(9,))
    mask = np.zeros(IMAGE.shape[:2], np.uint8)
    mask[0, :3] = 7, 9, 255
    assert labels.with_mask(IMAGE, mask, "here").mask[0, :4].tolist() == [1, 255, 255, 0]


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (live_labels, "/labels: expected the names of the classes, in data.classes or on label_info"),
        (lambda: live_labels(classes=("cat", "dog")), "expected 'background' first"),
        (lambda: live_labels(names={1: "cat"}).with_boxes(IMAGE, objects("5"), "here"), "here: expected one of"),
        (
            lambda: live_labels(classes=("background", "cat"), boxes=True).with_boxes(IMAGE[:5, :5], objects("1"), "x"),
            "x: box 0: expected a box within the image",
        ),
        (lambda: live_labels(False, {0: "a"}).with_mask(IMAGE, IMAGE[:5, :5, 0], "here"), "the image's size"),
        (lambda: live_labels(False, {0: "a"}).with_mask(IMAGE, IMAGE[..., 0] + 3, "here"), "here: expected pixels"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(use, told):
    with pytest.raises(DataError, match=told):
        use()
