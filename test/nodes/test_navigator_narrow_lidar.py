"""The navigator with a lidar of half a circle and a policy that learned with a whole one."""

import math
from pathlib import Path

import numpy as np
import pytest
from bench import Bench, scan_at
from rig import Rig


def test_it_drives_and_says_what_it_does_not_see(rig: Rig, policy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bench = Bench(rig, policy, input_timeout_s=5.0)
    bench.send_goal(5.0, 0.0)
    for x in (0.0, 0.1, 0.2):
        half = np.full(181, np.inf, np.float32)
        scan = scan_at(bench.stamp_ns, half, angle_min=-math.pi / 2, angle_increment=math.pi / 180)
        bench.sense(x, scan)
    bench.until_commands(3)
    assert bench.commands == [(0.2, 0.0)] * 3
    assert capfd.readouterr().err.count("beams are out of its sight, and known by memory alone") == 1
