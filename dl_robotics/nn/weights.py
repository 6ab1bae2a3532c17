"""Weights by name into a network, or a refusal that tells what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import nn

from dl_robotics.errors import UserError

LISTED = 3  # names in a message


class WeightsError(UserError):
    """Weights that cannot be used; the message names them and the reason."""


def copy_weights(weights: Mapping[str, torch.Tensor], network: nn.Module) -> None:
    """Give a network all its weights.

    :raises WeightsError: naming weights that are missing, left over or of another shape; the network is then as before.
    """
    wanted = network.state_dict()
    _refuse("lacks", wanted.keys() - weights.keys())
    _refuse("has, unknown to the network,", weights.keys() - wanted.keys())
    for name, weight in wanted.items():
        if weight.shape != weights[name].shape:
            raise WeightsError(f"{name}: expected {tuple(weight.shape)}, got {tuple(weights[name].shape)}")
    network.load_state_dict(dict(weights))


def _refuse(what: str, names: Iterable[str]) -> None:
    listed = sorted(names)
    if listed:
        more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
        raise WeightsError(f"{what} {', '.join(listed[:LISTED])}{more}")
