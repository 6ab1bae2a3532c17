"""First weights from a file that others published, e.g. what torchvision's models learned on ImageNet."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load_file
from torch import nn

from dl_robotics.nn.weights import WeightsError, copy_weights

HEADS = ("classifier.",)  # what torchvision's classifiers have beside their features; ignored
PREFIXES = ("module.", "backbone.", "features.")  # DataParallel's, a task's model's, a classifier's
# What safetensors and torch's restricted unpickler were seen to raise for thousands of damaged files.
DAMAGE = (
    safetensors.SafetensorError,
    pickle.UnpicklingError,
    struct.error,
    AssertionError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def load_backbone_weights(backbone: nn.Module, path: str | Path) -> None:
    """Copy a file's weights into a backbone.

    The file holds a state dict: torchvision's of a classifier, or one of this package's checkpoints with the same
    backbone. A classifier's head (``classifier.*``) and, where names begin with ``backbone.``, all else is ignored.

    :param backbone: a :class:`~dl_robotics.nn.backbones.Backbone`, or another module with numbered layers.
    :param path: ``.pth`` or ``.pt`` (read without running code from it) or ``.safetensors``.
    :raises WeightsError: if the file cannot be read, or naming weights that are missing, left over or of another shape.
    """
    found = features(read_state_dict(path))
    try:
        copy_weights(found, backbone)
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}") from error


def load_published(network: nn.Module, path: str | Path, name: str) -> None:
    """Copy a file's weights into a whole network.

    :param path: as for :func:`load_backbone_weights`.
    :param name: of the network, for messages.
    :raises WeightsError: if the file cannot be read, or does not fit the network.
    """
    found = read_state_dict(path)
    try:
        copy_weights(found, network)
    except WeightsError as error:
        raise WeightsError(f"{path}: does not fit {name}: {error}") from error


def read_state_dict(path: str | Path) -> dict[str, torch.Tensor]:
    """Tensors by name of a ``.pth``, ``.pt`` or ``.safetensors`` file; a ``.pth`` may hold them under ``state_dict``.

    :raises WeightsError: if the file is missing, damaged, of another kind, or holds more than tensors.
    """
    suffix = Path(path).suffix
    if suffix not in (".pth", ".pt", ".safetensors"):
        raise WeightsError(f"{path}: expected a .pth, .pt or .safetensors file")
    try:
        data = load_file(path) if suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"{path}: {error.strerror or error}") from error
    except DAMAGE as error:
        raise WeightsError(f"{path}: truncated, damaged or no state dict: {error}") from error
    return _tensors(path, data)


def features(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A state dict's weights of the backbone alone, by number of the layer."""
    named = {name: weight for name, weight in state.items() if not name.startswith(HEADS)}
    for prefix in PREFIXES:
        within = {name.removeprefix(prefix): weight for name, weight in named.items() if name.startswith(prefix)}
        named = within or named
    return named


def _tensors(path: str | Path, data: Any) -> dict[str, torch.Tensor]:
    state = data.get("state_dict", data) if isinstance(data, Mapping) else data
    if not isinstance(state, Mapping) or not all(isinstance(weight, torch.Tensor) for weight in state.values()):
        raise WeightsError(f"{path}: expected a state dict, tensors by name")
    return dict(state)
