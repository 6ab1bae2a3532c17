"""The engine's promises: subsets, determinism, threads, and what holds in every shipped world."""

import math

import numba
import numpy as np
import pytest
from solid_worlds import SHIPPED, follower, room, shipped_world, world_of

from dl_robotics.sim.engine import Beams, Engine, Start
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.shapes import footprint_radius

BEAMS = Beams(24, 2.0 * math.pi, 0.12, 3.5)
ARRAYS = ("pose", "velocity", "ranges", "collided", "tumbled", "mover_pose")


def starts(world, rng, count):
    """Random free poses; movers anywhere in the first minute, at up to twice their pace."""
    space = FreeSpace(world, footprint_radius(world.robot) + 0.01)
    pose = np.column_stack([space.sample(rng, count), rng.uniform(-np.pi, np.pi, count)])
    movers = (count, len(world.movers))
    return Start(pose, rng.uniform(0.0, 60.0, movers), rng.uniform(0.5, 2.0, movers), np.ones(count), np.ones(count))


def engine_at(world, start, beams=BEAMS):
    engine = PlanarEngine(world, len(start.pose), beams, 0.1)
    engine.reset(np.arange(len(start.pose)), start)
    return engine


def snapshot(engine):
    return {name: getattr(engine, name).copy() for name in ARRAYS}


def assert_same(one, other):
    for name in ARRAYS:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def commands(rng, count):
    return rng.uniform((-0.1, -2.0), (0.22, 2.0), (count, 2)), rng.uniform(0.0, 0.1, count)


def course(world, seed=0, count=64, steps=30):
    """Every array after every step of a random course."""
    rng = np.random.default_rng(seed)
    engine = engine_at(world, starts(world, rng, count))
    yield snapshot(engine)
    for _ in range(steps):
        engine.step(*commands(rng, count))
        yield snapshot(engine)


@pytest.fixture
def threads():
    """Sets the number of numba's threads for a test."""
    before = numba.get_num_threads()
    yield numba.set_num_threads
    numba.set_num_threads(before)


def test_it_is_an_engine():
    engine: Engine = PlanarEngine(world_of(*room(2.0)), 3, BEAMS, 0.1)
    assert (engine.num_envs, engine.control_period_s, engine.beams) == (3, 0.1, BEAMS)
    shapes = {name: getattr(engine, name).shape for name in ARRAYS}
    assert shapes == {
        "pose": (3, 3),
        "velocity": (3, 2),
        "ranges": (3, 24),
        "collided": (3,),
        "tumbled": (3,),
        "mover_pose": (3, 0, 3),
    }
    assert {getattr(engine, name).dtype.name for name in ARRAYS} == {"float64", "bool"}


@pytest.mark.parametrize("name", SHIPPED)
def test_one_thread_or_two_give_the_same(name, threads):
    courses = []
    for count in (1, numba.config.NUMBA_NUM_THREADS):
        threads(count)
        courses.append(list(course(shipped_world(name))))
    for one, other in zip(*courses, strict=True):
        assert_same(one, other)


def test_the_number_of_threads_stays_the_callers(threads):
    threads(1)
    list(course(shipped_world("arena"), steps=1))
    assert numba.get_num_threads() == 1


def test_a_world_does_not_depend_on_its_neighbours():
    """The third of 40 environments, alone, goes the same way."""
    world, rng = shipped_world("arena"), np.random.default_rng(3)
    start = starts(world, rng, 40)
    many = engine_at(world, start)
    alone = engine_at(world, Start(*(value[2:3] for value in vars(start).values())))
    for _ in range(20):
        command, delay_s = commands(rng, 40)
        many.step(command, delay_s)
        alone.step(command[2:3], delay_s[2:3])
    assert_same({name: value[2:3] for name, value in snapshot(many).items()}, snapshot(alone))


def test_a_reset_touches_its_own_worlds_only():
    world, rng = shipped_world("arena"), np.random.default_rng(4)
    engine = engine_at(world, starts(world, rng, 10))
    for _ in range(20):
        engine.step(*commands(rng, 10))
    before = snapshot(engine)
    some, new = np.array([7, 2]), starts(world, rng, 2)
    engine.reset(some, new)
    after = snapshot(engine)
    others = np.setdiff1d(np.arange(10), some)
    assert_same({k: v[others] for k, v in before.items()}, {k: v[others] for k, v in after.items()})
    np.testing.assert_array_equal(engine.pose[some], new.pose)
    np.testing.assert_array_equal(engine.velocity[some], 0.0)
    assert not engine.collided[some].any()
    assert_same({k: v[some] for k, v in after.items()}, snapshot(engine_at(world, new)))


def test_a_reset_forgets_the_last_command():
    engine = PlanarEngine(world_of(*room(2.0)), 1, BEAMS, 0.1)
    engine.step(np.array([[1.0, 0.0]]), np.zeros(1))
    one = np.ones(1)
    engine.reset(np.zeros(1, dtype=np.int64), Start(np.zeros((1, 3)), np.zeros((1, 0)), np.zeros((1, 0)), one, one))
    engine.step(np.array([[1.0, 0.0]]), np.array([0.1]))
    np.testing.assert_array_equal(engine.pose[0], 0.0)


def test_any_layout_of_commands_is_taken():
    world = world_of(*room(2.0))
    engines = [PlanarEngine(world, 2, BEAMS, 0.1) for _ in range(2)]
    command = np.array([[0.5, 1.0], [0.25, -1.0]])
    engines[0].step(command, np.zeros(2))
    engines[1].step(np.asfortranarray(command.astype(np.float32)), np.zeros(4, dtype=np.float32)[::2])
    assert_same(snapshot(engines[0]), snapshot(engines[1]))


def test_the_pace_of_a_mover():
    """At twice its pace a mover is after one second where it is after two."""
    world = world_of(follower([(3.0, 3.0), (0.0, 3.0)], (0.0, 3.0, 0.0)))
    engine = PlanarEngine(world, 2, BEAMS, 0.1)
    ones = np.ones(2)
    engine.reset(np.arange(2), Start(np.zeros((2, 3)), np.zeros((2, 1)), np.array([[1.0], [2.0]]), ones, ones))
    for _ in range(10):
        engine.step(np.zeros((2, 2)), np.zeros(2))
    fast = engine.mover_pose[1, 0].copy()
    for _ in range(10):
        engine.step(np.zeros((2, 2)), np.zeros(2))
    np.testing.assert_allclose(engine.mover_pose[0, 0], fast, atol=1e-9)


@pytest.mark.parametrize("name", SHIPPED)
def test_laws_of_every_shipped_world(name):
    """Robots stay among the walls; ranges are distances to something; a touch is latched; nothing tumbles."""
    world = shipped_world(name)
    radius = footprint_radius(world.robot)
    space = FreeSpace(world, radius)
    lidar_off_m = 0.05  # at most, from the footprint's centre
    collided = np.zeros(64, dtype=bool)
    _, *steps = course(world, seed=1, steps=60)  # some may begin on a mover: that shows in the first step
    for now in steps:
        assert np.all(space.clearance(now["pose"][:, :2]) >= radius)
        assert np.all((now["ranges"] > 0.0) & ((now["ranges"] <= 3.5) | np.isinf(now["ranges"])))
        assert np.all(now["ranges"].min(axis=1) <= 3.5)
        free = ~now["collided"]
        assert np.all(now["ranges"][free].min(axis=1) >= radius - lidar_off_m)
        assert np.all(now["collided"][collided])
        assert np.all(np.abs(now["pose"][:, 2]) <= np.pi)
        assert not now["tumbled"].any()
        collided = now["collided"]
    assert collided.any()
