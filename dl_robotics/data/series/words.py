"""Class ids for the words that series are labelled with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dl_robotics.data.classes import ClassIds
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.series import NO_LABEL, Stretch


class Words:
    """The class names of some series: the configuration's, or the words that come, in alphabetical order."""

    def __init__(self, config: SeriesConfig, stretches: Iterable[Stretch]) -> None:
        found = {word for stretch in stretches for word in _all(stretch.words)}
        self._ids = ClassIds(config, sorted(found), False, ", ".join(config.paths))
        self.classes = self._ids.names

    def label(self, stretch: Stretch, begin: int, end: int) -> int:
        """The class id of steps that share one class, or ``NO_LABEL``.

        :raises DataError: for a word that is no class.
        """
        words = stretch.words if isinstance(stretch.words, str) else stretch.words[begin:end]
        labels = {self._ids.find(word, stretch.source) if word else None for word in sorted(_all(words))}
        label = labels.pop() if len(labels) == 1 else None
        return NO_LABEL if label is None else label


def _all(words: str | Sequence[str]) -> set[str]:
    return {words} if isinstance(words, str) else set(words)
