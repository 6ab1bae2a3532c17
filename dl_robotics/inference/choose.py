"""Which backend runs a network: one by name, or the fastest in a short measurement."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from torch import nn

from dl_robotics.config import require
from dl_robotics.inference.backend import (
    TOLERANCE,
    Backend,
    BackendError,
    Floats,
    Outputs,
    default_threads,
    difference,
)
from dl_robotics.inference.exports import Exports
from dl_robotics.inference.measure import measure_ms
from dl_robotics.inference.runtimes import RUNTIMES, make_runtime, require_installed
from dl_robotics.inference.torch_backend import TorchBackend

AUTO, TORCH, INT8 = "auto", "torch", "-int8"
BACKENDS = (AUTO, TORCH, *RUNTIMES, *(name + INT8 for name in RUNTIMES))
MEASUREMENT_S = 0.7
HOPELESS = 10.0  # times as slow as another

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """The backend that was chosen, and why.

    :param times_ms: median time of a run, of every backend that was measured.
    :param left_out: of every other one, the reason.
    """

    backend: Backend
    times_ms: Mapping[str, float]
    left_out: Mapping[str, str]

    def __str__(self) -> str:
        times = (f"{name} {time_ms:.1f} ms" for name, time_ms in self.times_ms.items())
        reasons = (f"{name} left out ({reason})" for name, reason in self.left_out.items())
        return f"{self.backend.name}, the fastest of: " + ", ".join([*times, *reasons])


def make_backend(
    name: str,
    model: nn.Module,
    example: Floats,
    exported: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
) -> Backend:
    """Prepare a network to run.

    :param name: one of ``BACKENDS``; ``"auto"`` measures for about a second and takes the fastest.
    :param model: (1, 3, height, width) images to a tensor, or to a tuple of tensors; the backend may keep it.
    :param example: an input, of the only size that will be used; its values do not matter.
    :param exported: the network's ONNX file; where it is missing or stale, the network is exported in memory.
    :param device: as torch names it.
    :param threads: that one run computes with; see :func:`default_threads`.
    :raises ConfigError: for an unknown name.
    :raises BackendError: if the named backend is not installed, cannot use the device, or cannot have its export.
    """
    require(name in BACKENDS, "backend", f"one of {', '.join(BACKENDS)}", name)
    if name != AUTO:
        return _make(name, Exports(model, example, exported), model, device, threads or default_threads())
    choice = choose_backend(model, example, exported, device, threads)
    log.info("backend: %s", choice)
    return choice.backend


def choose_backend(
    model: nn.Module,
    example: Floats,
    exported: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
) -> Choice:
    """Measure what is installed and can run the network, and take the fastest; see :func:`make_backend`."""
    exports, threads = Exports(model, example, exported), threads or default_threads()
    images = np.random.default_rng(0).standard_normal(example.shape, np.float32)
    backends: dict[str, Backend] = {TORCH: _make(TORCH, exports, model, device, threads)}
    # One thread: several of torch's, which spin, can take a thousand times longer on a machine with other work.
    expected, left_out = TorchBackend(model, device, threads=1)(images), {}
    for name in BACKENDS[2:] if exports.has_int8 else RUNTIMES:
        try:
            candidate = _make(name, exports, model, device, threads)
            backends[name] = candidate if name.endswith(INT8) else _agreeing(candidate, expected, images)
        except BackendError as error:
            left_out[name] = str(error)
    times_ms = _measure({name: partial(run, images) for name, run in backends.items()})
    return Choice(backends[min(times_ms, key=times_ms.__getitem__)], times_ms, left_out)


def _measure(calls: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Median times in ms; what at first takes ten times as long as another is not called again."""
    first_ms = {}
    for name, call in calls.items():
        started_s = time.perf_counter()
        call()
        first_ms[name] = 1e3 * (time.perf_counter() - started_s)
    limit_ms = HOPELESS * min(first_ms.values())
    measured = measure_ms({name: calls[name] for name, ms in first_ms.items() if ms <= limit_ms}, MEASUREMENT_S)
    return {name: median(measured.get(name, [ms])) for name, ms in first_ms.items()}


def _make(name: str, exports: Exports, model: nn.Module, device: str, threads: int) -> Backend:
    if name == TORCH:
        return TorchBackend(model, device, threads)
    runtime = name.removesuffix(INT8)
    require_installed(runtime)
    backend = make_runtime(runtime, exports.exact if name == runtime else exports.int8, device, threads)
    backend.name = name
    return backend


def _agreeing(backend: Backend, expected: Outputs, images: Floats) -> Backend:
    """A backend that computes what torch computes.

    :raises BackendError: if it does not.
    """
    worst = difference(expected, backend(images))
    if not worst <= TOLERANCE:
        raise BackendError(
            f"{backend.name}: differs from torch by {worst:.3g} of the largest value, above {TOLERANCE:g}"
        )
    return backend
