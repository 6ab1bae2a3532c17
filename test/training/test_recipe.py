"""Training recipes."""

import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.resources import config_file
from dl_robotics.training.any_run import load_any_recipe
from dl_robotics.training.environments import make_environments, spaces
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train
from dl_robotics.training.tasks import TASKS, load_recipe

SHIPPED = sorted(config_file("training").glob("*.yaml"))
WITH_TASK = [path for path in SHIPPED if "task" in config.read(path)]
SUPERVISED = [path for path in WITH_TASK if config.read(path)["task"] != "offline"]
LIVE = [config_file("training", "live_td3.yaml")]  # its robot is behind topics
REINFORCEMENT = [path for path in SHIPPED if path not in [*WITH_TASK, *LIVE]]


@pytest.mark.parametrize("path", [*WITH_TASK, *LIVE], ids=lambda path: path.stem)
def test_shipped_recipes_load(path):
    recipe = load_any_recipe(path)
    assert config.from_dict(type(recipe), config.to_dict(recipe)) == recipe


@pytest.mark.parametrize("path", REINFORCEMENT, ids=lambda path: path.stem)
def test_shipped_recipes_make_their_environments(path):
    recipe = config.load(Recipe, path)
    env = make_environments(recipe.env, 2)
    assert spaces(env)[0] > 1
    env.close()
    assert config.from_dict(Recipe, config.to_dict(recipe)) == recipe


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[(name, 0) for name in ("num_envs", "learning_starts", "batch_size", "eval_every", "eval_episodes")],
        *[(name, 0) for name in ("eval_envs", "log_every", "threads", "updates_per_step", "total_steps")],
        ("replay_capacity", 7),
        ("seed", -1),
        ("algorithm.gamma", 1.0),
        ("epsilon.steps", 0),
    ],
)
def test_impossible_values_are_refused_by_key(key, value):
    with pytest.raises(ConfigError, match=rf"cartpole_dqn\.yaml: {key}: expected"):
        config.load(Recipe, config_file("training", "cartpole_dqn.yaml"), **{key: value})


@pytest.mark.parametrize("kind", ["a2c", "reinforce", "drqn", "recurrent_td3"])
def test_robots_behind_topics_are_learned_on_from_a_replay_alone(kind):
    plain = {**config.read(LIVE[0]), "algorithm": {"kind": kind}}
    with pytest.raises(ConfigError, match=rf"^algorithm\.kind: expected dqn, ddpg or td3, .*Live-v0, got '{kind}'"):
        config.from_dict(Recipe, plain)


def test_a_recipe_has_the_class_of_its_task(tmp_path):
    classes = {load_recipe(path).task: type(load_recipe(path)) for path in SUPERVISED}
    assert all(issubclass(TASKS[task].recipe, found) for task, found in classes.items())
    assert classes["action"] is not classes["detection"]
    (tmp_path / "other.yaml").write_text("task: juggling\n")
    with pytest.raises(ConfigError, match=r"other\.yaml: task: expected one of detection, .*, got 'juggling'"):
        load_recipe(tmp_path / "other.yaml")


def test_a_mirror_is_for_learning_from_a_replay_where_the_environment_has_one(tmp_path):
    with pytest.raises(ConfigError, match=r"mirrored: expected false with a2c"):
        config.load(Recipe, config_file("training", "cartpole_a2c.yaml"), mirrored=True)
    with pytest.raises(ConfigError, match=r"mirrored: expected false with a bonus"):
        config.load(Recipe, config_file("training", "rooms_rnd.yaml"), mirrored=True)
    recipe = config.load(Recipe, config_file("training", "cartpole_dqn.yaml"), mirrored=True)
    with pytest.raises(ConfigError, match=r"^mirrored: expected an environment that has a mirror, got SyncVectorEnv"):
        train(recipe, tmp_path)
