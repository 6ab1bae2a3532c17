"""The floors of the design: a module imports only from floors below its own, or from its own folder."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dl_robotics"
FLOORS = {
    "nn": 1,
    "ops": 1,
    "config": 1,
    "errors": 1,
    "resources": 1,
    "parameters": 1,
    "messages": 2,
    "rl": 2,
    "sim": 2,
    "checkpoint": 2,
    "data": 3,
    "inference": 3,
    "stage": 3,
    "action": 4,
    "navigation": 4,
    "pose": 4,
    "sequences": 4,
    "tracking": 4,
    "detection": 4,
    "segmentation": 4,
    "pipeline": 4,
    "training": 5,
    "nodes": 6,
    "commands": 6,
}
# commands/ are shells over the nodes on their own floor.
# Everything on the lowest floor checks its settings and refuses them in the same way.
SIDEWAYS = {("commands", "nodes"), ("ops", "resources")} | {
    (here, there) for here in ("config", "parameters", "nn", "ops") for there in ("config", "errors")
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Dotted names of everything a module imports, wherever in the module that stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_has_a_floor():
    assert {room(path) for path in MODULES} - {"__init__"} <= FLOORS.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_lead_downwards(path):
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "dl_robotics" or len(parts) == 1 or parts[1] not in FLOORS or here == "__init__":
            continue
        there = parts[1]
        downwards = FLOORS[there] < FLOORS[here] or there == here or (here, there) in SIDEWAYS
        assert downwards, f"{path.relative_to(ROOT)} (floor {FLOORS[here]}) imports {name} (floor {FLOORS[there]})"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_nodes_know_rclpy(path):
    if room(path) != "nodes":
        assert not [name for name in imports(path) if name.split(".")[0] == "rclpy"]


def test_the_floors_of_the_contributing_guide_are_these():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = {int(line[2]): line for line in text.splitlines() if line[:2] == "| " and line[2].isdigit()}
    for name, floor in FLOORS.items():
        assert name in rows[floor] or floor == 4, f"{name}: not on floor {floor} in CONTRIBUTING.md"
