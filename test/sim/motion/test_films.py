"""Films: the same every time, joints and boxes on the people that they belong to, seats under those who sit."""

import numpy as np
import pytest

from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.config import ViewConfig
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.films import Films
from dl_robotics.sim.world import Box

COCO = SkeletonLayout.load("coco17")
VIEW = ViewConfig(width=160, height=120, distance_m=(3.0, 4.0), follow=1.0, height_m=(0.8, 1.2), aim_m=0.1)
CONFIG = FilmConfig(duration_s=0.6, rate_hz=5.0, textures=2, people=(2, 2), view=VIEW)


@pytest.fixture(scope="module")
def films():
    return Films(CONFIG, 3, COCO)


def test_a_film_depends_on_seed_and_number_alone(films):
    again, other = Films(CONFIG, 3, COCO), Films(CONFIG, 4, COCO)
    images = [next(studio.frames(studio[2])).image for studio in (films, again, other)]
    np.testing.assert_array_equal(images[0], images[1])
    assert not np.array_equal(images[0], images[2])


def test_frames_tell_who_is_where_and_does_what(films):
    frames = list(films.frames(films[1]))
    assert [frame.stamp_s for frame in frames] == pytest.approx([0.0, 0.2, 0.4])
    for frame in frames:
        assert frame.image.shape == (120, 160, 3)
        assert frame.skeletons.joints.shape == (2, 17, 3)
        assert frame.skeletons.persons.tolist() == [0, 1]
        assert len(frame.activities) == 2 and set(frame.activities) <= set(CONFIG.activities)


def test_joints_are_where_the_camera_shows_them():
    upright = ("stand", "walk", "wave")  # no seat hides anything
    alone = Films(
        FilmConfig(activities=upright, duration_s=0.6, rate_hz=5.0, textures=1, people=(1, 1), view=VIEW), 0, COCO
    )
    judged = 0
    for number in range(4):
        for frame in alone.frames(alone[number]):
            seen = frame.skeletons.scores[0] > 0.0
            if seen.all():
                x_min, y_min, x_max, y_max = frame.boxes[0]
                joints = frame.skeletons.joints[0, :, :2]
                assert (joints >= (x_min - 2.0, y_min - 2.0)).all() and (joints <= (x_max + 2.0, y_max + 2.0)).all()
                assert np.ptp(joints[:, 1]) > 0.6 * (y_max - y_min)
                judged += 1
    assert judged >= 4


def test_who_sits_has_a_seat_and_who_does_not_has_none():
    names = CONFIG.activities
    studio = Films(FilmConfig(duration_s=2.0, rate_hz=5.0, textures=1, view=VIEW), 0, COCO)
    for name, seats in (("sit_down", 1), ("sit", 1), ("walk", 0), ("lie", 0)):
        film, label = studio.take(names.index(name), lead_s=2.0)
        boxes = [part for thing in film.scenery.things for part in thing.parts if isinstance(part.shape, Box)]
        assert names[label] == name
        assert min(len(boxes), 1) == seats
        for seat in boxes:
            hips = film.actors[0].places["pelvis"][:, 2]
            assert 0.1 < seat.shape.size[2] < hips.max()


def test_people_keep_apart(films):
    for number in range(4):
        one, other = (actor.places["pelvis"] for actor in films[number].actors)
        assert np.linalg.norm((one - other)[:, :2], axis=1).min() >= 0.8
