"""How the reader wants pages to look and speak: by cookies, or in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import msgspec

from web.i18n.languages import LANGUAGES
from web.shell.cookies import read_cookie

if TYPE_CHECKING:
    from flask import Request

PICTURES = ("picture.topic",)
"""Routes of pictures: their address may say how they look, whoever asks for them."""

FRAMED = "embed"
"""The blueprint of frames: no cookie of ours travels to them, so their address says it."""

CHOICES = {
    "theme": ("auto", "light", "dark"),
    "density": ("roomy", "compact"),
    "quotes": ("both", "orig", "tr"),
    "keys": ("on", "off"),
    "lang": tuple(LANGUAGES),
}
"""What there is to choose, by the name of its cookie; the first is what is shown unasked."""


class ReaderChoices(msgspec.Struct, frozen=True):
    """What a reader chose, or what is shown unasked; ``language`` is a code of `LANGUAGES`.

    ``story_order`` is empty for who never asked for an order of months.
    """

    language: str = "en"
    theme: str = "auto"
    density: Literal["roomy", "compact"] = "roomy"
    quotes: str = "both"
    keys: bool = True
    story_order: str = ""


def read_choices(request: Request) -> ReaderChoices:
    """Read a reader's choices from a request; what is none of `CHOICES` counts as not chosen."""
    return ReaderChoices(
        language=read_language(request),
        theme=_choice(request, "theme"),
        density=cast("Literal['roomy', 'compact']", _choice(request, "density")),
        quotes=_choice(request, "quotes"),
        keys=_choice(request, "keys") == "on",
        story_order=_story_order(request),
    )


def asked_language(request: Request) -> str:
    """Return the language that an address asks for by ``lang``; empty without one that we have."""
    language = request.args.get("lang", "")
    return language if language in LANGUAGES else ""


def read_language(request: Request) -> str:
    """Return the language of the address, else the chosen one, the browser's best, or English.

    That of an address holds for its page, and for those that the page leads to: so it can be shared
    as it reads. It is not remembered.
    """
    chosen = asked_language(request) or _given(request, "lang")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"


def _story_order(request: Request) -> str:
    """Return the order that a story was last asked for in: oldest or newest month first."""
    order = _given(request, "story_order")
    return order if order in ("old", "new") else ""


def _choice(request: Request, name: str) -> str:
    chosen = _given(request, name)
    return chosen if chosen in CHOICES[name] else CHOICES[name][0]


def is_feed(path: str) -> bool:
    """Tell whether an address is that of a feed: its reader has no cookie, and one language."""
    return path.endswith((".atom", ".jsonfeed"))


def _given(request: Request, name: str) -> str:
    if request.blueprint == FRAMED:
        return request.args.get(name, "")
    said = request.args.get(name, "") if request.endpoint in PICTURES else ""
    return said or read_cookie(request, name)
