"""Networks in eight bits (Jacob et al. 2018): faster on most processors, and kept only where accuracy holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from dl_robotics.checkpoint import replace_file
from dl_robotics.inference.backend import Backend, Floats, default_threads
from dl_robotics.inference.export import FINGERPRINT, fingerprint_of
from dl_robotics.inference.exports import int8_path
from dl_robotics.inference.runtimes import RUNTIMES, is_installed, make_runtime


@dataclass(frozen=True)
class Quantisation:
    """What became of a network in eight bits.

    :param exact_merit: figure of merit of the exported network as it was.
    :param int8_merit: in eight bits; the worst of the runtimes installed.
    :param kept: whether the file was written.
    """

    exact_merit: float
    int8_merit: float
    kept: bool


def quantise(
    exported: Path, calibration: Iterable[Floats], merit: Callable[[Backend], float], allowed_drop: float
) -> Quantisation:
    """Write the int8 form of an exported network beside it, if it is nearly as good; else remove an older one.

    :param exported: an ONNX file that ``export_onnx`` wrote.
    :param calibration: (1, 3, height, width) inputs that are typical; a hundred will do.
    :param merit: how good a network is, more is better.
    :param allowed_drop: by how much the merit may fall.
    """
    content = exported.read_bytes()
    quantised = quantised_model(content, calibration)
    exact_merit = min(merit(backend) for backend in _backends(content))
    int8_merit = min(merit(backend) for backend in _backends(quantised))
    kept = exact_merit - int8_merit <= allowed_drop
    if kept:
        replace_file(int8_path(exported), quantised)
    else:
        int8_path(exported).unlink(missing_ok=True)
    return Quantisation(exact_merit, int8_merit, kept)


def quantised_model(exported: bytes, calibration: Iterable[Floats]) -> bytes:
    """The content of an ONNX file in eight bits: weights by channel, activations by the range seen in calibration."""
    with tempfile.TemporaryDirectory() as folder:
        simple, quantised = Path(folder) / "simple.onnx", Path(folder) / "int8.onnx"
        quant_pre_process(onnx.load_model_from_string(exported), simple, skip_symbolic_shape=True)
        quantize_static(
            simple,
            quantised,
            _Inputs(calibration),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        proto = onnx.load(quantised)
    onnx.helper.set_model_props(proto, {FINGERPRINT: fingerprint_of(exported)})
    content: bytes = proto.SerializeToString()
    return content


class _Inputs:
    """Feeds images to the calibration: a ``CalibrationDataReader`` in all but name."""

    def __init__(self, images: Iterable[Floats]) -> None:
        self._images = iter(images)

    def get_next(self) -> dict[str, Floats] | None:
        """The next input by name; None behind the last."""
        images = next(self._images, None)
        return None if images is None else {"images": images}


def _backends(content: bytes) -> list[Backend]:
    return [make_runtime(name, content, "cpu", default_threads()) for name in RUNTIMES if is_installed(name)]
