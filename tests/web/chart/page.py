"""A chart as the browser gets it: rendered by the site's own templates, then taken apart."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import web

if TYPE_CHECKING:
    from jinja2 import Template

    from web.chart.drawing import Chart, LaneDrawing

VOID = {"br", "hr", "img", "input", "link", "meta"}
CHART = """
{% import "chart/chart.html" as chart with context %}
<section class="chart" id="chart">{{ chart.legend(c) }}
{% call(lane) chart.lanes(c) %}{% if lane.open_x is not none %}
<div class="drawer">{{ chart.notch(lane) }}</div>{% endif %}{% endcall %}
{% if c.overview %}{{ chart.overview(c.overview) }}{% endif %}</section>
"""
SMALL = '{% import "chart/lane.html" as lane with context %}{{ lane.spark(l) }}{{ lane.plot(l) }}'


class Element(NamedTuple):
    """One element with the names of those around it."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]


class Page(HTMLParser):
    """Every element of a page in order; refuses tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, values, tuple(self._open)))

    @property
    def in_svg(self) -> list[Element]:
        """Every SVG element, the `<svg>` itself among them."""
        return [
            element for element in self.elements if element.name == "svg" or "svg" in element.inside
        ]

    def of_class(self, name: str) -> list[Element]:
        """Every element of a class."""
        return [
            element
            for element in self.elements
            if name in element.attributes.get("class", "").split()
        ]


@cache
def compiled(template: str) -> Template:
    """Compile a template text that uses the site's own files."""
    folder = Path(web.__file__).parent / "templates"
    env = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return env.from_string(template)


def render(template: str, **context: object) -> Page:
    """Render a template text."""
    return Page(compiled(template).render(**context))


def chart(drawn: Chart) -> Page:
    """Render a whole chart."""
    return render(CHART, c=drawn)


def small(drawn: LaneDrawing) -> Page:
    """Render a lane as a spark and as a plot."""
    return render(SMALL, l=drawn)
