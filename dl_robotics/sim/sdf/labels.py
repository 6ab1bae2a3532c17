"""Gazebo's labels: the classes of what cameras see, given to models and to visuals."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.schema import Rule, check, leaves
from dl_robotics.sim.sdf.systems import LABEL, inert_system, system_name
from dl_robotics.sim.world import Link, Visual

LARGEST = 255  # Gazebo keeps a label in a byte
_RULE = Rule(attributes=("name", "filename"), children=leaves("label"))


def read_label(plugin: Element) -> int:
    """The class of a ``gz::sim::systems::Label``: 0, which is none, to 255."""
    check(plugin, _RULE)
    label = plugin.whole("label", lowest=0)
    if label > LARGEST:
        raise plugin.need("label").error(f"<label> is {label}; expected at most {LARGEST}")
    return label


def visual_label(visual: Element) -> int:
    """The class that a ``<visual>`` gives itself; 0 for none."""
    labels = []
    for plugin in visual.children("plugin"):
        if system_name(plugin) == LABEL:
            labels.append(plugin)
        else:
            inert_system(plugin)
    return _only(labels, f"visual {visual.name!r}")


def labelled(name: str, links: Sequence[Link], plugins: Sequence[tuple[Element, str]]) -> tuple[Link, ...]:
    """The links of a model, whose visuals have their own label, else that of the innermost model that has one.

    :param name: the model's.
    :param plugins: of the model and those nested in it, each with the prefix of the names of its links.
    """
    labels: dict[str, list[Element]] = {}
    for plugin, prefix in plugins:
        if system_name(plugin) == LABEL:
            labels.setdefault(prefix, []).append(plugin)
    known = {prefix: _only(found, f"model {prefix.removesuffix('::') or name!r}") for prefix, found in labels.items()}
    return tuple(_with_label(link, _innermost(link.name, known)) for link in links)


def _only(plugins: Sequence[Element], where: str) -> int:
    if len(plugins) > 1:
        raise plugins[1].error(f"a second {LABEL} in {where}; expected one")
    return read_label(plugins[0]) if plugins else 0


def _innermost(link: str, labels: dict[str, int]) -> int:
    found = [prefix for prefix in labels if link.startswith(prefix)]
    return labels[max(found, key=len)] if found else 0


def _with_label(link: Link, label: int) -> Link:
    def label_one(visual: Visual) -> Visual:
        return visual if visual.label else dataclasses.replace(visual, label=label)

    return dataclasses.replace(link, visuals=tuple(map(label_one, link.visuals))) if label else link
