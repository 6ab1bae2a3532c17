"""Where an observation does not tell all, a policy that remembers gets what one that does not cannot."""

import pytest
from cue import ENV, LENGTH

from dl_robotics import checkpoint, config
from dl_robotics.config import ConfigError
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.environments import make_environments
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.recipe import EnvRecipe, Recipe
from dl_robotics.training.reinforcement import BEST, train

SHARED = {
    **{"total_steps": 2_400, "learning_starts": 200, "batch_size": 32, "updates_per_step": 0.1, "num_envs": 8},
    **{"epsilon": {"end": 0.1, "steps": 1_200}, "eval_every": 2_400, "eval_episodes": 64, "eval_envs": 64},
}
DQN = {"kind": "dqn", "hidden": [16], "learning_rate": 5e-3, "target_update_every": 20}
DRQN = {"kind": "drqn", "hidden": [16], "learning_rate": 5e-3, "target_rate": 0.05}
DRQN["memory"] = {"units": 16, "length": 4, "burn_in": 0}


def trained(folder, algorithm, frames=1):
    env = {"id": ENV, "vectorization": "sync", "frames": frames}
    return train(config.from_dict(Recipe, {**SHARED, "env": env, "algorithm": algorithm}), folder)


def test_without_memory_the_turn_is_a_guess(tmp_path):
    assert trained(tmp_path, DQN).success_rate < 0.75


def test_stacked_frames_tell_the_turn(tmp_path):
    assert trained(tmp_path, DQN, frames=LENGTH).success_rate == 1.0


def test_a_recurrent_policy_remembers_the_turn(tmp_path):
    assert trained(tmp_path, DRQN).success_rate == 1.0
    policy = greedy_policy(checkpoint.load(tmp_path / BEST, "drqn"))
    env = make_environments(EnvRecipe(ENV, vectorization="sync"), 3)
    assert evaluate(policy, env, 60, seed=9).success_rate == 1.0


@pytest.mark.parametrize("wanted", [{"bonus": {"kind": "rnd"}}, {"n_step": 3}, {"priorities": {}}])
def test_sequences_come_without(tmp_path, wanted):
    env = {"id": ENV, "vectorization": "sync"}
    with pytest.raises(ConfigError, match=next(iter(wanted))):
        train(config.from_dict(Recipe, {**SHARED, "env": env, "algorithm": DRQN, **wanted}), tmp_path)


def test_frames_are_for_single_environments():
    with pytest.raises(ConfigError, match="frames"):
        EnvRecipe("CartPole-v1", frames=4)
