"""Keeping the best policy of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.training.episodes import EpisodeStatistics


class BestCheckpoint:
    """The checkpoint at ``path`` is the best so far; ``statistics`` is its evaluation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.statistics = EpisodeStatistics(-np.inf, np.nan, np.nan, np.nan)

    def offer(self, statistics: EpisodeStatistics, make: Callable[[], Checkpoint]) -> bool:
        """Save the checkpoint if none was better; of equals the later one, which has learned longer, is kept.

        :returns: whether it was saved.
        """
        if statistics.score < self.statistics.score:
            return False
        checkpoint.save(self.path, make())
        self.statistics = statistics
        return True
