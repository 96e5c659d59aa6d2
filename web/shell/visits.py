"""What a reader has seen: the log position of the last visit to each page, in one cookie."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec

from flask import request

from timeline.domain.text import whole_number
from web.shell.cookies import keep_cookie, read_cookie
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

P = ParamSpec("P")

COOKIE = "seen"
HOME = ""
"""The front page in place of a topic's slug."""

MOST = 60
"""Topics that the cookie remembers; the one not visited for longest is forgotten first."""


def place() -> str | None:
    """Return what this page remembers visits to: a topic or a story, or the front page."""
    slug = (request.view_args or {}).get("slug", "")
    places = {"home.show": HOME, "topic.show": slug, "story.show": story_place(slug)}
    return places.get(request.endpoint or "")


def story_place(slug: str) -> str:
    """Return what stands for a story among the topics: no slug of a topic has a slash."""
    return f"story/{slug}"


def seen() -> dict[str, int]:
    """Return the log position that the reader has seen of each place, oldest visit first."""
    found: dict[str, int] = {}
    for pair in read_cookie(request, COOKIE).split("~"):
        slug, dot, written = pair.rpartition(".")
        position = whole_number(written)
        if dot and position is not None:
            found[slug] = position
    return found


def seen_here() -> int | None:
    """Return the log position up to which the reader knows this page."""
    here = place()
    return None if here is None else seen().get(here)


def with_news(position: int | None) -> int | None:
    """Return a position if anything is on record after it: else nobody need look for what is."""
    return position if position is not None and position < this_request().record.shown else None


def mark_seen(response: Response, slug: str, position: int) -> Response:
    """Remember that the reader has seen a topic, or the front page, up to a position."""
    known = {one: at for one, at in seen().items() if one != slug} | {slug: position}
    topics = [(one, at) for one, at in known.items() if one != HOME]
    home = [(HOME, known[HOME])] if HOME in known else []
    text = "~".join(f"{one}.{at}" for one, at in (*home, *topics[-MOST:]))
    keep_cookie(response, COOKIE, text)
    return response


def visited(view: Callable[P, Response]) -> Callable[P, Response]:
    """Note the first visit to a topic or the front page, for a later one to say what is new."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = view(*args, **kwargs)
        here = place()
        if response.status_code in (200, 304) and here is not None and here not in seen():
            mark_seen(response, here, this_request().shown)
        return response

    return answer
