"""Ground truth from object numbers: boxes are exact, small and hidden things have none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dl_robotics.config import ConfigError
from dl_robotics.resources import config_file
from dl_robotics.sim.labels import BoxRule, ClassList, enclosing_boxes, ground_truth
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import Box, Capsule, Cylinder, Plane, Sphere

SHIPPED = ClassList.load("classes")
NAMES = {Box: {"box", "wall"}, Cylinder: {"cylinder"}, Capsule: {"cylinder"}, Sphere: {"ball"}, Plane: {"floor"}}
WORLDS = sorted(path.stem for path in config_file("worlds").glob("*.sdf"))
WHOLE = np.array([[0, 0, 0, 0], [2, 3, 12, 23]], np.float32)


def rectangle(left, top, right, bottom, shape=(40, 40)):
    instances = np.zeros(shape, np.int64)
    instances[top:bottom, left:right] = 1
    return instances


def truth(instances, **rule):
    return ground_truth(instances, np.array([0, 2], np.uint8), WHOLE, 3, BoxRule(**rule))


@settings(deadline=None)  # the first call compiles
@given(arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(0, 4)))
def test_boxes_enclose_exactly_the_pixels_of_each_object(instances):
    boxes, pixels = enclosing_boxes(instances, 6)
    for number in range(6):
        rows, columns = np.nonzero(instances == number)
        assert pixels[number] == len(rows)
        ends = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else (0, 0, 0, 0)
        assert boxes[number].tolist() == list(map(float, ends))


def test_a_thing_has_a_box_and_a_class_in_the_mask():
    found = truth(rectangle(2, 3, 12, 23))
    assert found.detections.boxes.tolist() == [[2, 3, 12, 23]]
    assert (found.detections.labels.tolist(), found.detections.scores.tolist()) == ([2], [1.0])
    assert found.mask.dtype == np.uint8
    assert np.array_equal(found.mask, 2 * rectangle(2, 3, 12, 23))


@pytest.mark.parametrize(
    ("part", "rule", "counts"),
    [
        ((2, 3, 12, 23), {"min_pixels": 200}, True),
        ((2, 3, 12, 23), {"min_pixels": 201}, False),
        ((2, 3, 12, 23), {"min_side_px": 10}, True),
        ((2, 3, 12, 23), {"min_side_px": 11}, False),
        ((2, 3, 12, 13), {"min_visible": 0.5}, True),
        ((2, 3, 12, 12), {"min_visible": 0.5}, False),
    ],
)
def test_too_little_of_a_thing_has_no_box_but_stays_in_the_mask(part, rule, counts):
    found = truth(rectangle(*part), **({"min_pixels": 1, "min_side_px": 1, "min_visible": 0.0} | rule))
    assert len(found.detections) == counts
    assert (found.mask == 2).sum() == rectangle(*part).sum()


def test_stuff_has_no_box():
    found = ground_truth(rectangle(2, 3, 12, 23), np.array([0, 4], np.uint8), WHOLE, 3, BoxRule())
    assert len(found.detections) == 0
    assert set(np.unique(found.mask)) == {0, 4}


def test_ids_count_the_background_then_things_then_stuff():
    classes = ClassList(("person", "box"), ("floor",))
    assert classes.names == ("background", "person", "box", "floor")
    assert [classes.is_thing(label) for label in range(4)] == [False, True, True, False]


@pytest.mark.parametrize("names", [("box", "box"), ("background",), ("",)])
def test_names_must_differ(names):
    with pytest.raises(ConfigError, match="names that differ"):
        ClassList(names)


@pytest.mark.parametrize(("field", "value"), [("min_pixels", 0), ("min_side_px", 0), ("min_visible", 1.5)])
def test_rules_that_cannot_be_are_refused_by_name(field, value):
    with pytest.raises(ConfigError, match=f"{field}: expected .*, got {value}"):
        BoxRule(**{field: value})


@pytest.mark.parametrize("name", WORLDS)
def test_labels_of_the_shipped_worlds_are_the_shipped_classes(name):
    world = read_world(config_file("worlds", f"{name}.sdf"))
    for model in world.models:
        visuals = [visual for link in model.links for visual in link.visuals]
        if model is world.robot:
            assert {SHIPPED.names[visual.label] for visual in visuals} == {"robot"}
        elif model.name == "meeting_table":
            assert {visual.label for visual in visuals} == {0}
        else:
            assert all(SHIPPED.names[visual.label] in NAMES[type(visual.shape)] for visual in visuals)
            assert ("wall" in model.name) == (SHIPPED.names[visuals[0].label] == "wall")
