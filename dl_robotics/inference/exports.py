"""A network's exported forms: read from its file where that is fresh, made anew where it is not."""

from __future__ import annotations

import logging
from functools import cached_property
from pathlib import Path

from torch import nn

from dl_robotics.inference.backend import BackendError, Floats
from dl_robotics.inference.runtimes import require_installed

log = logging.getLogger(__name__)


def int8_path(exported: Path) -> Path:
    """Where the int8 form of an exported network lies: ``best.int8.onnx`` beside ``best.onnx``."""
    return exported.with_suffix(".int8.onnx")


class Exports:
    """The exported forms of one network.

    :param example: (1, 3, height, width), an input.
    :param path: the network's ONNX file, if there should be one.
    """

    def __init__(self, model: nn.Module, example: Floats, path: Path | None) -> None:
        self._model, self._example, self._path = model, example, path

    @cached_property
    def exact(self) -> bytes:
        """The network as it is: from its file, or exported and checked now, in memory.

        :raises ExportError: if the network cannot be exported.
        """
        require_installed("onnx")
        from dl_robotics.inference.export import checked_export  # noqa: PLC0415  (needs onnx)

        if self._path is not None and self._path.exists():
            content = self._path.read_bytes()
            if self._is_fresh(content):
                return content
            log.warning("%s: of other weights, size or version; the network is exported anew", self._path)
        else:
            log.info("no exported network%s; it is exported now", f" at {self._path}" if self._path else "")
        return checked_export(self._model, self._example)[0]

    @cached_property
    def int8(self) -> bytes:
        """The network in eight bits, from its file: only ``export --int8``, with images at hand, can make it.

        :raises BackendError: if there is no such file, or it is of another network.
        """
        require_installed("onnx")
        path = self._path and int8_path(self._path)
        if path is None or not path.exists():
            raise BackendError(f"int8: expected a file made by export --int8, found none at {path}")
        content = path.read_bytes()
        if not self._is_fresh(content):
            raise BackendError(f"{path}: of other weights, size or version; run export --int8 again")
        return content

    @property
    def has_int8(self) -> bool:
        """Whether there is an int8 file."""
        return self._path is not None and int8_path(self._path).exists()

    def _is_fresh(self, content: bytes) -> bool:
        from dl_robotics.inference.export import fingerprint, fingerprint_of  # noqa: PLC0415  (needs onnx)

        return fingerprint_of(content) == fingerprint(self._model, self._example)
