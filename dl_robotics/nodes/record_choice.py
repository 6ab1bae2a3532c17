"""Which topics are recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dl_robotics.config import require


@dataclass(frozen=True)
class Choice:
    """Topics by name, by pattern, or all.

    Hidden topics, which have a part that begins with an underscore, are only recorded by name.

    :param names: of topics.
    :param pattern: matches the whole of a topic's full name.
    :param all: every topic.
    """

    names: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    all: bool = False

    def __post_init__(self) -> None:
        chosen = bool(self.names) or self.pattern is not None or self.all
        require(chosen, "topics", "names of topics, --regex or --all", self.names)

    def resolved(self, resolve: Callable[[str], str]) -> Choice:
        """The choice with full names."""
        return replace(self, names=tuple(map(resolve, self.names)))

    def __contains__(self, topic: str) -> bool:
        if topic in self.names:
            return True
        if "/_" in topic:
            return False
        return self.all or (self.pattern is not None and self.pattern.fullmatch(topic) is not None)

    def missing(self, met: Iterable[str]) -> list[str]:
        """The names that were chosen and not met."""
        return [name for name in self.names if name not in set(met)]
