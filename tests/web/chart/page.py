"""A chart as the browser gets it: rendered by the site's own templates, then taken apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import web
from tests.web.markup import Page

if TYPE_CHECKING:
    from jinja2 import Template

    from web.chart.drawing import Chart, LaneDrawing

CHART = """
{% import "chart/chart.html" as chart with context %}
<section class="chart" id="chart">{{ chart.legend(c) }}
{% call(lane) chart.lanes(c) %}{% if lane.open_x is not none %}
<div class="drawer">{{ chart.notch(lane) }}</div>{% endif %}{% endcall %}
{% if c.overview %}{{ chart.overview(c.overview) }}{% endif %}</section>
"""
SMALL = '{% import "chart/lane.html" as lane with context %}{{ lane.spark(l) }}{{ lane.plot(l) }}'


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
