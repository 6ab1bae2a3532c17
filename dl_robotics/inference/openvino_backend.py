"""OpenVINO: Intel's runtime, which is as fast on other x86-64 processors."""

from __future__ import annotations

import openvino

from dl_robotics.inference.backend import BackendError, Floats, Outputs


class OpenVinoBackend:
    """Runs an exported network in OpenVINO on the CPU.

    :param exported: the network as an ONNX file's content.
    :param threads: that one run computes with.
    :raises BackendError: for any device other than the CPU.
    """

    name = "openvino"

    def __init__(self, exported: bytes, device: str, threads: int) -> None:
        if device != "cpu":
            raise BackendError(f"backend 'openvino': expected device 'cpu', got {device!r}")
        core = openvino.Core()
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32",  # else bfloat16 where the processor has it: another result
            "ENABLE_CPU_PINNING": False,  # pinned threads wait behind other work on their core
            "CACHE_DIR": "",
        }
        compiled = core.compile_model(core.read_model(model=exported, weights=b""), "CPU", settings)
        self._request = compiled.create_infer_request()
        self._outputs = compiled.outputs

    def __call__(self, images: Floats) -> Outputs:
        """Run the network; see :class:`Backend`."""
        results = self._request.infer([images], share_inputs=True, share_outputs=True)
        return tuple(results[output] for output in self._outputs)
