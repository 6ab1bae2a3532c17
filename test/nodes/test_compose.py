"""Several nodes in one process, started and ended as users do it."""

from pathlib import Path

import pytest
from rig import Rig
from tiny_vision import save_detector
from vision_msgs.msg import Detection2DArray

from dl_robotics.commands.processes import Processes
from dl_robotics.messages.header import decode_header

LIMIT_S = 120.0  # a loaded machine takes long to import torch
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # which does not wait by spinning


def options(**parameters: object) -> list[str]:
    return ["--ros-args", *(word for name, value in parameters.items() for word in ("-p", f"{name}:={value}"))]


def test_a_simulator_and_a_detector(rig: Rig, tmp_path: Path) -> None:
    model = save_detector(tmp_path / "detector.safetensors")
    told = options(model=model, backend="onnxruntime", autostart="true", use_sim_time="true", world="empty")
    with Processes(tmp_path, ONE_THREAD) as processes:
        processes.start("both", "dl_robotics.nodes.compose", ["simulator", "detector", *told])
        heard: list[Detection2DArray] = []
        rig.client.create_subscription(Detection2DArray, "detector/detections", heard.append, 10)
        rig.until(lambda: processes.check() or len(heard) >= 2, "detections", LIMIT_S)
        # Nobody but the detector reads the images, and it needs no subscription.
        assert rig.client.count_publishers("/image") == 1
        assert rig.client.count_subscribers("/image") == 0
        assert decode_header(heard[1].header)[0] > decode_header(heard[0].header)[0]
        assert processes.end("both") == 0


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [(["player", "detector"], "cannot start: source: expected"), (["toaster"], "invalid choice: 'toaster'")],
)
def test_what_cannot_start_says_why_and_fails(tmp_path: Path, rig: Rig, nodes: list[str], reason: str) -> None:
    with Processes(tmp_path, ONE_THREAD) as processes:
        processes.start("nodes", "dl_robotics.nodes.compose", [*nodes, *options(source=tmp_path)])
        with pytest.raises(ChildProcessError) as caught:
            rig.until(processes.check, "the end", LIMIT_S)
    assert reason in str(caught.value)
