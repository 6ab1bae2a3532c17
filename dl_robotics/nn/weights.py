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
    for name in _of_other_shape(weights, network):
        expected, got = tuple(network.state_dict()[name].shape), tuple(weights[name].shape)
        raise WeightsError(f"{name}: expected {expected}, got {got}")
    network.load_state_dict(dict(weights))


def copy_fitting_weights(weights: Mapping[str, torch.Tensor], network: nn.Module) -> list[str]:
    """Give a network all weights that have its shapes.

    :returns: names of the others, which the network keeps as they are.
    :raises WeightsError: naming weights that are missing or left over; the network is then as before.
    """
    kept = _of_other_shape(weights, network)
    network.load_state_dict({name: weight for name, weight in weights.items() if name not in kept}, strict=False)
    return kept


def _of_other_shape(weights: Mapping[str, torch.Tensor], network: nn.Module) -> list[str]:
    wanted = network.state_dict()
    _refuse("lacks", wanted.keys() - weights.keys())
    _refuse("has, unknown to the network,", weights.keys() - wanted.keys())
    return [name for name, weight in wanted.items() if weight.shape != weights[name].shape]


def _refuse(what: str, names: Iterable[str]) -> None:
    listed = sorted(names)
    if listed:
        more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
        raise WeightsError(f"{what} {', '.join(listed[:LISTED])}{more}")
