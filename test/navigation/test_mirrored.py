"""A task in the mirror: the world seen from its other side looks as the mirror says."""

from dataclasses import replace

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.navigation.action import command
from dl_robotics.navigation.environment import NavigationVectorEnv
from dl_robotics.navigation.mirrored import mirror
from dl_robotics.navigation.observation import Observer, size
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Task
from dl_robotics.resources import config_file
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, train

ALL = np.arange(3)
LIDARS = {
    "every ray by itself": LidarSpec(count=24, past_s=(0.1, 0.3)),
    "sectors around their middle rays": LidarSpec(count=120, sectors=40, centred=True, past_s=(0.1, 0.3)),
    "the half circle ahead": LidarSpec(count=60, fov_deg=180.0, sectors=20, past_s=(0.2,)),
}
CONTINUOUS = ActionSpec(kind="continuous", linear_mps=(-0.22, 0.22))
TABLE = ((0.22, 0.0), (0.1, 2.0), (0.0, -1.0), (0.1, -2.0), (0.0, 1.0))
DISCRETE = ActionSpec(kind="discrete", table=TABLE)


def seen_in(reflection, rows):
    """Rows (N, D) as the mirror shows them."""
    source, sign = reflection.arrays
    return rows[:, source] * sign


def reflected(lidar, ranges):
    """Ranges (k, count) of a world whose left is its right."""
    other = -np.arange(lidar.count) % lidar.count if lidar.beams.is_circle else np.arange(lidar.count)[::-1]
    return ranges[:, other]


@pytest.mark.parametrize("lidar", LIDARS.values(), ids=LIDARS)
def test_what_is_seen_in_a_reflected_world_is_what_the_mirror_shows(lidar):
    task, rng = Task("reflected", lidar=lidar, action=CONTINUOUS), np.random.default_rng(0)
    here, there = Observer(task, 3), Observer(task, 3)
    shows, flip = mirror(task).obs, np.array([1.0, -1.0])
    for _ in range(6):
        ranges, pose = rng.uniform(0.1, 4.0, (3, lidar.count)), rng.uniform(-0.3, 0.3, (3, 3))
        velocity, last = rng.uniform(-0.2, 0.2, (2, 3, 2))
        goal = rng.uniform(-3.0, 3.0, (3, 2))
        seen = here(ALL, ranges, pose, velocity, goal, last)
        other_side = there(
            ALL, reflected(lidar, ranges), pose * [1.0, -1.0, -1.0], velocity * flip, goal * flip, last * flip
        )
        np.testing.assert_allclose(seen_in(shows, seen), other_side, atol=1e-6)
        np.testing.assert_array_equal(seen_in(shows, seen_in(shows, seen)), seen)


def test_a_mirrored_action_turns_to_the_other_side():
    rng, flip = np.random.default_rng(0), np.array([1.0, -1.0])
    box, table = (mirror(Task("turns", action=spec)).action for spec in (CONTINUOUS, DISCRETE))
    actions = rng.uniform(-1.0, 1.0, (5, 2)).astype(np.float32)
    np.testing.assert_allclose(command(CONTINUOUS, seen_in(box, actions)), command(CONTINUOUS, actions) * flip)
    rows = np.arange(5)
    np.testing.assert_array_equal(command(DISCRETE, table.arrays[0][rows]), command(DISCRETE, rows) * flip)


def test_an_environment_tells_its_mirror():
    env = NavigationVectorEnv("static", "burger_motion_discrete", num_envs=2)
    assert len(env.mirror.obs.source) == env.single_observation_space.shape[0]
    assert len(env.mirror.action.source) == env.single_action_space.n
    env.close()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"lidar": LidarSpec(count=120, sectors=40)}, "lidar.centred"),
        ({"action": replace(CONTINUOUS, angular_radps=(-2.0, 1.0))}, "action.angular_radps"),
        ({"action": replace(DISCRETE, table=TABLE[:-1])}, "action.table"),
    ],
)
def test_what_has_no_mirror_image_is_refused(changes, key):
    with pytest.raises(ConfigError, match=rf"^{key}: expected"):
        mirror(Task("lopsided", **{"action": CONTINUOUS, **changes}))


@pytest.mark.parametrize(("count", "fov_deg", "sectors"), [(120, 360.0, 30), (60, 180.0, 20)])
def test_sectors_are_centred_where_they_can_be(count, fov_deg, sectors):
    with pytest.raises(ConfigError, match=r"^centred: expected false unless"):
        LidarSpec(count=count, fov_deg=fov_deg, sectors=sectors, centred=True)


def test_a_centred_sector_lies_around_its_middle_ray():
    lidar = LidarSpec(count=12, sectors=4, centred=True)
    observer = Observer(Task("sectors", lidar=lidar, action=CONTINUOUS), 1)
    alone, still = ALL[:1], np.zeros((1, 3))
    for ray, sector in enumerate([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]):
        ranges = np.full((1, 12), np.inf)
        ranges[0, ray] = 1.0
        seen = observer(alone, ranges, still, still[:, :2], still[:, :2], still[:, :2])
        np.testing.assert_array_equal(np.flatnonzero(seen[0, :4] < 1.0), [sector])


def test_a_policy_that_learned_on_both_sides_drives_alike_on_both(tmp_path):
    few = {"total_steps": 640, "learning_starts": 64, "eval_episodes": 2, "eval_envs": 2, "algorithm.hidden": [16, 16]}
    recipe = config.load(Recipe, config_file("training", "arena_dqn.yaml"), mirrored=True, **few)
    train(recipe, tmp_path)
    stage = PolicyStage.load(tmp_path / BEST)
    obs = np.random.default_rng(0).uniform(-1.0, 1.0, (100, size(stage.task))).astype(np.float32)
    shows = mirror(stage.task)
    there = seen_in(shows.obs, obs)
    np.testing.assert_array_equal(stage.policy(there), shows.action.arrays[0][stage.policy(obs)])
