"""Fixtures of the node tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Rig
from tiny_masks import save_masks, save_recipe
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


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Labelled images to learn from."""
    return save_masks(tmp_path_factory.mktemp("masks"))


@pytest.fixture
def recipe(folder: Path, tmp_path: Path) -> Path:
    """A recipe that is done in seconds."""
    return save_recipe(tmp_path / "recipe.yaml", folder)


@pytest.fixture
def endless(folder: Path, tmp_path: Path) -> Path:
    """A recipe that nobody waits for."""
    return save_recipe(tmp_path / "endless.yaml", folder, steps=100_000, evaluate_every=50_000)
