"""Clips by number: repeatable, every activity in turn, seen from anywhere, with errors that can be switched off."""

import dataclasses
import itertools

import numpy as np
import pytest

from dl_robotics.config import ConfigError, from_dict
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.activities import ACTIVITIES
from dl_robotics.sim.motion.clips import generate
from dl_robotics.sim.motion.config import MotionConfig, NoiseConfig
from dl_robotics.sim.motion.observation import observed
from dl_robotics.sim.motion.roaming import random_script
from dl_robotics.sim.motion.takes import draw_take, generator_of
from dl_robotics.sim.motion.view import View

COCO = SkeletonLayout.load("coco17")
NONE = (0.0, 0.0)
PERFECT = NoiseConfig(NONE, NONE, bias=0.0, occluded=0.0, cut=0.0, entering=0.0, missed=NONE, swapped=NONE, turned=0.0)
CLEAN = MotionConfig(noise=PERFECT)


def test_a_clip_depends_on_its_seed_and_number_alone():
    one, again, other = (generate(seed, 13, MotionConfig(), COCO) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.joints, again.joints)
    np.testing.assert_array_equal(one.scores, again.scores)
    assert not np.array_equal(one.joints, other.joints)


def test_a_clip_has_the_shape_and_the_times_asked_for():
    clip = generate(0, 0, MotionConfig(duration_s=1.5, rate_hz=20.0), COCO)
    assert (clip.joints.shape, clip.scores.shape, clip.stamps_s.shape) == ((30, 17, 3), (30, 17), (30,))
    assert (clip.joints.dtype, clip.scores.dtype) == (np.float32, np.float32)
    assert clip.stamps_s[0] == 0.0 and (np.diff(clip.stamps_s) > 0.0).all()
    assert not clip.joints[..., 2].any()
    assert clip.scores.min() >= 0.0 and clip.scores.max() <= 1.0


def test_activities_take_turns_and_people_stay_themselves():
    names = CLEAN.activities
    takes = [draw_take(5, index, CLEAN, generator_of(5, index)) for index in range(len(names) + 1)]
    assert [take.label for take in takes] == [*range(len(names)), 0]
    assert [take.subject for take in takes] == [0] * len(names) + [1]
    bodies = [take.performance.person.body for take in takes]
    assert len(set(bodies[:-1])) == 1 and bodies[-1] != bodies[0]


@pytest.mark.parametrize("label", range(len(ACTIVITIES)))
def test_a_take_shows_most_of_its_activity(label):
    name, asked_s = CLEAN.activities[label], np.arange(0.0, CLEAN.duration_s, 0.01)
    for subject in range(10):
        index = subject * len(CLEAN.activities) + label
        performance = draw_take(3, index, CLEAN, generator_of(3, index)).performance
        shown_s = (performance.activity(asked_s) == name).sum() * 0.01
        *_, segment = (one for one in performance.segments if one.activity == name)
        lasts_s = CLEAN.duration_s if ACTIVITIES[name].change_s is None else segment.end_s - segment.begin_s
        assert shown_s >= min(CLEAN.shown * lasts_s, CLEAN.duration_s) - 0.02


def test_metres_keep_a_person_s_size_and_pixels_do_not():
    metres = dataclasses.replace(CLEAN, coordinates="metres")
    for index in range(4):
        take = draw_take(0, index, metres, generator_of(0, index))
        clip = generate(0, index, metres, COCO)
        knee, ankle = COCO.index("left_knee"), COCO.index("left_ankle")
        shins = np.linalg.norm(clip.joints[:, knee] - clip.joints[:, ankle], axis=-1)
        np.testing.assert_allclose(shins, take.performance.person.body.length(0.246), rtol=1e-5)
    assert np.ptp(generate(0, 0, CLEAN, COCO).joints[..., :2]) > 20.0


def test_a_pinhole_camera_sees_what_it_should():
    view = View(np.eye(4)[None], np.pi / 2.0, 640, 480)  # looks along x; 90 degrees across 640 pixels
    points = np.array([[[2.0, 0.0, 0.0], [2.0, 1.0, 0.0], [2.0, 0.0, -1.0], [2.0, 3.0, 0.0], [-2.0, 0.0, 0.0]]])
    pixels, inside = view.see(points)
    np.testing.assert_allclose(pixels[0, :3], [[320.0, 240.0, 0.0], [160.0, 240.0, 0.0], [320.0, 400.0, 0.0]])
    assert inside[0].tolist() == [True, True, True, False, False]


def test_without_noise_joints_are_found_where_they_are():
    take = draw_take(1, 1, CLEAN, generator_of(1, 1))
    joints = np.stack([take.places[name] for name in ("nose", "left_hip", "right_hip")], axis=1)
    layout = SkeletonLayout(("nose", "left_hip", "right_hip"), (("nose", "left_hip"),), "nose")
    seen = np.ones(joints.shape[:2], bool)
    found, scores = observed(joints, take.stamps_s, layout, PERFECT, np.random.default_rng(0), seen)
    np.testing.assert_array_equal(found, joints)
    assert scores.min() >= 0.5


@pytest.mark.parametrize(
    ("noise", "check"),
    [
        ({"jitter": (0.02, 0.02)}, lambda joints, scores: np.std(np.diff(joints[..., 0], axis=0)) > 0.01),
        (
            {"bias": 0.05},
            lambda joints, scores: np.ptp(joints[..., 0], axis=0).max() < 1e-9 < np.abs(joints[..., 0]).max(),
        ),
        ({"missed": (0.5, 0.5)}, lambda joints, scores: 0.3 < (scores.max(axis=1) == 0.0).mean() < 0.7),
        ({"entering": 1.0}, lambda joints, scores: scores[-1].min() > 0.0),
        ({"cut": 1.0}, lambda joints, scores: (scores.max(axis=0) < 0.6).any() and (scores.min(axis=0) > 0.4).any()),
        ({"swapped": (1.0, 1.0)}, lambda joints, scores: joints[0, COCO.index("left_knee"), 1] < 0.0),
        (
            {"turned": 1.0},
            lambda joints, scores: 0.0 < (joints[:, COCO.index("left_eye"), 1] < 0.0).mean() < 1.0,
        ),
    ],
)
def test_each_kind_of_error_does_what_it_says(noise, check):
    joints = np.zeros((60, 17, 3))
    joints[:, :, 1] = [1.0 if name.startswith("left") else -1.0 for name in COCO.joints]
    joints[..., 2] = np.arange(17)
    times_s, seen = np.arange(60) / 15.0, np.ones((60, 17), bool)
    found, scores = observed(
        joints, times_s, COCO, dataclasses.replace(PERFECT, **noise), np.random.default_rng(4), seen
    )
    assert check(found, scores)


@pytest.mark.parametrize("seed", range(5))
def test_what_people_do_begins_as_what_they_did_has_ended(seed):
    script = random_script(tuple(ACTIVITIES), 1.0, 30.0, np.random.default_rng(seed))
    assert sum(lasts_s for _, lasts_s in script) >= 30.0
    for (name, lasts_s), (following, _) in itertools.pairwise(script):
        assert ACTIVITIES[following].begins == ACTIVITIES[name].ends
        assert lasts_s > 0.3


def test_who_cannot_get_up_stays_where_they_are():
    script = random_script(("stand", "fall"), 1.0, 20.0, np.random.default_rng(0))
    names = [name for name, _ in script]
    assert set(names[names.index("fall") + 1 :]) == {"lie"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"activities": ["walk", "dance"]}, "activities: expected some of stand, walk, .*, got 'dance'"),
        ({"activities": ["walk"]}, "activities: expected two or more"),
        ({"shown": 0.0}, r"shown: expected within \(0, 1\], got 0.0"),
        ({"view": {"distance_m": [4.0, 2.0]}}, "view.distance_m: expected two numbers that rise"),
        ({"noise": {"cut": 2.0}}, r"noise.cut: expected within \[0, 1\], got 2.0"),
    ],
)
def test_settings_of_motion_that_cannot_be_are_refused_by_name(settings, message):
    with pytest.raises(ConfigError, match=message):
        from_dict(MotionConfig, settings)
