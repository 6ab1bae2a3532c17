"""What a worker hands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch
from dl_robotics.training.collection import Collected
from dl_robotics.training.episodes import Episode

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")  # of a transition
Columns = dict[str, npt.NDArray[Any]]  # (T, N, ...) each, ``ended`` among them


class Row(NamedTuple):
    """One step of all N environments, and the episodes that it ended."""

    collected: Collected
    episodes: tuple[Episode, ...]


class Block(NamedTuple):
    """T consecutive steps of some environments.

    :param columns: (T, n, ...) by name.
    :param episodes: that ended, for each of the T steps.
    :param state: of the environments and of what acts in them after the last step.
    """

    columns: Columns
    episodes: tuple[tuple[Episode, ...], ...]
    state: Mapping[str, Any]


def stacked(steps: Sequence[Collected]) -> Columns:
    """Steps one after another."""
    columns = {name: np.stack([getattr(step.transitions, name) for step in steps]) for name in FIELDS}
    return {**columns, "ended": np.stack([step.ended for step in steps])}


def rows(columns: Mapping[str, npt.NDArray[Any]], episodes: Sequence[Sequence[Episode]]) -> list[Row]:
    """The steps of :func:`stacked`."""
    return [
        Row(Collected(Batch(*(columns[name][t] for name in FIELDS)), columns["ended"][t]), tuple(ended))
        for t, ended in enumerate(episodes)
    ]


def joined(blocks: Sequence[Block]) -> list[Row]:
    """The steps of all environments, out of the same steps of some each."""
    columns = {name: np.concatenate([block.columns[name] for block in blocks], axis=1) for name in blocks[0].columns}
    ended = [sum(episodes, ()) for episodes in zip(*(block.episodes for block in blocks), strict=True)]
    return rows(columns, ended)
