"""Training and validation samples out of one endless row."""

from __future__ import annotations

from collections import deque

from dl_robotics.data.config import SplitConfig
from dl_robotics.data.sample import Sample
from dl_robotics.data.split import Split
from dl_robotics.training.reservoir import Reservoir


class LiveData:
    """Of every period of time the last part validates, and of either kind a bounded random choice is kept.

    The part that validates lasts ``block_s``; ``split.guard`` samples on either side of it are left out, so that
    neighbouring frames never straddle.

    :param capacity: samples kept, both kinds together.
    """

    def __init__(self, classes: tuple[str, ...], capacity: int, split: SplitConfig, block_s: float) -> None:
        judged = max(1, round(capacity * split.validation))
        self.training = Reservoir(classes, max(1, capacity - judged), split.seed)
        self.validation = Reservoir(classes, judged, split.seed)
        self._period_ns = block_s / split.validation * 1e9
        self._learned_ns = self._period_ns * (1.0 - split.validation)
        self._guard = split.guard
        self._begun_ns: int | None = None
        self._withheld: deque[Sample] = deque()  # the last ones to learn from: a validating part may begin next
        self._to_skip = 0

    @property
    def split(self) -> Split[Sample]:
        """Both kinds, as they grow."""
        return Split(self.training, self.validation)

    def ready(self, wanted: int) -> bool:
        """Whether there are samples of both kinds, and so many in all."""
        learned, judged = map(len, self.split)
        return min(learned, judged) > 0 and learned + judged >= wanted

    def add(self, stamp_ns: int, sample: Sample) -> None:
        """Take a sample; stamps should rise."""
        self._begun_ns = stamp_ns if self._begun_ns is None else self._begun_ns
        if (stamp_ns - self._begun_ns) % self._period_ns >= self._learned_ns:
            self._withheld.clear()
            self._to_skip = self._guard
            self.validation.add(sample)
        elif self._to_skip:
            self._to_skip -= 1
        else:
            self._withheld.append(sample)
            if len(self._withheld) > self._guard:
                self.training.add(self._withheld.popleft())
