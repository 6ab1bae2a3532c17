"""Drawn worlds: the same for the same seed, and as they were asked for."""

import itertools
import math

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.generated.clutter import Clutter
from dl_robotics.sim.generated.maze import Maze
from dl_robotics.sim.planar.geometry import standing_outlines
from dl_robotics.sim.trajectory import trajectory

SEEDS = range(5)


def centres(world):
    """Places of what is not the empty world's."""
    parts = [m.links[0].collisions[0] for m in world.models if m.name.startswith(("box", "cylinder"))]
    return np.array([part.pose[:2, 3] for part in parts])


def test_a_seed_gives_one_world():
    one, again, other = (Clutter().draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(centres(one), centres(again))
    assert [m.follower for m in one.movers] == [m.follower for m in again.movers]
    assert not np.array_equal(centres(one), centres(other))


@pytest.mark.parametrize("seed", SEEDS)
def test_clutter_leaves_ways_between_what_stands(seed):
    world = Clutter(gap_m=0.4).draw(np.random.default_rng(seed))
    assert (len(centres(world)), len(world.movers)) == (6, 4)
    outlines = standing_outlines(world)
    radii = [disc[2] for disc in outlines.discs]
    places = [disc[:2] for disc in outlines.discs]
    for (a, r), (b, s) in itertools.combinations(zip(places, radii, strict=True), 2):
        assert math.dist(a, b) - r - s > 0.4
    space = FreeSpace(world, 0.105)
    assert space.is_free(np.zeros((1, 2)))[0]


def test_moving_discs_keep_clear_of_what_stands_and_pace_for_ever():
    world = Clutter(movers=2).draw(np.random.default_rng(3))
    space = FreeSpace(world, 0.105)
    for mover in world.movers:
        course, radius = trajectory(mover), mover.links[0].collisions[0].shape.radius
        assert course.cycle_s > 0.0
        assert space.clearance(course.pose(np.linspace(0.0, 60.0, 300))[:, :2]).min() > radius


def test_a_disc_goes_as_fast_as_it_was_asked_to():
    world = Clutter(boxes=0, cylinders=0, movers=1, speed_mps=(0.2, 0.2)).draw(np.random.default_rng(0))
    assert trajectory(world.movers[0]).top_speed == pytest.approx(0.2, rel=0.02)


def test_too_much_for_the_room_is_said():
    with pytest.raises(ValueError, match="no place for box_"):
        Clutter(boxes=200).draw(np.random.default_rng(0))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mazes_passages_are_a_tree(seed):
    maze = Maze(cells=5)
    free = maze.passages(np.random.default_rng(seed))
    assert len(free) == 5 * 5 - 1
    reached, before = {(0, 0)}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {cell for pair in free if pair & reached for cell in pair}
    assert len(reached) == 25


@pytest.mark.parametrize("opened", [0.0, 1.0])
def test_every_cell_of_a_maze_can_be_driven_to(opened):
    maze = Maze(cells=5, opened=opened)
    world = maze.draw(np.random.default_rng(0))
    middles = (np.stack(np.meshgrid(np.arange(5), np.arange(5)), -1).reshape(-1, 2) - 2) * maze.cell_m
    assert FreeSpace(world, 0.105).is_free(middles).all()
    assert len(world.models[-1].links[0].collisions) == 4 + (0 if opened else 40 - 24)


def test_what_cannot_be_drawn_is_refused():
    for make in (lambda: Maze(cells=4), lambda: Maze(wall_m=1.0), lambda: Clutter(radius_m=(0.2, 0.1))):
        with pytest.raises(ConfigError):
            make()
