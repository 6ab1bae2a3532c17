"""Collections made of others."""

import pytest
from drawn import Drawn

from dl_robotics.data.errors import DataError
from dl_robotics.data.views import Joined, Subset, digest


def test_a_subset_has_its_order():
    part = Subset(Drawn(["a", "b", "c", "d"]), [3, 1])
    assert ([part[0], part[1]], len(part), list(part.blocks)) == (["d", "b"], 2, [6, 2])
    with pytest.raises(IndexError):
        part[2]


def test_joined_collections_follow_one_another():
    whole = Joined([Drawn(["a", "b"], [0, 1]), Drawn(["c"], [0]), Drawn(["d", "e"], [5, 6])])
    assert [whole[index] for index in range(len(whole))] == ["a", "b", "c", "d", "e"]
    for index in (-1, 5):
        with pytest.raises(IndexError):
            whole[index]


def test_recordings_that_are_joined_do_not_touch():
    first, second = Drawn([1, 2], [0, 1]), Drawn([3, 4], [0, 1])
    blocks = list(Joined([first, second]).blocks)
    assert blocks[1] - blocks[0] == blocks[3] - blocks[2] == 1
    assert blocks[2] - blocks[1] > 1


def test_classes_must_be_the_same():
    with pytest.raises(DataError, match=r"source 1: expected the classes of the first source, .*plate; got background"):
        Joined([Drawn([1]), Drawn([2], classes=("background",))])


def test_versions_tell_contents_apart():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a", b"b") == digest("a", "b")
    one, other = Drawn([1], version="one"), Drawn([2], version="other")
    assert Joined([one, other]).version != Joined([other, one]).version
    assert Subset(one, [0]).version != Subset(other, [0]).version
