"""The frame around every page: the reader's choices, and how far the page has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from flask import current_app, g, request
from markupsafe import Markup

from timeline.projections.queries import log
from web.i18n.languages import LANGUAGES
from web.i18n.reader_choice import wish
from web.i18n.translate import tongue
from web.shell.publisher import publisher
from web.shell.record_access import record
from web.shell.site import Missing, Site

if TYPE_CHECKING:
    from flask import Flask

CHOICES = {
    "theme": ("auto", "light", "dark"),
    "density": ("roomy", "compact"),
    "quotes": ("both", "orig", "tr"),
    "keys": ("on", "off"),
    "lang": tuple(LANGUAGES),
}
SECTIONS = {
    "home": "topics",
    "topic": "topics",
    "statement": "topics",
    "actor": "actors",
    "log": "log",
}


def register(app: Flask) -> None:
    """Give every template the frame."""
    app.context_processor(_frame)


def choice(name: str) -> str:
    """Return what the reader chose, else the first of what there is."""
    chosen = wish(name)
    return chosen if chosen in CHOICES[name] else CHOICES[name][0]


def density() -> Literal["roomy", "compact"]:
    """Return how close together the reader wants lanes to stand."""
    return "compact" if choice("density") == "compact" else "roomy"


def _frame() -> dict[str, Any]:
    lang, own = tongue().code, publisher().language
    read_only = bool(current_app.config["READ_ONLY"])
    site = Site(
        lang=lang,
        own=Markup(' lang="{}"').format(own) if own.partition("-")[0] != lang else Markup(),
        languages=tuple(LANGUAGES.items()),
        theme=choice("theme"),
        density=density(),
        quotes=choice("quotes"),
        keys=choice("keys") == "on",
        section=SECTIONS.get(request.blueprint or "", ""),
        path=request.full_path.rstrip("?"),
        query=request.args.get("q", "") if request.blueprint == "search" else "",
        reader="" if read_only else current_app.config["HANDLE"],
        may_record=not read_only,
        behind=g.get("missing", 0),
        missing=_missing(),
        read_only=False,
    )
    return {"site": site}


def _missing() -> Missing:
    """Return what was set aside; the list of events says it itself, each with its error."""
    reached = g.get("reached")
    if reached is None or not reached.aside or request.endpoint == "log.show":
        return Missing()
    here = log.set_aside(record(), g.about) if "about" in g else []
    return Missing(reached.aside, reached.named, tuple(here))
