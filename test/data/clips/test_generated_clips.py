"""Clips made up by the generator, as a collection."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError, from_dict
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips


def generated(**settings):
    plain = {"format": "generated", "layout": "coco17", "generator": {"seed": 3, "clips": 24}, **settings}
    return open_clips(from_dict(ClipsConfig, plain))


def test_a_seed_names_its_clips():
    one, same, other = generated(), generated(), generated(generator={"seed": 4, "clips": 24})
    assert (len(one), one.version) == (24, same.version)
    assert one.version != other.version
    np.testing.assert_array_equal(one[5].joints, same[5].joints)
    assert not np.array_equal(one[5].joints, other[5].joints)


def test_activities_take_turns_and_people_are_blocks():
    clips = generated()
    count = len(clips.classes)
    assert count >= 8
    assert [clips[number].label for number in range(count)] == list(range(count))
    assert len(set(clips.blocks[:count])) == 1
    assert clips.blocks[count] != clips.blocks[0]


def test_pixels_and_metres():
    assert generated()[0].image_size == (640, 480)
    metres = generated(generator={"clips": 2, "motion": {"coordinates": "metres"}})[0]
    assert metres.image_size is None
    seen = metres.joints[metres.scores > 0.0]
    assert 0.4 < np.ptp(seen[:, 2]) < 3.0


def test_paths_are_either_given_or_not():
    with pytest.raises(ConfigError, match="paths: expected none"):
        generated(paths=["bag"])
    with pytest.raises(ConfigError, match="paths: expected one or more"):
        ClipsConfig(layout="coco17")
