"""Tables of joints: what the joints of a skeleton are called, and which of them a bone connects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.resources import shipped

MIRRORED = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class SkeletonLayout:
    """A table of joints.

    :param joints: names in the order of the table; those of a pair begin with ``left_`` and ``right_``.
    :param edges: pairs of joints that a bone connects.
    :param centre: the joint that the others are seen from.
    :param sigmas: for each joint, how far apart two observers place it as a share of the person's size, after the COCO
        keypoint challenge; empty where that is not known.
    """

    joints: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    centre: str
    sigmas: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require(len(self.joints) >= 2, "joints", "two or more names", self.joints)
        require(len(set(self.joints)) == len(self.joints), "joints", "each name once", self.joints)
        for index, edge in enumerate(self.edges):
            known = all(name in self.joints for name in edge) and edge[0] != edge[1]
            require(known, f"edges[{index}]", "two of the joints", edge)
        require(self.centre in self.joints, "centre", "one of the joints", self.centre)
        fits = len(self.sigmas) in (0, len(self.joints)) and all(sigma > 0.0 for sigma in self.sigmas)
        require(fits, "sigmas", "nothing, or a positive number for each joint", self.sigmas)

    @classmethod
    def load(cls, name: str | Path) -> SkeletonLayout:
        """A table by its path, or a shipped one by its name, e.g. ``coco17``.

        :raises ConfigError: if the file does not hold one.
        :raises FileNotFoundError: for a bare name that does not ship, naming those that do.
        """
        return config.load(cls, shipped("skeletons", name, ".yaml"))

    def index(self, joint: str) -> int:
        """Row of a joint in the table."""
        return self.joints.index(joint)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """The edges as rows of the table."""
        return tuple((self.index(one), self.index(other)) for one, other in self.edges)

    @cached_property
    def mirrored(self) -> tuple[int, ...]:
        """For each joint, the row of its counterpart on the other side of the body; its own row in the middle."""
        return tuple(
            self.index(_mirror(name)) if _mirror(name) in self.joints else row for row, name in enumerate(self.joints)
        )


def _mirror(name: str) -> str:
    side, _, rest = name.partition("_")
    return f"{MIRRORED[side]}_{rest}" if side in MIRRORED else name
