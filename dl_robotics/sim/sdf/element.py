"""One element of an SDF file: its values with checks, and errors that name file and line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from lxml import etree

from dl_robotics.errors import UserError

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
T = TypeVar("T")
Vector: TypeAlias = tuple[float, ...]
LARGEST = 1e16  # SDF writes "without limit" as 1e16; nothing greater is a measure of anything


class SdfError(UserError, ValueError):
    """An SDF file that cannot be used; the message says where, what was expected and what came."""


@dataclass(frozen=True)
class Source:
    """A file being read.

    :param path: as the user or an ``<include>`` names it.
    :param chain: the resolved paths of the files that are being read: the outermost first, this one last.
    """

    path: Path
    chain: tuple[Path, ...]


class Element:
    """An XML element and the file it stands in.

    Values are asked for by the path of a child, e.g. ``scan/horizontal/samples``; ``""`` is the element's own text. A
    value that is missing is the given default, or refused where there is none; one that cannot be read is refused.
    """

    def __init__(self, node: etree._Element, source: Source) -> None:
        self.node = node
        self.source = source

    @property
    def tag(self) -> str:
        """The element's name, with its prefix where it has one."""
        return _full_name(self.node)

    @property
    def parent_tag(self) -> str:
        """Name of the element around this one."""
        parent = self.node.getparent()
        return "" if parent is None else str(parent.tag)

    @property
    def text(self) -> str:
        """The text of the element itself, without surrounding blanks."""
        parts = [self.node.text, *(child.tail for child in self.node)]
        return "".join(part for part in parts if part).strip()

    @property
    def attributes(self) -> dict[str, str]:
        """All attributes."""
        return {str(key): str(value) for key, value in self.node.items()}

    @property
    def place(self) -> str:
        """``file:line`` of the element."""
        return f"{self.source.path}:{self.node.sourceline}"

    def error(self, message: str) -> SdfError:
        """An error at this element."""
        return SdfError(f"{self.place}: {message}")

    def children(self, *tags: str) -> Iterator[Element]:
        """The child elements of these names, or all of them, in the file's order."""
        for node in self.node:
            if isinstance(node.tag, str) and (not tags or _full_name(node) in tags):
                yield Element(node, self.source)

    def find(self, path: str) -> Element | None:
        """The first element at a path below this one, if there is one."""
        element: Element | None = self
        for tag in path.split("/") if path else ():
            element = next(element.children(tag), None) if element is not None else None
        return element

    def need(self, path: str) -> Element:
        """The first element at a path below this one."""
        element = self
        for tag in path.split("/"):
            found = element.find(tag)
            if found is None:
                raise element.error(f"<{element.tag}> has no <{tag}>")
            element = found
        return element

    def attribute(self, name: str) -> str:
        """An attribute that must be there and not be empty."""
        value = self.attributes.get(name, "").strip()
        if not value:
            raise self.error(f"<{self.tag}> has no attribute {name!r}")
        return value

    def flag(self, name: str) -> bool:
        """An attribute that is ``true``, ``false``, ``1`` or ``0``; false where it is missing."""
        text = self.attributes.get(name, "false").strip()
        if text.lower() not in _BOOLEANS:
            raise self.error(f"attribute {name!r} of <{self.tag}> is {text!r}; expected true or false")
        return _BOOLEANS[text.lower()]

    @property
    def name(self) -> str:
        """The attribute ``name`` of something that others may refer to."""
        name = self.attribute("name")
        self.check_name(name)
        return name

    def check_name(self, name: str) -> None:
        """Refuse names that SDF keeps for itself."""
        if name == "world" or "::" in name or (name.startswith("__") and name.endswith("__")):
            raise self.error(f"<{self.tag}> is named {name!r}; expected no reserved name ('world', '__…__', '…::…')")

    def string(self, path: str = "", default: str | None = None) -> str:
        """Text that is not empty."""
        return self._value(path, default, str, "text", bool)

    def number(
        self, path: str = "", default: float | None = None, lowest: float = -LARGEST, above: float | None = None
    ) -> float:
        """A finite number.

        :param lowest: the least value accepted.
        :param above: values up to this one are refused.
        """
        limit = f" > {above:g}" if above is not None else f" >= {lowest:g}" if lowest > -LARGEST else ""
        return self._value(
            path,
            default,
            _finite,
            f"a finite number{limit}",
            lambda value: value >= lowest and (above is None or value > above),
        )

    def positive(self, path: str = "", default: float | None = None) -> float:
        """A number > 0."""
        return self.number(path, default, above=0.0)

    def limit(self, path: str, default: float) -> float:
        """A number whose sign may be all that counts: 1e16 and more, and ``inf``, are infinite."""
        value = self._value(path, default, _real, "a number", lambda value: not math.isnan(value))
        return math.copysign(math.inf, value) if abs(value) >= LARGEST else value

    def whole(self, path: str, lowest: int) -> int:
        """A whole number, at least ``lowest``."""
        expected = f"a whole number >= {lowest}"
        return int(self._value(path, None, _finite, expected, lambda value: value >= lowest and value.is_integer()))

    def boolean(self, path: str = "", default: bool | None = None) -> bool:
        """``true``, ``false``, ``1`` or ``0``."""
        return self._value(path, default, lambda text: _BOOLEANS[text.lower()], "true or false")

    def vector(self, path: str = "", default: Vector | None = None, count: int = 3) -> Vector:
        """``count`` finite numbers."""
        return self._value(path, default, _vector, f"{count} finite numbers", lambda value: len(value) == count)

    def size(self, path: str, count: int = 3) -> Vector:
        """``count`` numbers > 0."""
        value = self.vector(path, count=count)
        if min(value) <= 0.0:
            element = self.need(path)
            raise element.error(f"<{element.tag}> is {element.text!r}; expected {count} numbers > 0")
        return value

    def colour(self, path: str, default: Vector) -> tuple[float, float, float, float]:
        """RGB or RGBA in [0, 1]; opaque unless the file says otherwise."""
        values = self._value(path, default, _vector, "3 or 4 numbers in [0, 1]", _is_colour)
        red, green, blue, alpha = (*values, 1.0)[:4]
        return red, green, blue, alpha

    def direction(self, path: str, default: Vector) -> tuple[float, float, float]:
        """A direction, as a unit vector."""
        expected = "3 finite numbers, not all 0"
        x, y, z = self._value(path, default, _vector, expected, lambda value: len(value) == 3 and any(value))
        length = math.hypot(x, y, z)
        return x / length, y / length, z / length

    def _value(
        self,
        path: str,
        default: T | None,
        parse: Callable[[str], T],
        expected: str,
        fits: Callable[[T], bool] = lambda _: True,
    ) -> T:
        element = self.find(path)
        if element is None:
            return self.need(path)._value("", None, parse, expected) if default is None else default
        try:
            value = parse(element.text)
        except (ValueError, KeyError):
            raise element.error(f"<{element.tag}> is {element.text!r}; expected {expected}") from None
        if not fits(value):
            raise element.error(f"<{element.tag}> is {element.text!r}; expected {expected}")
        return value


def refuse_repeated_names(siblings: Iterable[Element]) -> None:
    """Refuse two elements of one name.

    :raises SdfError: at the second one.
    """
    places: dict[str, str] = {}
    for element in siblings:
        if element.name in places:
            raise element.error(f"<{element.tag}> is named {element.name!r}, as the one at {places[element.name]}")
        places[element.name] = element.place


def _full_name(node: etree._Element) -> str:
    """``prefix:name``, whether or not the file declares what the prefix stands for."""
    tag = str(node.tag)
    return tag if not tag.startswith("{") else f"{node.prefix or ''}:{tag.partition('}')[2]}"


def _real(text: str) -> float:
    if "_" in text:  # Python's digit grouping, which no other reader of SDF knows
        raise ValueError(text)
    return float(text)


def _finite(text: str) -> float:
    value = _real(text)
    if not abs(value) <= LARGEST:
        raise ValueError(text)
    return value


def _vector(text: str) -> Vector:
    return tuple(_finite(part) for part in text.split())


def _is_colour(values: Vector) -> bool:
    return len(values) in (3, 4) and all(0.0 <= value <= 1.0 for value in values)
