"""The two ways to run a recogniser on live people: the whole window now and then, or each new frame once."""

from __future__ import annotations

from typing import Protocol, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import torch

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.continual import Continual
from dl_robotics.action.model import Fusion
from dl_robotics.action.people import Person
from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.stgcn import STGCN
from dl_robotics.action.transforms import prepare_window
from dl_robotics.config import require
from dl_robotics.inference.backend import Backend

Floats: TypeAlias = npt.NDArray[np.float32]
ImageSize: TypeAlias = tuple[int, int] | None


class Form(Protocol):
    """What turns people into logits."""

    def __call__(self, group: list[Person], due: bool, image_size: ImageSize) -> Floats | None:
        """Called once for each person in each frame that has ended ticks of their window.

        :param group: the person, and whom they are looked at together with.
        :param due: whether logits are wanted.
        :returns: (C,) logits if they are wanted and can be had.
        """


class WindowForm:
    """Looks at the whole window.

    :param backend: runs the network on (1, C, T, V, M).
    """

    def __init__(self, backend: Backend, config: RecogniserConfig) -> None:
        self._backend, self._config = backend, config

    def __call__(self, group: list[Person], due: bool, image_size: ImageSize) -> Floats | None:
        """See :class:`Form`."""
        if not due:
            return None
        window = prepare(group, self._config.frames, self._config, image_size)
        (logits,) = self._backend(window[None])
        found: Floats = logits[0].copy()  # the backend may use its memory again
        return found


class ContinualForm:
    """Computes each new frame once, and keeps what the network remembers of each person."""

    def __init__(self, model: STGCN | Fusion, config: RecogniserConfig) -> None:
        self._network, self._config = Continual(model), config
        self._networks: WeakKeyDictionary[Person, Continual] = WeakKeyDictionary()

    def __call__(self, group: list[Person], due: bool, image_size: ImageSize) -> Floats | None:
        """See :class:`Form`."""
        person = group[0]
        if person not in self._networks:
            self._networks[person] = self._network.another()
        window = prepare(group, min(person.ticks, self._config.frames), self._config, image_size)
        for frame in range(window.shape[1]):
            logits = self._networks[person].step(torch.from_numpy(window[None, :, frame]))
        return logits[0].numpy() if due else None


def prepare(group: list[Person], frames: int, config: RecogniserConfig, image_size: ImageSize) -> Floats:
    """(C, T, V, M) of the group's last ticks."""
    joints, scores = zip(*(person.window.newest(frames) for person in group), strict=True)
    return prepare_window(np.stack(joints, axis=1), np.stack(scores, axis=1), config, image_size)


def check(settings: RecogniserSettings, config: RecogniserConfig) -> None:
    """Refuse settings that a model does not allow.

    :raises ConfigError: if it is to run continually and can only look at a window as a whole, or needs to know the
        image's size.
    """
    if settings.continual:
        require(not config.padded, "continual", "a model without padding", "one that pads")
        alone = config.normalisation != "window"
        require(alone, "continual", "a model whose frames are normalised each on its own", config.normalisation)
    sized = config.normalisation != "image" or settings.image_size is not None
    require(
        sized, "image_width", "the size of the images that this model's joints are measured by", settings.image_size
    )
