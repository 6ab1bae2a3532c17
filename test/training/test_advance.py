"""In which order a step of the training acts, stores and learns."""

from contextlib import closing

import numpy as np
import pytest
from counting import sync

from dl_robotics.training.agents import advance
from dl_robotics.training.collection import Collector
from dl_robotics.training.recipe import EnvRecipe, Recipe


class Diary:
    """An agent that writes down what it is asked for."""

    def __init__(self):
        self.lines = []

    def act(self, obs, step):
        self.lines.append(f"act {step}")
        return np.zeros(len(obs), np.int64)

    def store(self, transitions, ended):
        self.lines.append(f"store {transitions.next_obs[0, 0]:.0f}")

    def learn(self, step):
        self.lines.append(f"learn {step}")
        return [{"loss": float(step)}]


@pytest.mark.parametrize(
    ("overlap", "lines", "losses"),
    [
        (False, "act 2, store 1, learn 2, act 4, store 2, learn 4, act 6, store 3, learn 6", [2, 4, 6]),
        (True, "act 2, store 1, act 4, learn 2, store 2, act 6, learn 4, store 3", [2, 4]),
    ],
)
def test_updates_follow_their_step_or_overlap_with_the_next(overlap, lines, losses):
    recipe = Recipe(EnvRecipe("CartPole-v1"), total_steps=6, num_envs=2, overlap=overlap)
    diary, figures = Diary(), []
    with closing(Collector(sync({"length": 9}, {"length": 9}), 0, overlap)) as source:
        for step in (2, 4, 6):
            figures += advance(recipe, source, diary, step)
    assert ", ".join(diary.lines) == lines
    assert [row["loss"] for row in figures] == losses
