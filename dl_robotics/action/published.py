"""Recognisers that the authors of ST-GCN (Yan et al. 2018) trained on Kinetics and on NTU RGB+D."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.graph import Partition, adjacency
from dl_robotics.action.model import KIND, build_model
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import to_dict
from dl_robotics.nn.pretrained import read_state_dict
from dl_robotics.nn.weights import WeightsError, copy_weights
from dl_robotics.ops.skeleton_layout import SkeletonLayout

# What the authors' programs feed the network with, by the layout of its joints.
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "openpose18": {"coordinates": 2, "scored": True, "normalisation": "image"},
    "kinect_v2_25": {"coordinates": 3, "scored": False, "normalisation": "none"},
}
PARTITIONS: tuple[Partition, ...] = ("spatial", "uniform", "distance")
MAX_HOPS = 3


def load_stgcn(path: str | Path, layout: str, classes: Sequence[str] = ()) -> Checkpoint:
    """A checkpoint, to be saved and loaded as any other, from a state dict of the authors' network.

    :param path: the ``.pt`` file.
    :param layout: ``openpose18`` (Kinetics) or ``kinect_v2_25`` (NTU RGB+D).
    :param classes: names by class id; numbers where there are none.
    :raises WeightsError: if the file cannot be read, or holds another network or another skeleton's.
    """
    state = read_state_dict(path)
    try:
        return _checkpoint(state, layout, classes)
    except WeightsError as error:
        raise WeightsError(f"{path}: no ST-GCN of {layout}: {error}") from error


def _checkpoint(state: Mapping[str, torch.Tensor], layout: str, classes: Sequence[str]) -> Checkpoint:
    count = len(_tensor(state, "fcn.weight"))
    partition, hops = _partition(_tensor(state, "A"), SkeletonLayout.load(layout))
    config = RecogniserConfig(
        classes=tuple(classes) or tuple(str(number) for number in range(count)),
        layout=layout,
        persons=2,
        partition=partition,
        hops=hops,
        edge_importance="edge_importance.0" in state,
        **INPUTS[layout],
    )
    model = build_model(config)
    copy_weights(state, model)
    return Checkpoint(KIND, model.state_dict(), to_dict(config), licence="as the file's makers say")


def _partition(found: torch.Tensor, layout: SkeletonLayout) -> tuple[Partition, int]:
    """How the neighbourhoods of an adjacency are partitioned, and how far they reach."""
    for hops, partition in product(range(1, MAX_HOPS + 1), PARTITIONS):
        expected = adjacency(layout, partition, hops)
        if expected.shape == found.shape and np.allclose(expected, found.numpy(), atol=1e-6):
            return partition, hops
    raise WeightsError(f"A: expected the adjacency of a partition of these joints, got another, {tuple(found.shape)}")


def _tensor(state: Mapping[str, torch.Tensor], name: str) -> torch.Tensor:
    if name not in state:
        raise WeightsError(f"lacks {name}")
    return state[name]
