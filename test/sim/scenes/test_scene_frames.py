"""Labelled frames: as the simulator's camera sees them, the same every time, with boxes that fit the masks."""

import dataclasses

import numpy as np
import pytest
from mujoco_worlds import sensor_of, shipped_compiled

from dl_robotics.config import ConfigError, from_dict, load
from dl_robotics.resources import shipped
from dl_robotics.sim.labels import BoxRule, ClassList, enclosing_boxes
from dl_robotics.sim.mujoco.camera import CameraView
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.scenes.backdrop import Backdrop, things_of
from dl_robotics.sim.scenes.canvas import CAPACITY, Canvas
from dl_robotics.sim.scenes.config import CameraConfig, SceneConfig
from dl_robotics.sim.scenes.frames import CLIP_M, LabelledFrames
from dl_robotics.sim.scenes.sampler import SceneSampler
from dl_robotics.sim.scenes.scene import Scene, Thing, Viewpoint
from dl_robotics.sim.scenes.textures import PATTERNS, draw_texture
from dl_robotics.sim.world import Camera

SHIPPED = load(SceneConfig, shipped("scenes", "shipped", ".yaml"))
CLASSES = ClassList.load("classes")
SMALL = CameraConfig(width=160, height=120)
QUICK = dataclasses.replace(SHIPPED, worlds={"office": 1.0, "static": 1.0}, textures=8, camera=SMALL)
CROWDED = SceneConfig({"static": 1.0}, dict.fromkeys(CLASSES.things, (2, 3)), as_filed=0.0, keep=0.0, camera=SMALL)


@pytest.fixture(scope="module")
def frames():
    return LabelledFrames(QUICK, seed=3)


@pytest.mark.parametrize("name", ["office", "static"])
def test_a_world_looks_as_it_does_to_the_simulator_s_camera(name):
    compiled = shipped_compiled(name)
    simulation, backdrop = Simulation(compiled), Backdrop(name, len(CLASSES.things))
    camera = CameraView(simulation, *sensor_of(simulation, Camera))
    models = [model for model in compiled.world.models if model is not compiled.world.robot]
    things = tuple(thing for model in models for thing in things_of(model, model.pose))
    viewpoint = Viewpoint(simulation.transform @ backdrop.camera_pose, backdrop.camera.horizontal_fov)
    scene = Scene(things, viewpoint, backdrop.lights, backdrop.ambient, backdrop.sky)
    picture = Canvas(320, 240, [], CLIP_M).draw(scene)
    difference = np.abs(picture.image.astype(int) - camera.rgb())
    assert difference.max() <= 1
    labels = np.array([0, *(thing.label for thing in things)])
    assert np.array_equal(labels[picture.instances], camera.truth(0, BoxRule()).mask)


def test_a_frame_depends_on_purpose_seed_and_number_alone(frames):
    other = LabelledFrames(QUICK, seed=3)
    assert all(np.array_equal(frames[number].image, other[number].image) for number in (5, 0, 2))
    first, again = frames[1], other[1]
    assert np.array_equal(first.mask, again.mask)
    assert np.array_equal(first.detections.boxes, again.detections.boxes)


@pytest.mark.parametrize(("seed", "purpose"), [(4, "train"), (3, "evaluate")])
def test_other_seeds_and_other_purposes_give_other_frames(frames, seed, purpose):
    other = LabelledFrames(QUICK, seed, purpose)
    same = [np.array_equal(frames[number].image, other[number].image) for number in range(5)]
    assert not any(same)


def test_boxes_enclose_pixels_of_their_class(frames):
    seen = set()
    for number in range(40):
        frame = frames[number]
        seen |= set(np.unique(frame.mask).tolist())
        for box, label in zip(frame.detections.boxes.astype(int), frame.detections.labels, strict=True):
            assert CLASSES.is_thing(label)
            inside = frame.mask[box[1] : box[3], box[0] : box[2]] == label
            assert inside.any(axis=0)[[0, -1]].all() and inside.any(axis=1)[[0, -1]].all()
    assert seen == set(range(len(CLASSES.names)))


def test_every_box_is_the_tightest_around_one_thing():
    sampler, canvas = SceneSampler(CROWDED, CLASSES), Canvas(160, 120, _textures(CROWDED.textures), CLIP_M)
    labelled = LabelledFrames(CROWDED, 0)
    scene = sampler.sample(np.random.default_rng((0, 0, 1, 7)))  # the frame's own generator
    boxes, _ = enclosing_boxes(canvas.draw(scene).instances, len(scene.things) + 1)
    found = labelled[7].detections.boxes.tolist()
    assert found
    assert all(box in boxes.tolist() for box in found)


def test_a_crowd_has_every_class_and_nobody_stands_in_anybody():
    sampler = SceneSampler(CROWDED, CLASSES)
    labels = set()
    for number in range(10):
        scene = sampler.sample(np.random.default_rng(number))
        added = [thing for thing in scene.things if CLASSES.is_thing(thing.label)]
        labels |= {thing.label for thing in added}
        centres = np.array([np.mean([part.pose[:2, 3] for part in thing.parts], axis=0) for thing in added])
        gaps = np.linalg.norm(centres[:, None] - centres, axis=-1) + 10.0 * np.eye(len(added))
        assert gaps.min() > 0.12
    assert labels == {1, 2, 3, 4, 5}


def test_a_world_as_filed_holds_its_own_things_only():
    filed = SceneConfig({"office": 1.0}, {"person": (3, 3)}, as_filed=1.0)
    scene = SceneSampler(filed, CLASSES).sample(np.random.default_rng(0))
    assert {thing.label for thing in scene.things} == {0, 2, 3, 4, 6, 7}
    assert scene.viewpoint.pose[2, 3] == pytest.approx(0.152, abs=0.01)  # the burger's camera


def test_too_many_parts_are_refused():
    part = SceneSampler(CROWDED, CLASSES).sample(np.random.default_rng(0)).things[0].parts[0]
    backdrop = Backdrop("empty", 5)
    viewpoint = Viewpoint(np.eye(4), 1.0)
    scene = Scene((Thing(1, (part,) * (CAPACITY + 1)),), viewpoint, backdrop.lights, backdrop.ambient, backdrop.sky)
    with pytest.raises(ValueError, match="expected up to 256 parts and 4 lights, got 257 and 1"):
        Canvas(32, 24, [], CLIP_M).draw(scene)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.__name__)
def test_patterns_stay_within_bounds_and_are_not_flat(pattern):
    for seed in range(5):
        grey = pattern(np.random.default_rng(seed), 32)
        assert grey.shape == (32, 32)
        assert 0.0 <= grey.min() <= grey.max() <= 1.0
        assert grey.std() > 0.01


def test_textures_are_colours():
    texture = draw_texture(np.random.default_rng(0), 16)
    assert (texture.shape, texture.dtype) == ((16, 16, 3), np.uint8)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"worlds": {"static": 0.0}, "things": {}}, "worlds: expected weights >= 0, not all 0"),
        ({"worlds": {"static": 1.0}, "things": {"box": [3, 1]}}, r"things.box: expected two numbers that rise"),
        ({"worlds": {"static": 1.0}, "things": {}, "keep": 2.0}, r"keep: expected within \[0, 1\], got 2.0"),
        ({"worlds": {"static": 1.0}, "things": {}, "camera": {"width": 4}}, "camera.width: expected >= 16, got 4"),
        ({"worlds": {"static": 1.0}, "things": {}, "light": {"sun": [0, 2]}}, "light.sun: expected two numbers"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(settings, message):
    with pytest.raises(ConfigError, match=message):
        from_dict(SceneConfig, settings)


def test_kinds_that_are_not_known_are_refused_by_name():
    with pytest.raises(ConfigError, match=r"things.dragon: expected one of person, box"):
        SceneSampler(SceneConfig({"static": 1.0}, {"dragon": (0, 1)}), CLASSES)
    with pytest.raises(ConfigError, match=r"things.ball: expected one of the things of classes: box"):
        SceneSampler(SceneConfig({"static": 1.0}, {"ball": (0, 1)}), ClassList(("box",)))


def _textures(count):
    rng = np.random.default_rng((0, 0, 0))
    return [draw_texture(rng) for _ in range(count)]
