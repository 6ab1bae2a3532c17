"""What an element of an SDF file may hold, and the check that refuses everything else by name, file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dl_robotics.sim.sdf.element import Element


@dataclass(frozen=True)
class Rule:
    """What one element may hold.

    :param attributes: names of its attributes.
    :param children: rules of its child elements by name.
    :param many: whether it may stand several times beside itself.
    :param inert: nothing in it has an effect on what is simulated: it is not looked into.
    :param only: the values accepted, compared as numbers or in lower case; empty accepts all.
    """

    attributes: tuple[str, ...] = ()
    children: Mapping[str, Rule] = field(default_factory=dict)
    many: bool = False
    inert: bool = False
    only: tuple[str, ...] = ()


LEAF = Rule()
INERT = Rule(inert=True, many=True)


def only(*values: str) -> Rule:
    """An element that is accepted as long as it changes nothing: with one of these values."""
    return Rule(only=values)


def inert(names: str) -> dict[str, Rule]:
    """Rules of elements without effect, by their names separated by blanks."""
    return dict.fromkeys(names.split(), INERT)


def leaves(names: str) -> dict[str, Rule]:
    """Rules of elements that hold one value, by their names separated by blanks."""
    return dict.fromkeys(names.split(), LEAF)


def neutral(names: str) -> dict[str, Rule]:
    """Rules of elements that are accepted as long as they are 0, by their names separated by blanks."""
    return dict.fromkeys(names.split(), only("0"))


def check(element: Element, rule: Rule) -> None:
    """Refuse what an element may not hold, at any depth.

    :raises SdfError: at the first element or attribute that is unknown, repeated or has a value that is not accepted.
    """
    if rule.inert:
        return
    for attribute in element.attributes:
        if attribute not in rule.attributes:
            expected = _one_of(rule.attributes, "no attribute")
            raise element.error(f"attribute {attribute!r} of <{element.tag}> is not supported; expected {expected}")
    if rule.only and _plain(element.text) not in (_plain(value) for value in rule.only):
        expected = _one_of(rule.only, "")
        raise element.error(
            f"<{element.tag}> {element.text!r} inside <{element.parent_tag}> is not supported; expected {expected}"
        )
    _check_children(element, rule)


def _check_children(element: Element, rule: Rule) -> None:
    seen = set()
    for child in element.children():
        known = rule.children.get(child.tag)
        if known is None:
            expected = _one_of(sorted(rule.children), "nothing")
            raise child.error(f"<{child.tag}> inside <{element.tag}> is not supported; expected {expected}")
        if child.tag in seen and not known.many:
            raise child.error(f"a second <{child.tag}> inside <{element.tag}>; expected one")
        seen.add(child.tag)
        check(child, known)


def _plain(text: str) -> tuple[float | str, ...]:
    return tuple(_number(part) for part in text.lower().split())


def _number(text: str) -> float | str:
    try:
        return float({"true": "1", "false": "0"}.get(text, text))
    except ValueError:
        return text


def _one_of(names: tuple[str, ...] | list[str], none: str) -> str:
    if not names:
        return none
    return f"one of {', '.join(names)}" if len(names) > 1 else names[0]
