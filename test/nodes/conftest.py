"""Fixtures of the node tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Rig
from tiny_policy import TASK, save_policy


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.close()


@pytest.fixture
def stranger() -> Iterator[Rig]:
    """A second participant: within one, all that use a topic must agree on its type."""
    rig = Rig()
    yield rig
    rig.close()


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A checkpoint whose policy drives straight on."""
    return save_policy(tmp_path / "policy.safetensors", TASK, favourite=0)
