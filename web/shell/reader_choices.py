"""The reader's choices for look and language, from cookies or the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import msgspec

from web.i18n.languages import LANGUAGES
from web.shell.cookies import read_cookie

if TYPE_CHECKING:
    from flask import Request

PICTURES = ("picture.topic", "picture.actor")
"""Routes of pictures, whose address may choose their look."""

FRAMED = "embed"
"""The blueprint of frames, which get no cookies: their address has the choices."""

CHOICES = {
    "theme": ("auto", "light", "dark"),
    "density": ("roomy", "compact"),
    "quotes": ("both", "orig", "tr"),
    "keys": ("on", "off"),
    "lang": tuple(LANGUAGES),
}
"""The options of each choice, by the name of its cookie; the first one is the default."""


class ReaderChoices(msgspec.Struct, frozen=True):
    """A reader's choices or the defaults; ``language`` is a code of `LANGUAGES`.

    ``story_order`` is empty if the reader never chose an order of months.
    """

    language: str = "en"
    theme: str = "auto"
    density: Literal["roomy", "compact"] = "roomy"
    quotes: str = "both"
    keys: bool = True
    story_order: str = ""


def read_choices(request: Request) -> ReaderChoices:
    """Read a reader's choices from a request; ignore values that are not in `CHOICES`."""
    return ReaderChoices(
        language=read_language(request),
        theme=_choice(request, "theme"),
        density=cast("Literal['roomy', 'compact']", _choice(request, "density")),
        quotes=_choice(request, "quotes"),
        keys=_choice(request, "keys") == "on",
        story_order=_story_order(request),
    )


def asked_language(request: Request) -> str:
    """Return the language in the address (``lang``), empty if the site does not have it."""
    language = request.args.get("lang", "")
    return language if language in LANGUAGES else ""


def read_language(request: Request) -> str:
    """Return the language of the address, else the chosen one, the browser's best, or English.

    A language in the address also applies to the pages that the page links to, so that links can
    be shared. It is not stored.
    """
    chosen = asked_language(request) or _given(request, "lang")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"


def _story_order(request: Request) -> str:
    """Return the order of months that the reader chose last: ``old`` or ``new`` first."""
    order = _given(request, "story_order")
    return order if order in ("old", "new") else ""


def _choice(request: Request, name: str) -> str:
    chosen = _given(request, name)
    return chosen if chosen in CHOICES[name] else CHOICES[name][0]


def is_feed(path: str) -> bool:
    """Tell whether an address is that of a feed: feed readers send no cookies."""
    return path.endswith((".atom", ".jsonfeed"))


def _given(request: Request, name: str) -> str:
    if request.blueprint == FRAMED:
        return request.args.get(name, "")
    said = request.args.get(name, "") if request.endpoint in PICTURES else ""
    return said or read_cookie(request, name)
