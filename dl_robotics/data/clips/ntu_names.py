"""Names of NTU RGB+D's clips, and the official splits by them (Shahroudy et al. 2016, Liu et al. 2019)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from typing_extensions import Self

# Of both papers: the first 20 are those of NTU RGB+D, whose 40 subjects are the first of NTU RGB+D 120's.
# fmt: off
TRAINING_SUBJECTS = frozenset((
    1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38,
    45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89, 91, 92, 93, 94, 95,
    97, 98, 100, 103,
))
# fmt: on
JUDGING_CAMERA = 1
_PATTERN = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})")


class NtuName(NamedTuple):
    """What a name like ``S001C002P003R002A013`` tells; all count from 1."""

    setup: int
    camera: int
    subject: int
    repetition: int
    action: int

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read a name; None if it is another."""
        match = _PATTERN.fullmatch(name)
        return cls(*map(int, match.groups())) if match else None


LEARNS: Mapping[str, Callable[[NtuName], bool]] = {
    "xsub": lambda name: name.subject in TRAINING_SUBJECTS,
    "xview": lambda name: name.camera != JUDGING_CAMERA,
    "xset": lambda name: name.setup % 2 == 0,
}
SUBSETS = tuple(f"{split}_{part}" for split in LEARNS for part in ("train", "val"))


def belongs(name: NtuName, subset: str) -> bool:
    """Whether a clip is in one of ``SUBSETS``; all are in the empty one."""
    split, _, part = subset.partition("_")
    return subset == "" or LEARNS[split](name) == (part == "train")
