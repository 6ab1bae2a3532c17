"""The task file: round trip, limits, what is refused."""

import dataclasses
import math

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.navigation.action import action_space, command
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Randomisation, RewardSpec, Task
from dl_robotics.resources import config_file

TASKS = sorted(config_file("tasks").glob("*.yaml"))
SPECS = {"lidar": LidarSpec, "action": ActionSpec, "reward": RewardSpec, "randomisation": Randomisation}


@pytest.mark.parametrize("path", TASKS, ids=lambda p: p.stem)
def test_shipped_tasks_survive_a_round_trip(path):
    task = config.load(Task, path)
    assert config.from_dict(Task, config.to_dict(task)) == task
    assert task.name == path.stem


def test_randomisation_is_off_by_default():
    assert Randomisation() == Randomisation(0.0, 0.0, (0.0, 0.0), (1.0, 1.0), (1.0, 1.0), (1.0, 1.0))


@pytest.mark.parametrize(
    ("section", "change", "named"),
    [
        ("lidar", {"count": 0}, "lidar.count"),
        ("lidar", {"fov_deg": 361.0}, "lidar.fov_deg"),
        ("lidar", {"range_min_m": 4.0}, "lidar.range_min_m"),
        ("action", {"linear_mps": [0.2, 0.2]}, "action.linear_mps"),
        ("action", {"kind": "discrete", "table": [[0.1, 0.0]]}, "action.table"),
        ("action", {"kind": "discrete", "table": [[0.1, 0.0], [0.5, 0.0]]}, "action.table"),
        ("reward", {"progress": -1.0}, "reward.progress"),
        ("randomisation", {"lidar_dropout": 1.0}, "randomisation.lidar_dropout"),
        ("randomisation", {"mass": [0.0, 1.0]}, "randomisation.mass"),
        ("randomisation", {"latency_s": [0.2, 0.1]}, "randomisation.latency_s"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_dotted_key(section, change, named):
    with pytest.raises(ConfigError, match=named):
        config.from_dict(Task, {"name": "x", section: change})


def test_beams_lie_evenly_and_do_not_repeat_over_a_full_circle():
    beams = LidarSpec(count=4, fov_deg=360.0).beams
    np.testing.assert_allclose(beams.angles, [-math.pi, -math.pi / 2, 0.0, math.pi / 2])
    half = LidarSpec(count=3, fov_deg=180.0).beams
    np.testing.assert_allclose(half.angles, [-math.pi / 2, 0.0, math.pi / 2])
    np.testing.assert_allclose(LidarSpec(count=1, fov_deg=90.0).beams.angles, [0.0])


def test_continuous_actions_span_the_limits():
    spec = ActionSpec(kind="continuous", linear_mps=(0.0, 0.2), angular_radps=(-1.0, 1.0))
    commands = command(spec, np.array([[-1.0, -1.0], [0.0, 0.0], [1.0, 1.0], [9.0, -9.0]], dtype=np.float32))
    np.testing.assert_allclose(commands, [[0.0, -1.0], [0.1, 0.0], [0.2, 1.0], [0.2, -1.0]])


def test_discrete_actions_are_rows_of_the_table():
    spec = ActionSpec(kind="discrete", table=((0.1, 0.0), (0.2, 1.0)))
    assert action_space(spec).n == 2
    np.testing.assert_allclose(command(spec, np.array([1, 0])), [[0.2, 1.0], [0.1, 0.0]])


@pytest.mark.parametrize("bad", [[2], [-1]])
def test_an_index_outside_the_table_is_refused(bad):
    spec = ActionSpec(kind="discrete", table=((0.1, 0.0), (0.2, 1.0)))
    with pytest.raises(ValueError, match="indices in"):
        command(spec, np.array(bad))


def test_a_continuous_action_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="finite"):
        command(ActionSpec(kind="continuous"), np.array([[np.nan, 0.0]]))


def test_every_setting_is_documented_by_a_field_with_a_default_but_the_name():
    required = [f.name for f in dataclasses.fields(Task) if f.default is f.default_factory is dataclasses.MISSING]
    assert required == ["name"]
    assert {f.name for f in dataclasses.fields(Task)} >= SPECS.keys()
