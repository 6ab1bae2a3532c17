"""The runtimes for exported networks: each is imported only when it is asked for, and need not be installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from dl_robotics.inference.backend import Backend, BackendError

RUNTIMES = {  # by name, which is also that of the package to install: module and class
    "onnxruntime": ("onnx_backend", "OnnxBackend"),
    "openvino": ("openvino_backend", "OpenVinoBackend"),
}


def is_installed(package: str) -> bool:
    """Whether a package can be imported."""
    return find_spec(package) is not None


def require_installed(package: str) -> None:
    """Refuse to go on without a package.

    :raises BackendError: naming it.
    """
    if not is_installed(package):
        raise BackendError(f"{package}: not installed; pip install {package}")


def make_runtime(name: str, exported: bytes, device: str, threads: int) -> Backend:
    """Prepare an exported network.

    :param exported: the network as an ONNX file's content.
    :param device: as torch names it.
    :param threads: that one run computes with.
    :raises BackendError: if the runtime is not installed or cannot use the device.
    """
    require_installed(name)
    module, cls = RUNTIMES[name]
    make: Callable[[bytes, str, int], Backend] = getattr(import_module(f"dl_robotics.inference.{module}"), cls)
    return make(exported, device, threads)


def any_runtime(exported: bytes, threads: int) -> Backend:
    """Prepare an exported network on the CPU with whichever runtime is installed.

    :raises BackendError: if none is.
    """
    for name in filter(is_installed, RUNTIMES):
        return make_runtime(name, exported, "cpu", threads)
    raise BackendError(f"no runtime for exported networks is installed; pip install {' or '.join(RUNTIMES)}")
