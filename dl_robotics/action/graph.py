"""Skeletons as graphs: neighbourhoods in subsets with weights of their own (Yan et al. 2018, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.skeleton_layout import SkeletonLayout

Partition: TypeAlias = Literal["uniform", "distance", "spatial", "centripetal"]
Distances: TypeAlias = npt.NDArray[np.float64]
Adjacency: TypeAlias = npt.NDArray[np.float32]


def adjacency(layout: SkeletonLayout, partition: Partition, hops: int = 1) -> Adjacency:
    """The normalised adjacency of each subset of a partition.

    Entry (k, v, w) is the weight by which joint v, if it is in subset k of joint w's neighbourhood, adds to joint w. A
    joint's neighbourhood is what lies within ``hops`` bones; over all subsets the weights of a joint sum to 1.

    :param partition: ``uniform`` has one subset; ``distance`` one for each number of bones up to ``hops``; ``spatial``
        (the spatial configuration) the joint itself, and for each number of bones those that are farther from the
        layout's centre than the joint or as far, and those that are nearer. As in the authors' code, ``spatial`` sees
        distances from the centre only up to ``hops`` bones, and takes all beyond as equally far; ``centripetal`` sees
        them whole, as the paper describes it.
    :return: (K, V, V).
    """
    near = _within(distances(layout), hops)
    neighbours = np.isfinite(near).astype(np.float64)
    normalised = neighbours / neighbours.sum(axis=0)
    return np.stack([normalised * subset for subset in _subsets(layout, partition, hops)]).astype(np.float32)


def distances(layout: SkeletonLayout) -> Distances:
    """Number of bones between each two joints, (V, V); infinity between those that no bones connect."""
    count = len(layout.joints)
    found = np.where(np.eye(count, dtype=bool), 0.0, np.inf)
    for one, other in layout.bones:
        found[one, other] = found[other, one] = 1.0
    for via in range(count):  # Floyd and Warshall
        found = np.minimum(found, found[:, via, None] + found[None, via])
    return found


def parents(layout: SkeletonLayout) -> tuple[int, ...]:
    """For each joint, its first neighbour that is nearer to the centre; the joint itself where there is none."""
    far = distances(layout)
    from_centre = far[layout.index(layout.centre)]
    closer = (far == 1.0) & (from_centre[None, :] < from_centre[:, None])
    return tuple(int(np.argmax(row)) if row.any() else joint for joint, row in enumerate(closer))


def _subsets(layout: SkeletonLayout, partition: Partition, hops: int) -> Iterator[npt.NDArray[np.bool_]]:
    """For each subset, where (v, w) says that joint v is in it for joint w."""
    far, centre = distances(layout), layout.index(layout.centre)
    near = _within(far, hops)
    if partition == "uniform":
        yield np.isfinite(near)
        return
    from_centre = (far if partition == "centripetal" else near)[centre]
    nearer = from_centre[:, None] < from_centre[None, :]
    for hop in range(hops + 1):
        at_hop = near == hop
        if partition == "distance" or hop == 0:
            yield at_hop
        else:
            yield at_hop & ~nearer
            yield at_hop & nearer


def _within(far: Distances, hops: int) -> Distances:
    return np.where(far <= hops, far, np.inf)
