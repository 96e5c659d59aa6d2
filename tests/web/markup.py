"""A page taken apart: elements with their attributes, and texts with the elements around them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import msgspec

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element(msgspec.Struct, frozen=True, eq=False):
    """An element with its attributes and the elements that it stands in, outermost first."""

    tag: str
    attributes: dict[str, str]
    around: tuple[Element, ...] = ()

    def __getitem__(self, name: str) -> str:
        """Return an attribute; empty where it has no value, an error where it is not there."""
        return self.attributes[name]

    def has(self, **wanted: str) -> bool:
        """Tell whether it has these attributes; a dash is written as an underscore."""
        given = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return all(self.attributes.get(name) == value for name, value in given.items())

    def is_of(self, name: str) -> bool:
        """Tell whether it has a class."""
        return name in self.attributes.get("class", "").split()


class Text(msgspec.Struct, frozen=True):
    """A text and the elements that it stands in, outermost first."""

    text: str
    around: tuple[Element, ...]


class Page(HTMLParser):
    """What a browser makes of markup; raises for elements that are not closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[Text] = []
        self._around: list[Element] = []
        self.feed(markup)
        self.close()
        assert self._around == [], [element.tag for element in self._around]

    def find(self, tag: str | None = None, /, **wanted: str) -> list[Element]:
        """Return the elements of a tag with these attributes."""
        return [
            element
            for element in self.elements
            if tag in (None, element.tag) and element.has(**wanted)
        ]

    def one(self, tag: str | None = None, /, **wanted: str) -> Element:
        """Return the only element of a tag with these attributes."""
        (element,) = self.find(tag, **wanted)
        return element

    def words(self, **wanted: str) -> str:
        """Return the text inside the elements that have these attributes."""
        inside = [t.text for t in self.texts if any(element.has(**wanted) for element in t.around)]
        return " ".join(" ".join(inside).split())

    def of_class(self, name: str) -> list[Element]:
        """Return the elements of a class."""
        return [one for one in self.elements if one.is_of(name)]

    def in_svg(self) -> list[Element]:
        """Return every SVG element, the `<svg>` itself among them."""
        return [one for one in self.elements if "svg" in {one.tag, *(o.tag for o in one.around)}]

    def links(self) -> list[str]:
        """Return where the links of the page lead."""
        return [
            element["href"]
            for element in self.elements
            if element.tag == "a" and "href" in element.attributes
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, (*self._around,))
        self.elements.append(element)
        if tag not in VOID:
            self._around.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, (*self._around,)))

    def handle_endtag(self, tag: str) -> None:
        last = self._around.pop()
        assert last.tag == tag, f"</{tag}> closes <{last.tag}>"

    def handle_data(self, data: str) -> None:
        self.texts.append(Text(data, (*self._around,)))

    def error(self, message: str) -> Any:  # noqa: ANN401 - what the base class declares
        raise AssertionError(message)
