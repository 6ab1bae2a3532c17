"""Tables against the values that the textbook prints, and against each other."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.rl.exploration import LinearEpsilon
from dl_robotics.rl.tabular.bandits import EpsilonGreedyArm, UpperConfidenceArm, play
from dl_robotics.rl.tabular.control import ControlConfig, monte_carlo_control, q_learning
from dl_robotics.rl.tabular.dynamic_programming import (
    evaluate,
    improve,
    policy_iteration,
    sweep,
    uniform_policy,
    value_iteration,
)
from dl_robotics.rl.tabular.grid_world import GridWorld, GridWorldEnv

# Sutton & Barto 2018, example 4.1: two goals in opposite corners, -1 a step.
BOOK = GridWorld.from_text(("G...", "....", "....", "...G"))
MAZE = GridWorld.from_text((".#...", ".#.#.", "...#G"))
SWEEPS = [
    (1, [[0, -1, -1, -1], [-1, -1, -1, -1], [-1, -1, -1, -1], [-1, -1, -1, 0]]),
    (2, [[0, -1.75, -2, -2], [-1.75, -2, -2, -2], [-2, -2, -2, -1.75], [-2, -2, -1.75, 0]]),
    (
        3,
        [
            [0, -2.4375, -2.9375, -3],
            [-2.4375, -2.875, -3, -2.9375],
            [-2.9375, -3, -2.875, -2.4375],
            [-3, -2.9375, -2.4375, 0],
        ],
    ),
]


@pytest.mark.parametrize(("sweeps", "expected"), SWEEPS)
def test_sweeps_of_the_textbook(sweeps, expected):
    value = np.zeros(16)
    for _ in range(sweeps):
        value = sweep(BOOK.mdp, uniform_policy(BOOK.mdp), value, gamma=1.0)
    np.testing.assert_allclose(BOOK.picture(value), expected)


def test_value_of_the_random_policy_and_what_it_teaches():
    value = evaluate(BOOK.mdp, uniform_policy(BOOK.mdp), gamma=1.0)
    expected = [[0, -14, -20, -22], [-14, -18, -20, -20], [-20, -20, -18, -14], [-22, -20, -14, 0]]
    np.testing.assert_allclose(BOOK.picture(value), expected, atol=1e-5)
    better = evaluate(BOOK.mdp, improve(BOOK.mdp, value, 1.0), gamma=1.0)
    steps = [[0, -1, -2, -3], [-1, -2, -3, -2], [-2, -3, -2, -1], [-3, -2, -1, 0]]
    np.testing.assert_allclose(BOOK.picture(better), steps)


@pytest.mark.parametrize("slip", [0.0, 0.1])
def test_policy_and_value_iteration_agree(slip):
    world = GridWorld.from_text((".#...", ".#.#.", "...#G"), slip=slip)
    _, value = policy_iteration(world.mdp, 0.9)
    other, best, sweeps = value_iteration(world.mdp, 0.9)
    np.testing.assert_allclose(value, best, atol=1e-6)
    np.testing.assert_allclose(evaluate(world.mdp, other, 0.9), value, atol=1e-6)
    if slip == 0.0:
        assert sweeps == 11  # the farthest cell is ten steps away; one more sweep changes nothing
        assert value.min() == pytest.approx(-(1 - 0.9**10) / 0.1)


def test_slipping_goes_sideways():
    mdp = GridWorld.from_text(("...", "...", "..."), slip=0.1).mdp
    up_from_the_middle = dict(zip(mdp.next_state[4, 0], mdp.probability[4, 0], strict=True))
    assert up_from_the_middle == pytest.approx({1: 0.8, 3: 0.1, 5: 0.1})


CONTROL = {
    "q_learning": (q_learning, ControlConfig(episodes=250, gamma=0.9)),
    "monte_carlo": (monte_carlo_control, ControlConfig(episodes=600, gamma=0.9, epsilon=LinearEpsilon(1.0, 0.05, 300))),
}


@pytest.mark.parametrize("name", CONTROL)
def test_learns_the_shortest_way(name):
    learn, config = CONTROL[name]
    q = learn(GridWorldEnv(MAZE), config)
    env, steps, ended = GridWorldEnv(MAZE, start=0), 0, False
    state, _ = env.reset()
    while not ended and steps < 50:
        state, _, ended, _, _ = env.step(int(q[state].argmax()))
        steps += 1
    assert steps == 10


def test_q_learning_finds_the_optimal_values():
    q = q_learning(GridWorldEnv(MAZE), ControlConfig(episodes=400, gamma=0.9, epsilon=LinearEpsilon(1.0, 1.0, 1)))
    value = policy_iteration(MAZE.mdp, 0.9)[1]
    open_states = ~MAZE.mdp.terminal
    np.testing.assert_allclose(q[open_states], MAZE.mdp.action_values(value, 0.9)[open_states], atol=0.05)


def test_rules_for_bandits():
    """Two arms, whose first pulls mislead: the greedy rule stays with what paid first, the others find out."""
    shares = {}
    for name, rule in {
        "greedy": EpsilonGreedyArm(),
        "epsilon": EpsilonGreedyArm(0.1),
        "ucb": UpperConfidenceArm(),
    }.items():
        arms = [play(np.array([0.2, 1.0]), rule, 400, np.random.default_rng(seed)) for seed in range(30)]
        shares[name] = np.mean([np.mean(row[200:] == 1) for row in arms])
    assert shares["greedy"] < 0.8 < shares["epsilon"] < shares["ucb"]
    assert shares["epsilon"] <= 0.95 + 5 * 0.005  # half of the random pulls go astray


def test_ucb_by_hand():
    choose, rng = UpperConfidenceArm(c=1.0), np.random.default_rng(0)
    assert choose(np.array([5.0, 0.0]), np.array([3, 0]), rng) == 1
    # ln 10 = 2.303: 0.5 + sqrt(2.303 / 9) = 1.006 against 0.0 + sqrt(2.303) = 1.517.
    assert choose(np.array([0.5, 0.0]), np.array([9, 1]), rng) == 1
    assert choose(np.array([1.2, 0.0]), np.array([9, 1]), rng) == 0


@pytest.mark.parametrize("rows", [("..", "..."), ("?.",), ("##",)])
def test_what_is_no_grid_world_is_refused(rows):
    with pytest.raises(ValueError, match="grid world: expected"):
        GridWorld.from_text(rows)


def test_settings_out_of_range_are_refused():
    with pytest.raises(ConfigError, match="learning_rate"):
        ControlConfig(learning_rate=0.0)
