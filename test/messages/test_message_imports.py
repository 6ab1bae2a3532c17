"""The floor of messages stands without rclpy, and the tests do check what is written into fields."""

import subprocess
import sys
from pathlib import Path

import pytest
from geometry_msgs.msg import Vector3

import dl_robotics.messages

MODULES = sorted(path.stem for path in Path(dl_robotics.messages.__file__).parent.glob("[a-z]*.py"))
IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(f"dl_robotics.messages.{name}")
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] != "nav2_msgs":  # the one package of messages that need not be installed
            raise
print([name for name in sys.modules if name.split(".")[0] == "rclpy"])
"""


def test_no_module_imports_rclpy():
    assert "image" in MODULES
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL, *MODULES], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_fields_are_checked_while_tests_run():
    with pytest.raises(AssertionError, match="must be of type 'float'"):
        Vector3(x=1)
