"""What an environment must not give, and a learner must not do, is refused by name and place."""

import re

import gymnasium as gym
import numpy as np
import pytest
from counting import CountingEnv
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.rl.a2c import A2CConfig
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import Discrete
from dl_robotics.training.agents import advance
from dl_robotics.training.collection import Collector
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.on_policy import OnPolicyAgent
from dl_robotics.training.recipe import EnvRecipe, Recipe
from dl_robotics.training.soundness import check_losses, check_numbers, check_transitions

BAD = st.sampled_from([np.nan, np.inf, -np.inf])
LARGE = st.floats(allow_nan=False, allow_infinity=False, width=32)
ENVS = 3
GIVEN = ["observation", "reward"]


class Broken(CountingEnv):
    """Gives a number of one's choice at one step."""

    def __init__(self, at=None, observation=None, reward=None):
        super().__init__(length=4)
        self.at, self.wrong, self.steps = at, (observation, reward), 0

    def step(self, action):
        obs, reward, *rest = super().step(action)
        self.steps += 1
        seen, paid = self.wrong if self.steps == self.at else (None, None)
        return (obs if seen is None else np.full_like(obs, seen)), (reward if paid is None else paid), *rest


def environments(broken, **wrong):
    mode = gym.vector.AutoresetMode.SAME_STEP
    makers = [lambda index=index: Broken(**wrong) if index == broken else Broken() for index in range(ENVS)]
    return gym.vector.SyncVectorEnv(makers, autoreset_mode=mode)


def train_in(env, steps=9):
    recipe = Recipe(EnvRecipe("none"), total_steps=100, algorithm=A2CConfig(hidden=(4,), rollout_steps=2))
    agent, collector = OnPolicyAgent(recipe.algorithm, 1, Discrete(2), (0, 0)), Collector(env, 0)
    for step in range(1, steps):
        advance(recipe, collector, agent, step)
    return GreedyPolicy(agent.network, 1, Discrete(2))


@settings(deadline=None, max_examples=25)
@given(at=st.integers(1, 8), broken=st.integers(0, ENVS - 1), value=BAD, name=st.sampled_from(GIVEN))
def test_training_stops_where_a_number_is_none(at, broken, value, name):
    index = r"\[0\]" if name == "observation" else ""
    told = f"^step {at}: environment {broken} of {ENVS}: {name}{index}: expected a finite number, got {value}$"
    with pytest.raises(TrainingError, match=told):
        train_in(environments(broken, at=at, **{name: value}))


def test_evaluation_stops_where_a_number_is_none():
    policy = train_in(environments(0))
    with pytest.raises(TrainingError, match=r"^evaluation: environment 1 of 3: observation\[0\]: .*, got nan$"):
        evaluate(policy, environments(1, at=2, observation=np.nan), ENVS, seed=0)


def batch(obs, action=0.0, reward=0.0):
    row = np.array([[obs, 0.0]], np.float32)
    given = np.array([[action]], np.float32), np.array([reward], np.float32)
    return Batch(row, *given, np.zeros_like(row), np.zeros(1, np.bool_))


@settings(deadline=None)
@given(obs=LARGE, action=LARGE, reward=LARGE)
def test_large_numbers_pass(obs, action, reward):
    check_transitions(batch(obs, action, reward), 1)


def test_the_first_cause_is_told():
    with pytest.raises(TrainingError, match=r"observation\[0\].*got inf$"):
        check_transitions(batch(np.inf, np.nan, np.nan), 1)
    with pytest.raises(TrainingError, match=r"^step 7: environment 0 of 1: action\[0\]: .*got nan: learning has"):
        check_transitions(batch(0.0, np.nan, np.nan), 7)


def test_observations_of_another_shape_are_refused():
    wrong = batch(0.0)._replace(next_obs=np.zeros((1, 3), np.float32))
    with pytest.raises(TrainingError, match=re.escape("step 2: expected observations of shape (1, 2), got (1, 3)")):
        check_transitions(wrong, 2)


@settings(deadline=None)
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=3), value=BAD, data=st.data())
def test_any_number_of_any_array_is_named(shape, value, data):
    array = np.zeros(shape, np.float32)
    row, *inner = place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    array[place] = value
    number = f"x[{', '.join(map(str, inner))}]" if inner else "x"
    told = f"here: environment {row} of {shape[0]}: {number}: expected a finite number, got {value}"
    with pytest.raises(TrainingError, match=f"^{re.escape(told)}$"):
        check_numbers("here", x=array)


def test_a_loss_that_is_none_ends_the_training():
    check_losses([{"loss": 1.0}, {"other": np.nan}], 1)
    with pytest.raises(TrainingError, match="step 5: loss: expected a finite number, got nan: learning has diverged"):
        check_losses([{"loss": 1.0}, {"loss": np.nan}], 5)
