"""A picture of what grows, read back: what its lines say by the ticks beside them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

SVG = {"svg": "http://www.w3.org/2000/svg"}


class Line(NamedTuple):
    """A line: its name and where that stands, and its points as sizes with ratios."""

    name: str
    place: float
    points: list[tuple[float, float]]


class Plotted:
    """A picture; raises for one that is no XML."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)  # noqa: S314 - drawn by us
        ticks = [text for text in self._texts() if "tick" in classes(text)]
        self.sizes = {number(text): x_of(text) for text in ticks if "middle" in classes(text)}
        self.ratios = {number(text): y_of(text) for text in ticks if "end" in classes(text)}

    def lines(self) -> list[Line]:
        return [self._line(group) for group in self.root.iterfind("svg:g", SVG)]

    def _line(self, group: Element) -> Line:
        (name,) = (text for text in group.iterfind("svg:text", SVG) if "name" in classes(text))
        joined = group.find("svg:polyline", SVG)
        assert joined is not None
        pairs = [tuple(map(float, pair.split(","))) for pair in joined.attrib["points"].split()]
        dots = group.iterfind("svg:circle", SVG)
        assert [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots] == pairs
        return Line(
            name.text or "", y_of(name), [(self._size(x), self._ratio(y)) for x, y in pairs]
        )

    def _size(self, x: float) -> float:
        (low, left), *_, (high, right) = sorted(self.sizes.items())
        return low * math.exp(math.log(high / low) * (x - left) / (right - left))

    def _ratio(self, y: float) -> float:
        (low, bottom), *_, (high, top) = sorted(self.ratios.items())
        # The words of a tick stand a little below its line, all alike.
        shift = bottom - self._bottom()
        return low + (high - low) * (bottom - shift - y) / (bottom - top)

    def _bottom(self) -> float:
        """Return where the lowest rule is drawn."""
        rules = [path.attrib["d"] for path in self.root.iterfind("svg:path", SVG)]
        heights = (re.fullmatch(r"M[\d.]+ ([\d.]+)H[\d.]+", rule) for rule in rules)
        return max(float(found[1]) for found in heights if found)

    def _texts(self) -> Iterator[Element]:
        return self.root.iterfind(".//svg:text", SVG)


def classes(element: Element) -> list[str]:
    return element.attrib.get("class", "").split()


def number(text: Element) -> float:
    return float((text.text or "").removesuffix(" ×").replace(",", ""))


def x_of(text: Element) -> float:
    return float(text.attrib["x"])


def y_of(text: Element) -> float:
    return float(text.attrib["y"])
