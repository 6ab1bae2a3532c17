"""Models as nodes are told to load them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeAlias, TypeVar

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.inference.choose import AUTO, BACKENDS
from dl_robotics.parameters import ParameterSet, parameter
from dl_robotics.resources import shipped


@dataclass(frozen=True)
class PartParameters(ParameterSet):
    """What every stage of a node can be told; those named in ``PLACE`` call for loading it anew."""

    PLACE: ClassVar[tuple[str, ...]] = ()

    @property
    def place(self) -> str:
        """What is loaded, and where it runs, in words."""
        return "no model"


@dataclass(frozen=True)
class ModelParameters(PartParameters):
    """Which model, and where it runs."""

    PLACE: ClassVar[tuple[str, ...]] = ("model", "device")

    model: str = parameter("", "Checkpoint file with the weights.")
    device: str = parameter("cpu", "Where the network runs, as torch names it: cpu, cuda, cuda:1.")

    @property
    def place(self) -> str:
        """Model and device in words."""
        return f"model {self.model!r} on {self.device!r}"


@dataclass(frozen=True)
class NetworkParameters(ModelParameters):
    """A model that any of the inference libraries can run."""

    PLACE: ClassVar[tuple[str, ...]] = ("model", "device", "backend")

    model: str = parameter("", "Checkpoint file with the weights, or the name of one in config/models.")
    backend: str = parameter(
        AUTO, f"What runs the network, one of {', '.join(BACKENDS)}; auto measures them and takes the fastest."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.backend in BACKENDS, "backend", f"one of {', '.join(BACKENDS)}", self.backend)

    @property
    def file(self) -> Path:
        """The checkpoint.

        :raises FileNotFoundError: if the package has no model of that name.
        """
        return shipped("models", self.model, ".safetensors")

    @property
    def place(self) -> str:
        """Model, device and backend in words."""
        return f"{super().place} with {self.backend!r}"


class ModelError(UserError):
    """A model that cannot be loaded; the message says which, where and why."""


P = TypeVar("P", bound=PartParameters)
S = TypeVar("S")
Load: TypeAlias = Callable[[P], S]

LOADING = threading.Lock()  # one model at a time: torch's exporter has one state for all threads


def load_model(load: Load[P, S], told: P) -> S:
    """Load a model.

    :raises ModelError: if it cannot be loaded.
    """
    try:
        with LOADING:
            return load(told)
    # torch refuses a device that it does not have or know with a RuntimeError.
    except (UserError, ValueError, OSError, RuntimeError) as error:
        raise ModelError(f"{told.place}: {error}") from error
