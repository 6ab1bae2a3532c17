"""The maze of rooms: how it is built, what it pays, and that one walker walks as one of many."""

import gymnasium as gym
import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.rl.rooms import ENV_ID, RoomsVectorEnv, winding_rooms
from dl_robotics.rl.tabular.dynamic_programming import value_iteration

UP, RIGHT, DOWN = range(3)
SMALL = {"across": 2, "down": 2, "size": 3, "max_steps": 30}


def picture(world):
    goal = world.picture(world.mdp.terminal)
    return ["".join("#" if np.isnan(g) else ".G"[int(g)] for g in row) for row in goal]


def test_rooms_along_a_winding_way():
    assert picture(winding_rooms(2, 3, 3)) == [
        "...#...",
        "...#...",
        ".......",
        "####.##",
        "...#...",
        "...#...",
        ".......",
        ".######",
        "...#...",
        "...#...",
        "......G",
    ]


@pytest.mark.parametrize(("shape", "steps"), [((1, 1, 4), 6), ((2, 1, 3), 8), ((3, 3, 5), 80)])
def test_the_value_of_the_beginning_is_the_discount_of_the_way(shape, steps):
    world = winding_rooms(*shape)
    _, value, _ = value_iteration(world.mdp, gamma=0.9)
    assert value[0] == pytest.approx(0.9 ** (steps - 1), rel=1e-6)


def test_pays_one_at_the_goal_and_nothing_before():
    env = RoomsVectorEnv(2, across=2, down=1, size=3)
    env.reset()
    way = [DOWN, DOWN, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]
    for number, action in enumerate(way):
        seen, reward, terminated, truncated, info = env.step(np.array([action, UP]))
        last = number == len(way) - 1
        assert reward.tolist() == [float(last), 0.0]
        assert terminated.tolist() == [last, False] and not truncated.any()
    assert info["success"].tolist() == [True, False] and info["_success"].tolist() == [True, False]
    assert info["final_obs"][0].argmax() == len(env.world.cells) - 1
    assert seen.argmax(axis=1).tolist() == [0, 0]


def test_time_outs_are_no_ends():
    env = RoomsVectorEnv(1, **SMALL)
    env.reset()
    for step in range(1, 61):
        _, reward, terminated, truncated, info = env.step(np.array([UP]))
        assert truncated[0] == (step % 30 == 0) and not terminated[0] and reward[0] == 0.0
        assert info.get("success", np.array([False]))[0] == 0.0


def test_one_walks_as_many():
    one, many = gym.make("dl_robotics.rl.rooms:" + ENV_ID, **SMALL), RoomsVectorEnv(1, **SMALL)
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(one.reset()[0], many.reset()[0][0])
    for _ in range(200):
        action = int(rng.integers(4))
        seen, *ours, info = one.step(action)
        theirs = many.step(np.array([action]))
        assert ours == [field[0] for field in theirs[1:4]]
        ended = ours[1] or ours[2]
        np.testing.assert_array_equal(seen, theirs[4]["final_obs"][0] if ended else theirs[0][0])
        assert ("success" in info) == ended
        if ended:
            one.reset()


def test_restored_walkers_go_on():
    env, restored = (RoomsVectorEnv(3, **SMALL) for _ in range(2))
    rng = np.random.default_rng(0)
    env.reset()
    restored.reset()
    for _ in range(25):
        env.step(rng.integers(4, size=3))
    restored.load_state_dict(env.state_dict())
    for _ in range(25):
        action = rng.integers(4, size=3)
        for ours, theirs in zip(env.step(action)[:4], restored.step(action)[:4], strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_refuses_no_room():
    with pytest.raises(ConfigError, match="size"):
        RoomsVectorEnv(1, size=0)
