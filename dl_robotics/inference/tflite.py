"""Networks in TensorFlow Lite's format, run by LiteRT, for which they are made, or by OpenVINO, which reads them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np

from dl_robotics.config import require
from dl_robotics.inference.backend import Backend, BackendError, default_threads
from dl_robotics.inference.measure import measure_ms
from dl_robotics.inference.runtimes import is_installed, require_installed

AUTO = "auto"
RUNTIMES = {  # by name: the package that it needs, module and class
    "litert": ("ai_edge_litert", "litert_backend", "LiteRt"),
    "openvino": ("openvino", "openvino_backend", "OpenVinoTflite"),
}
TFLITE_BACKENDS = (AUTO, *RUNTIMES)
MEASUREMENT_S = 0.3

log = logging.getLogger(__name__)


def make_tflite(name: str, path: Path, outputs: Sequence[int], side: int, threads: int | None = None) -> Backend:
    """Prepare a network to run on the CPU.

    :param name: one of ``TFLITE_BACKENDS``; ``"auto"`` measures those that are installed and takes the fastest.
    :param path: a ``.tflite`` file.
    :param outputs: which of its outputs are wanted, by their places.
    :param side: of its input, (1, side, side, 3).
    :param threads: that one run computes with; see :func:`default_threads`.
    :raises ConfigError: for an unknown name.
    :raises BackendError: if the named backend is not installed, or none is.
    """
    require(name in TFLITE_BACKENDS, "backend", f"one of {', '.join(TFLITE_BACKENDS)}", name)
    make = partial(_make, path=path, outputs=outputs, threads=threads or default_threads())
    if name != AUTO:
        return make(name)
    backends = {name: make(name) for name, (package, *_) in RUNTIMES.items() if is_installed(package)}
    if not backends:
        raise BackendError(f"{path}: no runtime is installed; pip install ai-edge-litert or openvino")
    image = np.random.default_rng(0).random((1, side, side, 3), np.float32)
    times_ms = measure_ms({name: partial(run, image) for name, run in backends.items()}, MEASUREMENT_S)
    medians_ms = {name: median(times) for name, times in times_ms.items()}
    log.info("%s: fastest of %s", path.name, ", ".join(f"{name} {ms:.1f} ms" for name, ms in medians_ms.items()))
    return backends[min(medians_ms, key=medians_ms.__getitem__)]


def _make(name: str, path: Path, outputs: Sequence[int], threads: int) -> Backend:
    package, module, cls = RUNTIMES[name]
    require_installed(package)
    make: Callable[..., Backend] = getattr(import_module(f"dl_robotics.inference.{module}"), cls)
    return make(path, outputs, threads)
