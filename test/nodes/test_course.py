"""The demo's course, ended from outside while a robot is on its way."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from geometry_msgs.msg import PoseStamped
from rig import Rig
from shared_memory import own, shared

from dl_robotics.commands.__main__ import INTERRUPTED

END_S = 60.0  # a loaded machine included


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_ends_its_processes_and_says_so(
    rig: Rig, policy: Path, tmp_path: Path, number: signal.Signals
) -> None:
    before = shared()
    options = ["--policy", policy, "--world", "empty", "--goals", "1000", "--output", tmp_path / "runs"]
    command = [sys.executable, "-m", "dl_robotics.commands", "demo", *map(str, options)]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        goals = rig.hear("goal_pose", PoseStamped)
        rig.until(lambda: goals, "a goal")
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        assert len(children) == 3  # simulator, navigator and recorder
        theirs = set().union(*(own(int(process), before) for process in [demo.pid, *children]))
        assert theirs
        demo.send_signal(number)
        _, told = demo.communicate(timeout=END_S)
    finally:
        if demo.poll() is None:
            demo.terminate()  # it ends its processes; killed, it would leave them
            demo.communicate(timeout=END_S)
    assert demo.returncode == INTERRUPTED, told
    assert told == "dl_robotics: interrupted\n"
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert not theirs & shared()
