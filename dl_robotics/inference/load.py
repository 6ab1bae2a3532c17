"""From a checkpoint to a network that is ready to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from torch import nn

from dl_robotics import checkpoint, config
from dl_robotics.nn.weights import WeightsError, copy_weights

Settings = TypeVar("Settings")
Network = TypeVar("Network", bound=nn.Module)


def load_network(
    path: str | Path, kind: str, settings: type[Settings], build: Callable[[Settings], Network]
) -> tuple[Network, Settings]:
    """The network of a checkpoint, in evaluation mode, and its settings.

    :param kind: of the checkpoint.
    :param settings: the class of what its ``config`` holds.
    :param build: makes the network with any weights.
    :raises CheckpointError: if the file is missing, damaged or of another kind, or its weights do not fit its settings.
    :raises ConfigError: if its settings are none of the class.
    """
    saved = checkpoint.load(path, kind)
    told = config.from_dict(settings, saved.config, where=f"{path}: config")
    network = build(told)
    try:
        copy_weights(saved.weights, network)
    except WeightsError as error:
        raise checkpoint.CheckpointError(f"{path}: its weights do not fit its settings: {error}") from error
    return network.eval(), told
