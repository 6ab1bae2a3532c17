"""What is written is read again as it was: every shipped world, and drawn ones."""

import dataclasses
import shutil
import subprocess

import numpy as np
import pytest

from dl_robotics.resources import config_file
from dl_robotics.sim.generated.clutter import Clutter
from dl_robotics.sim.generated.maze import Maze
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.sdf.writer import write_world

SHIPPED = sorted(config_file("worlds").glob("*.sdf"))
DRAWN = [Clutter(), Maze()]


def plain(value):
    """Dataclasses as lists of their values, numbers as arrays; the file that a world came from aside."""
    if dataclasses.is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.name != "source"]
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def assert_same(one, other):
    if isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, float | np.ndarray):
        np.testing.assert_allclose(one, other, rtol=0.0, atol=1e-12)
    else:
        assert one == other


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_worlds_are_read_again_as_they_were(tmp_path, file):
    world = read_world(file)
    write_world(world, tmp_path / "world.sdf")
    assert_same(plain(world), plain(read_world(tmp_path / "world.sdf")))


@pytest.mark.parametrize("kind", DRAWN, ids=lambda kind: kind.kind)
def test_drawn_worlds_are_read_again_as_they_were(tmp_path, kind):
    world = kind.draw(np.random.default_rng(3))
    write_world(world, tmp_path / "world.sdf")
    assert_same(plain(world), plain(read_world(tmp_path / "world.sdf")))


@pytest.mark.skipif(shutil.which("ign") is None, reason="ign, libsdformat's checker, is not installed")
def test_libsdformat_accepts_what_is_written(tmp_path):
    write_world(Clutter().draw(np.random.default_rng(3)), tmp_path / "world.sdf")
    checked = subprocess.run(["ign", "sdf", "-k", tmp_path / "world.sdf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "Warning" not in checked.stderr


def test_parts_of_nested_models_keep_apart(tmp_path):
    inner = '<model name="inner"><link name="link"/></model>'
    body = f'<model name="outer"><link name="link"/>{inner}<joint name="j" type="fixed">'
    body += "<parent>link</parent><child>inner::link</child></joint></model>"
    file = tmp_path / "nested.sdf"
    file.write_text(f'<sdf version="1.9"><world name="w">{body}</world></sdf>')
    write_world(read_world(file), tmp_path / "world.sdf")
    (outer,) = read_world(tmp_path / "world.sdf").models
    assert [link.name for link in outer.links] == ["link", "inner.link"]
    assert (outer.joints[0].parent, outer.joints[0].child) == ("link", "inner.link")
