"""The kinematic tree of a model: which link hangs on which joint."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.sim.world import Joint, Link, Model

WORLD = "world"  # the name of the world where a joint's parent is not a link


@dataclass(frozen=True, eq=False)
class Branch:
    """A link, the joint to its parent (none for a free root), and what hangs on it."""

    link: Link
    joint: Joint | None
    branches: tuple[Branch, ...]


def branches(model: Model) -> tuple[Branch, ...]:
    """The roots of a model's tree: links without a parent, and those that hang on the world.

    :raises ValueError: for a joint that names no link, and for links in a circle or with two parents.
    """
    _check_names(model)
    parents = {joint.child: joint for joint in model.joints}
    roots = tuple(_branch(model, k, parents) for k in model.links if _is_root(parents.get(k.name)))
    if sum(map(_size, roots)) != len(model.links):
        raise ValueError(f"model {model.name!r}: expected joints that form a tree, got a circle of links")
    return roots


def _branch(model: Model, link: Link, parents: dict[str, Joint]) -> Branch:
    children = [joint for joint in parents.values() if joint.parent == link.name]
    below = tuple(_branch(model, model.link(joint.child), parents) for joint in children)
    return Branch(link, parents.get(link.name), below)


def _is_root(joint: Joint | None) -> bool:
    return joint is None or joint.parent == WORLD


def _size(branch: Branch) -> int:
    return 1 + sum(map(_size, branch.branches))


def _check_names(model: Model) -> None:
    names = {link.name for link in model.links}
    seen: set[str] = set()
    for joint in model.joints:
        where = f"model {model.name!r}: joint {joint.name!r}"
        if joint.child not in names or joint.parent not in names | {WORLD}:
            raise ValueError(f"{where}: expected links of the model, got {joint.parent!r} and {joint.child!r}")
        if joint.child in seen:
            raise ValueError(f"{where}: expected one parent a link, got a second one for {joint.child!r}")
        seen.add(joint.child)
