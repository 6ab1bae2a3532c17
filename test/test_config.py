"""Dataclasses from YAML: what fits, and what is refused with which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics import config
from dl_robotics.config import ConfigError, require
from dl_robotics.errors import UserError


@dataclass(frozen=True)
class Wheel:
    radius_m: float
    sides: tuple[int, int] = (1, 2)

    def __post_init__(self):
        require(self.radius_m > 0.0, "radius_m", "> 0", self.radius_m)


@dataclass(frozen=True)
class Robot:
    name: str
    wheels: tuple[Wheel, ...] = ()
    spare: Wheel | None = None
    mode: Literal["slow", "fast"] = "slow"
    load_kg: float | None = None
    tags: Mapping[str, int] = field(default_factory=dict)
    extra: Any = None
    awake: bool = False
    count: int = 1


def test_worked_example(tmp_path):
    path = tmp_path / "robot.yaml"
    path.write_text(
        "name: burger\nwheels: [{radius_m: 1}, {radius_m: 3.3e-2, sides: [3, 4]}]\nspare: {radius_m: 2}\n"
        "mode: fast\ntags: {a: 1}\nextra: [1, x]\nawake: true\n"
    )
    assert config.load(Robot, path) == Robot(
        name="burger",
        wheels=(Wheel(1.0), Wheel(0.033, (3, 4))),
        spare=Wheel(2.0),
        mode="fast",
        tags={"a": 1},
        extra=[1, "x"],
        awake=True,
    )


@pytest.mark.parametrize(("text", "value"), [("1e-3", 0.001), ("-2.5E+4", -25_000.0), (".5e1", 5.0), ("3", 3.0)])
def test_numbers_as_people_write_them(text, value):
    assert config.from_dict(Robot, {"name": "x", "load_kg": config.parse(text)}).load_kg == value


def test_text_that_only_resembles_a_number_stays_text():
    assert config.parse("[e3, 1e, 1e3m, 1-3]") == ["e3", "1e", "1e3m", "1-3"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "x", "colour": 1}, "colour: unknown key; expected one of name, wheels,"),
        ({}, "name: missing; expected str"),
        ({"name": 1}, "name: expected str, got 1"),
        ({"name": "x", "count": 1.5}, "count: expected int, got 1.5"),
        ({"name": "x", "count": True}, "count: expected int, got True"),
        ({"name": "x", "awake": 1}, "awake: expected bool, got 1"),
        ({"name": "x", "load_kg": "1"}, "load_kg: expected float | None, got '1'"),
        ({"name": "x", "load_kg": True}, "load_kg: expected float | None, got True"),
        ({"name": "x", "mode": "medium"}, r"mode: expected Literal\['slow', 'fast'\], got 'medium'"),
        ({"name": "x", "tags": {"a": "b"}}, "tags.a: expected int, got 'b'"),
        ({"name": "x", "tags": [1]}, r"tags: expected .*Mapping\[str, int\], got \[1\]"),
        ({"name": "x", "wheels": {"radius_m": 1}}, "wheels: expected tuple"),
        ({"name": "x", "wheels": [{"radius_m": 1}, {}]}, r"wheels\[1\].radius_m: missing; expected float"),
        ({"name": "x", "wheels": [{"radius_m": 1, "sides": [1]}]}, r"wheels\[0\].sides: expected tuple\[int, int\]"),
        ({"name": "x", "spare": {"radius_m": -1}}, "^spare.radius_m: expected > 0, got -1.0"),
        ({"name": "x", "spare": {"radius": 1}}, "spare.radius: unknown key"),
        ({"name": "x", "spare": 3}, "spare: expected test_config.Wheel | None, got 3"),
        ([1], r"Robot: expected a mapping, got \[1\]"),
    ],
)
def test_refusals_name_key_expectation_and_value(data, message):
    with pytest.raises(ConfigError, match=message.replace(" | ", r" \| ")):
        config.from_dict(Robot, data)


def test_a_range_error_is_named_once_even_if_its_key_begins_like_its_parent():
    @dataclass(frozen=True)
    class Holder:
        radius: Wheel

    with pytest.raises(ConfigError, match=r"^radius\.radius_m: expected > 0"):
        config.from_dict(Holder, {"radius": {"radius_m": 0}})


def test_overrides_reach_inwards(tmp_path):
    path = tmp_path / "robot.yaml"
    path.write_text("name: x\nspare: {radius_m: 1, sides: [5, 6]}\n")
    robot = config.load(Robot, path, **{"name": "y", "spare.radius_m": 2.0, "tags.a": 1})
    assert (robot.name, robot.spare, robot.tags) == ("y", Wheel(2.0, (5, 6)), {"a": 1})
    with pytest.raises(ConfigError, match=r"robot\.yaml: spare\.weight: unknown key"):
        config.load(Robot, path, **{"spare.weight": 1})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: [", "not readable as YAML"),
        (b"- 1", "Robot: expected a mapping"),
        (b"", "name: missing"),
        (b"name: \xff", "codec"),
        (b"name: !!python/object/apply:os.getcwd []", "not readable as YAML"),
    ],
)
def test_files_that_do_not_fit_are_named(tmp_path, content, message):
    path = tmp_path / "robot.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=rf"robot\.yaml: .*{message}"):
        config.load(Robot, path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.yaml: No such file"):
        config.load(Robot, tmp_path / "nowhere.yaml")


wheels = st.builds(
    Wheel,
    radius_m=st.floats(min_value=1e-6, max_value=1e6),
    sides=st.tuples(st.integers(), st.integers()),
)
robots = st.builds(
    Robot,
    name=st.text(),
    wheels=st.lists(wheels, max_size=3).map(tuple),
    spare=st.none() | wheels,
    mode=st.sampled_from(["slow", "fast"]),
    load_kg=st.none() | st.floats(allow_nan=False),
    tags=st.dictionaries(st.text(), st.integers(), max_size=3),
    extra=st.none() | st.lists(st.integers() | st.text(), max_size=3),
    awake=st.booleans(),
    count=st.integers(),
)


@settings(deadline=None)
@given(robots)
def test_round_trip(robot):
    assert config.from_dict(Robot, config.to_dict(robot)) == robot
