"""What of a checkpoint is exported: the network that its stage runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from torch import nn

from dl_robotics import checkpoint
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.detection import model as detection
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.backend import Backend, BackendError, Floats
from dl_robotics.inference.runtimes import require_installed
from dl_robotics.segmentation import model as segmentation
from dl_robotics.segmentation.network import Scores
from dl_robotics.segmentation.stage import Segmenter


class Exportable(NamedTuple):
    """A network that runs in several backends.

    :param network: (1, 3, height, width) images to one or more tensors.
    :param config: its detector's or segmenter's: size, mean and deviation of the input among other things.
    :param stage: the detector or segmenter around a backend.
    """

    network: nn.Module
    config: Any
    stage: Callable[[Backend], Any]

    @property
    def example(self) -> Floats:
        """An input."""
        return np.zeros((1, 3, self.config.image_height, self.config.image_width), np.float32)


def load_exportable(path: str | Path) -> Exportable:
    """The network of a detector's or a segmenter's checkpoint.

    :raises CheckpointError: if the file cannot be used, or is of another kind.
    :raises ConfigError: if its settings cannot be used.
    """
    kind = checkpoint.load(path).kind
    if kind not in KINDS:
        raise CheckpointError(f"{path}: expected a checkpoint of kind {' or '.join(KINDS)}, got {kind!r}")
    return KINDS[kind](path)


def export_checkpoint(path: Path) -> str:
    """Export a checkpoint's network beside it, where its stage looks for it, if what that takes is installed.

    :returns: what became of it, for the log.
    """
    exported, exportable = path.with_suffix(".onnx"), load_exportable(path)
    try:
        require_installed("onnx")
        from dl_robotics.inference.export import export_onnx  # noqa: PLC0415  (needs onnx)

        worst = export_onnx(exportable.network, exportable.example, exported)
    except BackendError as error:
        return f"{exported}: not exported: {error}"
    return f"{exported}: differs from torch by {worst:.1e} of the largest value at most"


def _detector(path: str | Path) -> Exportable:
    network, config = detection.load_model(path)
    return Exportable(network, config, partial(Detector, config, coding=detection.make_coding(config)))


def _segmenter(path: str | Path) -> Exportable:
    network, config = segmentation.load_model(path)
    return Exportable(Scores(network), config, partial(Segmenter, config=config))


KINDS: Mapping[str, Callable[[str | Path], Exportable]] = {
    detection.KIND: _detector,
    segmentation.KIND: _segmenter,
}
