"""When a robot has touched something: by stamps, in whatever order they are asked for."""

import numpy as np

from dl_robotics.messages.contacts import StampedContacts
from dl_robotics.nodes.touches import Touches
from dl_robotics.ops.contacts import Contact

WALL = Contact("robot", "wall", np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1))


def heard(*stamps_ns: int, none_at: tuple[int, ...] = ()) -> Touches:
    """Contacts at these times, and empty lists at the others."""
    touches = Touches()
    for stamp_ns in sorted((*stamps_ns, *none_at)):
        touches.hear(StampedContacts(stamp_ns, "world", () if stamp_ns in none_at else (WALL,)))
    return touches


def test_a_contact_belongs_to_the_period_of_its_stamp() -> None:
    touches = heard(30, none_at=(10, 20, 40))
    assert not touches.between(0, 20)
    assert touches.between(20, 30)
    assert touches.between(20, 40)
    assert not touches.between(30, 40)


def test_a_source_that_sends_empty_lists_is_waited_for() -> None:
    steady, sparse = heard(none_at=(10, 20)), heard(10)
    assert [steady.complete(stamp_ns) for stamp_ns in (10, 20, 21)] == [True, True, False]
    assert sparse.complete(1_000)  # as Gazebo's sensors, of which one cannot know
    steady.clear()  # another source, of which one cannot know yet
    assert steady.complete(1_000)


def test_what_was_touched_before_an_episode_does_not_count() -> None:
    touches = heard(10, 30)
    touches.press(True)
    touches.begin()
    assert not touches.between(0, 40)
    touches.press(False)
    assert not touches.between(0, 40)
    touches.press(True)
    touches.press(False)
    assert touches.between(0, 40)
