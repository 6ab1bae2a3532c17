"""Launch files without a ROS install: every package, executable, file, argument and parameter they name exists.

They are written for the real launch and launch_ros, which no package index offers, so they are read here, not run.
"""

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from dl_robotics.nodes.detector import DetectorParameters
from dl_robotics.nodes.image_node import ImageNodeParameters
from dl_robotics.nodes.navigator import NavigatorParameters
from dl_robotics.nodes.pipeline import PipelineParameters
from dl_robotics.nodes.segmenter import SegmenterParameters
from dl_robotics.nodes.simulator_parameters import SimulatorParameters
from dl_robotics.nodes.trainer_parameters import TrainerParameters

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "launch").glob("*.launch.py"))
EXECUTABLES = set(re.findall(r'f"(\w+) = \{NAME\}\.', (ROOT / "setup.py").read_text(encoding="utf-8")))
PARAMETERS = {
    "simulator": (SimulatorParameters,),
    "navigator": (NavigatorParameters,),
    "detector": (ImageNodeParameters, DetectorParameters),
    "segmenter": (ImageNodeParameters, SegmenterParameters),
    "pipeline": (PipelineParameters,),
    "trainer": (TrainerParameters,),
}
FILES_OF_PARAMETERS = {
    "drive.yaml": ("simulator", "navigator"),
    "learn.yaml": ("trainer",),
    "practice.yaml": ("simulator",),
    "perception.yaml": ("detector", "segmenter", "pipeline"),
}
KNOWN_TO_EVERY_NODE = {"use_sim_time"}
ARGUMENTS = {
    "simulator.launch.py": {"world", "robot", "namespace", "params_file"},
    "navigator.launch.py": {"map", "policy", "namespace", "use_sim_time", "autostart", "params_file"},
    "drive.launch.py": {"policy"},
    "learn.launch.py": {"policy", "recipe", "output", "learn", "trainer_params_file"},
    "detector.launch.py": {"model", "image", "namespace", "use_sim_time", "autostart", "params_file"},
    "people.launch.py": {"pipeline"},
    "perception.launch.py": {"pipeline", "image", "namespace", "use_sim_time", "autostart", "params_file"},
}


def known(node):
    """Names of a node's parameters."""
    return {f.name for parameters in PARAMETERS[node] for f in dataclasses.fields(parameters)} | KNOWN_TO_EVERY_NODE


def calls(path, *names):
    """Every call of these names in a file: (positional constants, keyword values)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            constants = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield constants, {keyword.arg: keyword.value for keyword in node.keywords}


def declared(path):
    return {constants[0] for constants, _ in calls(path, "DeclareLaunchArgument")}


def test_the_launch_files_are_these_with_these_arguments():
    assert {path.name: declared(path) for path in FILES} == ARGUMENTS


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_argument_that_is_used_is_declared_and_described(path):
    used = {constants[0] for constants, _ in calls(path, "LaunchConfiguration")}
    assert used <= declared(path)
    assert all("description" in keywords for _, keywords in calls(path, "DeclareLaunchArgument"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_node_exists_and_knows_its_parameters(path):
    for _, keywords in calls(path, "Node", "LifecycleNode"):
        assert keywords["package"].value == "dl_robotics"
        executable = keywords["executable"].value
        assert executable in EXECUTABLES
        assert keywords["name"].value == executable  # as the parameter files address it
        for parameters in keywords["parameters"].elts:
            if isinstance(parameters, ast.Dict):
                assert {key.value for key in parameters.keys} <= known(executable)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_file_that_is_named_is_installed(path):
    named = re.findall(r'"([\w.]+\.(?:yaml|xml|launch\.py))"', path.read_text(encoding="utf-8"))
    assert named
    for name in named:
        assert [path for place in ("config", "launch") for path in (ROOT / place).rglob(name)], name


def test_every_executable_has_a_module_with_main():
    entries = re.findall(r'f"\w+ = \{NAME\}\.([\w.]+):main"', (ROOT / "setup.py").read_text(encoding="utf-8"))
    for entry in entries:
        source = (ROOT / "dl_robotics" / f"{entry.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(source).body)


@pytest.mark.parametrize(
    ("file", "node"), [(file, node) for file, nodes in FILES_OF_PARAMETERS.items() for node in nodes]
)
def test_the_parameter_files_name_real_parameters(file, node):
    text = (ROOT / "config" / file).read_text(encoding="utf-8")
    section = text.split(f"/**/{node}:")[1].split("\n\n")[0]
    named = set(re.findall(r"^ {4}(\w+):", section, re.MULTILINE))
    assert named
    assert named <= known(node)
