"""OpenVINO: Intel's runtime, which is as fast on other x86-64 processors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openvino

from dl_robotics.inference.backend import BackendError, Floats, Outputs


class OpenVinoNetwork:
    """Runs a network in OpenVINO on the CPU.

    :param model: as OpenVINO has read it.
    :param threads: that one run computes with.
    """

    name = "openvino"

    def __init__(self, model: Any, threads: int) -> None:
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32",  # else bfloat16 where the processor has it: another result
            "ENABLE_CPU_PINNING": False,  # pinned threads wait behind other work on their core
            "CACHE_DIR": "",
        }
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._request = compiled.create_infer_request()
        self._outputs = compiled.outputs

    def __call__(self, images: Floats) -> Outputs:
        """Run the network; see :class:`Backend`."""
        results = self._request.infer([images], share_inputs=True, share_outputs=True)
        return tuple(results[output] for output in self._outputs)


class OpenVinoBackend(OpenVinoNetwork):
    """Runs an exported network in OpenVINO on the CPU.

    :param exported: the network as an ONNX file's content.
    :param threads: that one run computes with.
    :raises BackendError: for any device other than the CPU.
    """

    def __init__(self, exported: bytes, device: str, threads: int) -> None:
        if device != "cpu":
            raise BackendError(f"backend 'openvino': expected device 'cpu', got {device!r}")
        super().__init__(openvino.Core().read_model(model=exported, weights=b""), threads)


class OpenVinoTflite(OpenVinoNetwork):
    """Runs a ``.tflite`` file in OpenVINO on the CPU; what only outputs need that are not wanted is not computed.

    :param outputs: which outputs are wanted, by their places.
    :param threads: that one run computes with.
    """

    def __init__(self, path: Path, outputs: Sequence[int], threads: int) -> None:
        whole = openvino.Core().read_model(str(path))
        results = whole.get_results()
        super().__init__(openvino.Model([results[place] for place in outputs], whole.get_parameters()), threads)
