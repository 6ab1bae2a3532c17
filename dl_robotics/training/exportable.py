"""What of a checkpoint is exported: the network that its stage runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from torch import nn

from dl_robotics import checkpoint
from dl_robotics.action import model as action
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.detection import model as detection
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.backend import Backend, BackendError, Floats
from dl_robotics.inference.runtimes import require_installed
from dl_robotics.segmentation import model as segmentation
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.network import Scores
from dl_robotics.segmentation.stage import Segmenter
from dl_robotics.sequences import model as sequences
from dl_robotics.sequences.stage import SequenceStage


class Exportable(NamedTuple):
    """A network that runs in several backends.

    :param network: one tensor to one or more.
    :param config: its kind's settings, ``classes`` among them.
    :param shape: of the network's input, of batch 1.
    :param stage: the detector, segmenter or recogniser around a backend.
    """

    network: nn.Module
    config: Any
    shape: tuple[int, ...]
    stage: Callable[[Backend], Any]

    @property
    def example(self) -> Floats:
        """An input."""
        return np.zeros(self.shape, np.float32)


def load_exportable(path: str | Path) -> Exportable:
    """The network of a detector's, a segmenter's or a recogniser's checkpoint.

    :raises CheckpointError: if the file cannot be used, or is of another kind.
    :raises ConfigError: if its settings cannot be used.
    """
    return KINDS[checkpoint.load(path, *KINDS).kind](path)


def is_exportable(path: Path) -> bool:
    """Whether a checkpoint holds a network that is exported; policies run as they are.

    :raises CheckpointError: if the file cannot be used.
    """
    return checkpoint.load(path).kind in KINDS


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
    coding = detection.make_coding(config)
    return Exportable(network, config, _image_shape(config), partial(Detector, config, coding=coding))


def _segmenter(path: str | Path) -> Exportable:
    network, config = segmentation.load_model(path)
    return Exportable(Scores(network), config, _image_shape(config), partial(Segmenter, config=config))


def _image_shape(config: DetectorConfig | SegmenterConfig) -> tuple[int, ...]:
    return (1, 3, config.image_height, config.image_width)


def _recogniser(path: str | Path) -> Exportable:
    network, config = action.load_model(path)
    return Exportable(network, config, config.input_shape, partial(ActionRecogniser, config, model=network))


def _sequence(path: str | Path) -> Exportable:
    network, config = sequences.load_model(path)
    return Exportable(network, config, sequences.input_shape(config), partial(SequenceStage, config=config))


KINDS: Mapping[str, Callable[[str | Path], Exportable]] = {
    action.KIND: _recogniser,
    detection.KIND: _detector,
    segmentation.KIND: _segmenter,
    sequences.KIND: _sequence,
}
