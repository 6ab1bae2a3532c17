"""Transitions of environments that break off: nothing is lost, nothing invented, no false end."""

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.training.live_collection import LiveCollector

METADATA = {"autoreset_mode": AutoresetMode.SAME_STEP}
NEXT = np.array([0.0, 0.0, 1.0])


class Breaking(VectorEnv):
    """Counts; environment i's observation is (i, episode, step). What is drawn says what becomes of each step."""

    metadata = METADATA

    def __init__(self, num_envs, fates):
        self.num_envs, self.fates = num_envs, fates
        self.single_observation_space = gym.spaces.Box(-np.inf, np.inf, (3,), np.float32)
        self.single_action_space = gym.spaces.Box(-1.0, 1.0, (1,), np.float32)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.now = np.array([[i, 0, 0] for i in range(num_envs)], np.float32)
        self.went = [[] for _ in range(num_envs)]  # the whole transitions, and where the episodes ended

    def reset(self, *, seed=None, options=None):
        return self.now.copy(), {}

    def send(self, actions):
        self.sent = actions

    def wait(self):
        fate = np.array([next(self.fates) for _ in range(self.num_envs)])
        broken, terminated, truncated = fate == "broken", fate == "terminated", fate == "truncated"
        before, last = self.now.copy(), self.now + NEXT
        self.now = np.where((fate == "on")[:, None], last, self.now * (1.0, 1.0, 0.0) + (0.0, 1.0, 0.0))
        for i, what in enumerate(fate):
            if what == "broken":
                self.went[i][-1:] = [(*row[:2], row[2], True) for row in self.went[i][-1:]]
            else:
                self.went[i].append((tuple(before[i]), tuple(last[i]), what == "terminated", what != "on"))
        told = {"broken": broken, "final_obs": last, "success": terminated, "_success": terminated}
        return self.now.astype(np.float32), np.ones(self.num_envs), terminated, truncated, told

    def state_dict(self):
        return {}

    def load_state_dict(self, state):
        pass


ACTOR = SimpleNamespace(act=lambda obs, step: np.zeros((len(obs), 1), np.float32))
FATES = st.lists(st.sampled_from(["on", "on", "on", "terminated", "truncated", "broken"]), min_size=1, max_size=60)


def collect(source, steps):
    rows = [[] for _ in range(source.env.num_envs)]
    for step in range(steps):
        source.begin(ACTOR, step)
        transitions, ended = source.finish()
        for i, row in enumerate(rows):
            fields = transitions.obs[i], transitions.next_obs[i], transitions.terminated[i], ended[i]
            row.append((tuple(fields[0]), tuple(fields[1]), bool(fields[2]), bool(fields[3])))
    return rows


def endless(fates):
    yield from fates
    while True:
        yield "on"


@settings(max_examples=60, deadline=None)
@given(fates=FATES, num_envs=st.integers(1, 3))
def test_all_that_is_whole_comes_in_order_and_ends_where_it_broke(fates, num_envs):
    env = Breaking(num_envs, endless(fates))
    source = LiveCollector(env, seed=0)
    rows = collect(source, 40)
    for came, went in zip(rows, env.went, strict=True):
        assert came == went[: len(came)]
        assert len(went) > len(came)
    assert source.broken == sum(fate == "broken" for fate in fates)


def test_broken_episodes_do_not_count():
    fates = ["on", "on", "broken", "on", "terminated"]
    source = LiveCollector(Breaking(1, endless(fates)), seed=0)
    collect(source, 6)
    statistics = source.statistics()
    assert (statistics.mean_return, statistics.mean_length, statistics.success_rate) == (2.0, 2.0, 1.0)


def test_an_interruption_is_a_break():
    source = LiveCollector(Breaking(2, endless(["on"])), seed=0)
    collect(source, 3)
    state = source.state_dict()
    resumed = LiveCollector(Breaking(2, endless(["on"])), seed=0)
    resumed.load_state_dict(state)
    (first, second), _ = (row[:2] for row in collect(resumed, 3))
    assert first == ((0.0, 0.0, 3.0), (0.0, 0.0, 4.0), False, True)  # held back when it was saved
    assert second == ((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), False, False)


def test_a_failing_start_leaves_nothing_open():
    class Failing(Breaking):
        closed_ = False

        def reset(self, *, seed=None, options=None):
            raise TimeoutError

        def close(self, **kwargs):
            self.closed_ = True

    env = Failing(1, endless([]))
    with pytest.raises(TimeoutError):
        LiveCollector(env, seed=0)
    assert env.closed_
