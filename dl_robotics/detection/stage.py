"""A trained detector as a stage: an image in, detections out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from dl_robotics.detection.coding import Coding
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.detection.model import load_model, make_coding
from dl_robotics.detection.postprocess import Postprocess
from dl_robotics.detection.settings import DetectorSettings, settings_of
from dl_robotics.inference.backend import Backend
from dl_robotics.inference.choose import make_backend
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.preprocess import Preprocess


class Detector:
    """Finds objects in images.

    ``config`` describes it, ``classes`` are the names of the class ids, the background's first, ``backend`` runs its
    network.

    :param coding: what the network's numbers mean.
    """

    def __init__(self, config: DetectorConfig, backend: Backend, coding: Coding) -> None:
        self.config, self.classes, self.backend = config, config.classes, backend
        self._coding = coding
        self._preprocess = Preprocess(config.image_height, config.image_width, config.mean, config.std)
        self.settings = settings_of(config)

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu", backend: str = "auto") -> Detector:
        """Build the detector of a checkpoint.

        :param device: where the network runs, as torch names it.
        :param backend: what runs it: ``torch``, ``onnxruntime``, ``openvino``, or the fastest here, ``auto``.
        :raises CheckpointError: if the file is missing, damaged, no detector, or its weights do not fit its settings.
        :raises ConfigError: if its settings are not a detector's, or there is no such backend.
        :raises BackendError: if the backend cannot be had.
        """
        model, config = load_model(path)
        example = np.zeros((1, 3, config.image_height, config.image_width), np.float32)
        exported = Path(path).with_suffix(".onnx")
        return cls(config, make_backend(backend, model, example, exported, device), make_coding(config))

    @property
    def settings(self) -> DetectorSettings:
        """What counts as detected; can be set while running.

        Starts as the checkpoint has it: with the low threshold that evaluation needs.

        :raises ConfigError: on setting, if it names a class that there is not.
        """
        return self._settings

    @settings.setter
    def settings(self, settings: DetectorSettings) -> None:
        self._postprocess = Postprocess(self.config, self._coding, settings)
        self._settings = settings

    def reset(self) -> None:
        """Nothing is remembered from image to image."""

    def __call__(self, image: npt.NDArray[np.uint8]) -> Detections:
        """Find objects, best first.

        :param image: (height, width, 3) uint8, red first, of any size.
        :return: boxes in pixels of this image.
        :raises ImageError: if it is no such image.
        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """
        logits, offsets = self.backend(self._preprocess(image))
        return self._postprocess(logits[0], offsets[0], *image.shape[:2])
