"""ROS parameters that come from a dataclass."""

from dataclasses import dataclass
from typing import Literal

import pytest
from rclpy.node import Node
from rclpy.parameter import Parameter
from rig import Rig

from dl_robotics.config import ConfigError, require
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class Settings(ParameterSet):
    speed: float = parameter(1.0, "How fast, m/s.", low=0.0, high=2.0)
    count: int = parameter(3, "How many.", low=1, high=9)
    mode: Literal["slow", "fast"] = parameter("slow", "Which way.")
    place: tuple[float, float] = parameter((0.0, 0.0), "Where, m.")
    name: str = parameter("x", "Called what.", read_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.count != 5, "count", "anything but 5", self.count)


class Holder(Node):
    def __init__(self, **node: object) -> None:
        super().__init__("holder", **node)
        self.changes = 0
        self.parameters = Parameters(self, Settings, self._changed)

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def holder(rig: Rig) -> Holder:
    return rig.start(Holder, speed=0.5)


def attempt(holder: Holder, **values: object) -> tuple[bool, str]:
    result = holder.set_parameters_atomically([Parameter(name, value=value) for name, value in values.items()])
    return result.successful, result.reason


def test_start_values_come_from_outside_or_from_the_dataclass(holder: Holder) -> None:
    assert holder.parameters.value == Settings(speed=0.5)


def test_ranges_and_descriptions_are_told(holder: Holder) -> None:
    speed, count = holder.describe_parameter("speed"), holder.describe_parameter("count")
    assert speed.description == "How fast, m/s."
    assert (speed.floating_point_range[0].from_value, speed.floating_point_range[0].to_value) == (0.0, 2.0)
    assert (count.integer_range[0].from_value, count.integer_range[0].to_value) == (1, 9)
    assert holder.describe_parameter("name").read_only


def test_changes_reach_the_dataclass_together(holder: Holder) -> None:
    assert attempt(holder, speed=2, place=[1.0, 2.0], mode="fast") == (True, "")
    assert holder.parameters.value == Settings(speed=2.0, place=(1.0, 2.0), mode="fast")
    assert holder.changes == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"speed": 2.5}, "speed"),
        ({"speed": 3}, "speed: expected within [0.0, 2.0], got 3.0"),  # a whole number, past ROS's own check
        ({"speed": "fast"}, "speed: expected float, got 'fast'"),
        ({"count": 5}, "count: expected anything but 5, got 5"),
        ({"mode": "sideways"}, "mode: expected"),
        ({"place": [1.0, 2.0, 3.0]}, "place: expected"),
        ({"name": "y"}, "read-only"),
    ],
)
def test_what_the_dataclass_refuses_is_refused_with_its_reason(
    holder: Holder, values: dict[str, object], reason: str
) -> None:
    successful, why = attempt(holder, **values)
    assert not successful
    assert reason in why
    assert holder.parameters.value == Settings(speed=0.5)
    assert holder.changes == 0


def test_a_node_does_not_start_with_values_that_do_not_fit(rig: Rig) -> None:
    with pytest.raises(ConfigError, match="count: expected anything but 5"):
        rig.start(Holder, count=5)


def test_parameters_of_a_file_reach_a_node_in_any_namespace(rig: Rig, tmp_path: object) -> None:
    file = tmp_path / "parameters.yaml"
    file.write_text("/**/holder:\n  ros__parameters:\n    speed: 2\n/**:\n  ros__parameters:\n    count: 7\n")
    for namespace in ("/", "/robots/first"):
        holder = rig.start(Holder, "--params-file", str(file), "-r", f"__ns:={namespace}")
        assert holder.parameters.value == Settings(speed=2.0, count=7)
        rig.stop(holder)
