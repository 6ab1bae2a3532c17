"""Networks as ONNX files, checked against torch when they are made."""

from __future__ import annotations

import copy
import hashlib
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import safetensors.torch
import torch
from google.protobuf.message import DecodeError
from torch import nn

from dl_robotics import __version__
from dl_robotics.checkpoint import replace_file
from dl_robotics.inference.backend import TOLERANCE, ExportError, Floats, difference
from dl_robotics.inference.runtimes import any_runtime
from dl_robotics.inference.torch_backend import TorchBackend

OPSET = 17
FINGERPRINT = "dl_robotics.fingerprint"  # a key of the file's metadata


def export_onnx(model: nn.Module, example: Floats, path: str | Path, inputs: Iterable[Floats] = ()) -> float:
    """Write a network as an ONNX file of batch 1, once it has been seen to compute what torch computes.

    :param example: (1, 3, height, width); the file takes this size only.
    :param inputs: what to compare on besides the example and random numbers.
    :returns: the largest difference seen, relative to the largest value of its output.
    :raises ExportError: if the network cannot be exported, or a difference is above ``TOLERANCE``.
    """
    exported, worst = checked_export(model, example, inputs)
    replace_file(Path(path), exported)
    return worst


def checked_export(model: nn.Module, example: Floats, inputs: Iterable[Floats] = ()) -> tuple[bytes, float]:
    """The content of a network's ONNX file, and how far it is from torch; see :func:`export_onnx`."""
    original = copy.deepcopy(model).cpu().eval()
    exported = _export(original, example)
    return exported, check(original, exported, [example, *inputs])


def _export(model: nn.Module, example: Floats) -> bytes:
    """Trace a network that is on the CPU and in evaluation mode.

    Torch's older exporter makes the same graphs of convolutional networks as its newer one, in a tenth of the time.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter's age, and sizes that become constants, as they should
        path, inputs = Path(folder) / "model.onnx", (torch.from_numpy(example),)
        try:
            torch.onnx.export(model, inputs, path, dynamo=False, opset_version=OPSET, input_names=["images"])
        except (RuntimeError, TypeError, torch.onnx.errors.OnnxExporterError) as error:
            raise ExportError(f"{type(model).__name__}: torch cannot export it: {error}") from error
        proto = onnx.load(path)
    onnx.helper.set_model_props(proto, {FINGERPRINT: fingerprint(model, example)})
    content: bytes = proto.SerializeToString()
    return content


def check(model: nn.Module, exported: bytes, inputs: Iterable[Floats]) -> float:
    """Compare an exported network with torch, on random numbers too.

    :returns: the largest difference, relative to the largest value of its output.
    :raises ExportError: if it is above ``TOLERANCE``.
    """
    expected, found = TorchBackend(model, "cpu", threads=1), any_runtime(exported, threads=1)
    inputs = list(inputs)
    inputs.append(np.random.default_rng(0).standard_normal(inputs[0].shape, np.float32))
    worst = float(np.max([difference(expected(images), found(images)) for images in inputs]))
    if not worst <= TOLERANCE:
        raise ExportError(
            f"{type(model).__name__}: {found.name} computes something else: expected a difference of at most "
            f"{TOLERANCE:g} of the largest value, got {worst:.3g}"
        )
    return worst


def fingerprint(model: nn.Module, example: Floats) -> str:
    """SHA-256 of all that an exported file depends on: the layers, their weights, the size, this package's version."""
    weights = {name: weight.detach().cpu().contiguous() for name, weight in model.state_dict().items()}
    digest = hashlib.sha256(f"{__version__} {OPSET} {example.shape} {model!r}".encode())
    digest.update(safetensors.torch.save(weights))
    return digest.hexdigest()


def fingerprint_of(exported: bytes) -> str:
    """The fingerprint that a file's content carries; empty if it carries none, or is no ONNX file."""
    try:
        proto = onnx.load_model_from_string(exported)
    except DecodeError:
        return ""
    return next((item.value for item in proto.metadata_props if item.key == FINGERPRINT), "")
