"""Worlds and models written as text."""

import os
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path

import pytest

from dl_robotics.sim.sdf import SdfError, read_world
from dl_robotics.sim.world import Model, World


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes the inside of an ``<sdf>`` to a file; its first line is line 2."""

    def write(body: str, name: str = "world.sdf") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'<sdf version="1.9">\n{body}\n</sdf>\n', encoding="utf-8")
        return path

    return write


@pytest.fixture
def world(write: Callable[..., Path]) -> Callable[[str], World]:
    """Reads a world from the inside of its ``<world>``; its first line is line 3."""
    return lambda body: read_world(write(f'<world name="w">\n{body}\n</world>'))


@pytest.fixture
def model(world: Callable[[str], World]) -> Callable[..., Model]:
    """Reads a model ``m`` from the inside of its ``<model>``; its first line is line 4."""
    return lambda body, attributes="": world(f'<model name="m" {attributes}>\n{body}\n</model>').models[0]


@pytest.fixture
def refused(model: Callable[..., Model], tmp_path: Path) -> Callable[[str], str]:
    """What is said against the inside of a ``<model>``, after the path: ``line: message``."""

    def refused(body: str) -> str:
        with pytest.raises(SdfError) as error:
            model(body)
        message = str(error.value)
        assert message.startswith(f"{tmp_path}/world.sdf:")
        return message.removeprefix(f"{tmp_path}/world.sdf:")

    return refused


@pytest.fixture
def environment() -> Iterator[MutableMapping[str, str]]:
    """The environment variables, as they were before once the test is over."""
    before = dict(os.environ)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)
