"""ONNX Runtime: CPUs, and GPUs where its CUDA build is installed."""

from __future__ import annotations

import onnxruntime

from dl_robotics.inference.backend import BackendError, Floats, Outputs

ERRORS_ONLY = 3  # of ONNX Runtime's log levels


class OnnxBackend:
    """Runs an exported network in ONNX Runtime.

    :param exported: the network as an ONNX file's content.
    :param device: ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.
    :param threads: that one run computes with.
    :raises BackendError: if this build of ONNX Runtime cannot use the device.
    """

    name = "onnxruntime"

    def __init__(self, exported: bytes, device: str, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = ERRORS_ONLY
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # see backend.default_threads
        self._session = onnxruntime.InferenceSession(exported, options, providers=[_provider(device)])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, images: Floats) -> Outputs:
        """Run the network; see :class:`Backend`."""
        return tuple(self._session.run(None, {self._input: images}))


def _provider(device: str) -> str | tuple[str, dict[str, str]]:
    if device == "cpu":
        return "CPUExecutionProvider"
    kind, _, index = device.partition(":")
    if kind != "cuda" or "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        raise BackendError(
            f"backend 'onnxruntime': expected device 'cpu' with the build installed here, got {device!r}"
        )
    return "CUDAExecutionProvider", {"device_id": index or "0"}
