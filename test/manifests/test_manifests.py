"""What colcon, rosdep and pip read of the package is valid and tells the same story."""

import re
from pathlib import Path

import pytest
from catkin_pkg.package import parse_package
from packaging.requirements import Requirement

import dl_robotics

ROOT = Path(__file__).resolve().parents[2]
INTERFACES = sorted(ROOT.glob("interfaces/*/package.xml"))


def locked(name: str) -> list[Requirement]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]


# An invalid e-mail would make colcon take the package for plain Python, without a word.
@pytest.mark.parametrize("folder", [".", *(f"interfaces/{path.parent.name}" for path in INTERFACES)])
def test_manifest_is_valid(folder):
    warnings = []
    parse_package(ROOT / folder, warnings=warnings)
    assert warnings == []


def test_one_version_everywhere():
    in_setup = re.search(r'version="(.+?)"', (ROOT / "setup.py").read_text())
    assert parse_package(ROOT).version == in_setup[1] == dl_robotics.__version__


@pytest.mark.parametrize("name", ["torch.txt", "run.txt", "dev.txt"])
def test_lock_names_exact_versions(name):
    requirements = locked(name)
    assert requirements
    assert all(re.fullmatch(r"==[^*]+", str(requirement.specifier)) for requirement in requirements)


def test_locks_agree():
    run = {(r.name, str(r.marker)): r.specifier for r in locked("run.txt")}
    both = [r for r in locked("dev.txt") if (r.name, str(r.marker)) in run]
    assert both
    assert all(r.specifier == run[r.name, str(r.marker)] for r in both)
