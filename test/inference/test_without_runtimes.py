"""Where ONNX, ONNX Runtime and OpenVINO are not installed, everything runs in torch, and says so."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
sys.path.append(sys.argv[1])
sys.modules.update(dict.fromkeys(("onnx", "onnxruntime", "openvino")))  # Python takes None for "not installed"

import dl_robotics.commands.train, dl_robotics.detection.stage, dl_robotics.segmentation.stage
from small_network import random_images, small_network
from dl_robotics.inference.backend import BackendError
from dl_robotics.inference.choose import choose_backend, make_backend

print(choose_backend(small_network(), random_images(), threads=1))
for name in ("onnxruntime", "openvino"):
    try:
        make_backend(name, small_network(), random_images())
    except BackendError as error:
        print(error)
"""


def test_auto_is_torch_and_runtimes_are_refused_by_name():
    here = str(Path(__file__).resolve().parent)
    command = [sys.executable, "-c", SCRIPT, here]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    chosen, *refused = shown.stdout.splitlines()
    assert chosen.startswith("torch, the fastest of: torch ")
    assert "onnxruntime left out (onnxruntime: not installed; pip install onnxruntime)" in chosen
    assert refused == [f"{name}: not installed; pip install {name}" for name in ("onnxruntime", "openvino")]
