"""A trained segmenter as a stage: an image in, the class of every pixel out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dl_robotics.inference.backend import Backend
from dl_robotics.inference.choose import make_backend
from dl_robotics.ops.preprocess import Preprocess
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.model import load_model
from dl_robotics.segmentation.network import Scores
from dl_robotics.segmentation.postprocess import most_probable
from dl_robotics.segmentation.settings import SegmenterSettings


@dataclass(frozen=True, eq=False)
class Segmentation:
    """What each pixel of an image shows.

    :param ids: (height, width) uint8 class ids; the settings' ``unsure_class`` where no class is sure enough.
    :param confidence: (height, width) uint8, the softmax probability of the best class, 255 for 1.
    """

    ids: npt.NDArray[np.uint8]
    confidence: npt.NDArray[np.uint8]


class Segmenter:
    """Names every pixel of an image, at the image's own size.

    :param backend: runs the network's coarse scores, :class:`~dl_robotics.segmentation.network.Scores`.
    :param settings: may be replaced at any time; counts from the next image on.
    """

    def __init__(self, backend: Backend, config: SegmenterConfig, settings: SegmenterSettings | None = None) -> None:
        self.backend, self.config = backend, config
        self.settings = settings or SegmenterSettings()
        self._preprocess = Preprocess(config.image_height, config.image_width, config.mean, config.std)
        most_probable(np.zeros((1, 1, 1), np.float32), 1, 1)  # compiled before the first image is due

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu", backend: str = "auto") -> Segmenter:
        """Build the segmenter of a checkpoint.

        :param device: where the network runs, as torch names it.
        :param backend: ``"torch"``, ``"onnxruntime"``, ``"openvino"``, or ``"auto"`` for the fastest one here.
        :raises CheckpointError: if the file is missing, damaged, no segmenter, or its weights do not fit its settings.
        :raises ConfigError: if its settings are not a segmenter's, or there is no such backend.
        :raises BackendError: if the backend cannot be had.
        """
        model, config = load_model(path)
        example = np.zeros((1, 3, config.image_height, config.image_width), np.float32)
        return cls(make_backend(backend, Scores(model), example, Path(path).with_suffix(".onnx"), device), config)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids."""
        return self.config.classes

    def reset(self) -> None:
        """Nothing: every image is seen on its own."""

    def __call__(self, image: npt.NDArray[np.uint8]) -> Segmentation:
        """Segment an image.

        :param image: (height, width, 3) uint8, red first; of any size.
        :raises ImageError: if the array is no such image.
        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """
        (scores,) = self.backend(self._preprocess(image))
        ids, confidence = most_probable(scores[0], image.shape[0], image.shape[1])
        settings = self.settings
        if settings.min_confidence > 0.0:
            ids[confidence < settings.min_confidence * 255.0] = settings.unsure_class
        return Segmentation(ids, confidence)
