"""Elements of an SDF file that is being written."""

from __future__ import annotations

from lxml import etree


def element(tag: str, *content: etree._Element | str, **attributes: str) -> etree._Element:
    """An element with text or with child elements."""
    made = etree.Element(tag, attributes)
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def values(tag: str, *numbers: float) -> etree._Element:
    """An element of numbers, from whose text the same numbers are read again."""
    return element(tag, " ".join(repr(float(number)) for number in numbers))


def flag(tag: str, state: bool) -> etree._Element:
    """An element that is ``true`` or ``false``."""
    return element(tag, "true" if state else "false")


def plain(name: str) -> str:
    """A part's name without what SDF keeps for nested models."""
    return name.replace("::", ".")
