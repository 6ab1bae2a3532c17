"""A trained recogniser that names whole clips: what evaluation asks; the robot runs ``stage.py``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.model import load_model
from dl_robotics.action.sampling import Sampled, all_windows
from dl_robotics.action.transforms import Floats, prepare_window
from dl_robotics.data.clips.clip import Clip
from dl_robotics.inference.backend import Backend
from dl_robotics.inference.choose import make_backend
from dl_robotics.ops.smoothing import softmax


class ClipRecogniser:
    """Names the activity of a clip.

    :param backend: runs the network on (1, C, T, V, M).
    """

    def __init__(self, backend: Backend, config: RecogniserConfig) -> None:
        self.backend, self.config = backend, config

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu", backend: str = "auto") -> ClipRecogniser:
        """Build the recogniser of a checkpoint.

        :raises CheckpointError: if the file is missing, damaged, no recogniser, or its weights do not fit its settings.
        :raises ConfigError: if its settings are not a recogniser's, or there is no such backend.
        :raises BackendError: if the backend cannot be had.
        """
        model, config = load_model(path)
        example = np.zeros(config.input_shape, np.float32)
        return cls(make_backend(backend, model, example, Path(path).with_suffix(".onnx"), device), config)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids."""
        return self.config.classes

    def __call__(self, clip: Clip) -> Floats:
        """(classes,) probabilities: the mean over the windows by which a clip is judged.

        :raises ConfigError: if the image's size is needed and the clip has none.
        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """
        probabilities = [softmax(self._logits(sampled, clip)) for sampled in all_windows(clip, self.config)]
        return np.asarray(np.mean(probabilities, axis=0), np.float32)

    def _logits(self, sampled: Sampled, clip: Clip) -> Floats:
        window = prepare_window(*sampled, self.config, clip.image_size)
        (logits,) = self.backend(window[None])
        if not np.isfinite(logits).all():
            raise FloatingPointError("expected finite numbers from the network; its weights are damaged")
        found: Floats = logits[0]
        return found
