"""The log position at the reader's last visit to each page, in one cookie."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec

from flask import request

from timeline.domain.text import whole_number
from timeline.projections.queries import log
from web.shell.cookies import keep_cookie, read_cookie
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

P = ParamSpec("P")

COOKIE = "seen"
HOME = ""
"""Stands for the front page in place of a topic's slug."""

LED_ON = (204, 303)
"""The statuses of a redirect, for htmx and for others."""

MOST = 60
"""The most topics in the cookie; the one not visited for longest is dropped first."""


def place() -> str | None:
    """Return the place of this page: a topic, a story or the front page; else ``None``."""
    slug = (request.view_args or {}).get("slug", "")
    places = {"home.show": HOME, "topic.show": slug, "story.show": story_place(slug)}
    return places.get(request.endpoint or "")


def story_place(slug: str) -> str:
    """Return the place of a story; no slug of a topic has a slash."""
    return f"story/{slug}"


def seen() -> dict[str, int]:
    """Return the log position of the last visit to each place, oldest visit first."""
    positions: dict[str, int] = {}
    for pair in read_cookie(request, COOKIE).split("~"):
        slug, dot, written = pair.rpartition(".")
        position = whole_number(written)
        if dot and position is not None:
            positions[slug] = position
    return positions


def seen_here() -> int | None:
    """Return the log position up to which the reader knows this page."""
    here = place()
    return None if here is None else seen().get(here)


def with_news(position: int | None) -> int | None:
    """Return a position if anything was recorded after it, else ``None``."""
    return position if position is not None and position < this_request().record.shown else None


def mark_seen(response: Response, slug: str, position: int) -> Response:
    """Store that the reader has seen a place up to a position."""
    return _keep(
        response, {topic: at for topic, at in seen().items() if topic != slug} | {slug: position}
    )


def own_is_seen(response: Response) -> Response:
    """Mark what the same person just recorded as seen, unless somebody else recorded in between.

    Only redirects after a form do this.
    """
    known, request = seen(), this_request()
    if not known or response.status_code not in LED_ON:
        return response
    with request.services.models.engine().connect() as conn:
        head = log.head(conn)
        others = log.last_of_others(conn, head, request.identity.handle, "form")
    moved = {topic: max(at, head) if at >= others else at for topic, at in known.items()}
    return response if moved == known else _keep(response, moved)


def _keep(response: Response, known: dict[str, int]) -> Response:
    topics = [(topic, at) for topic, at in known.items() if topic != HOME]
    home = [(HOME, known[HOME])] if HOME in known else []
    text = "~".join(f"{topic}.{at}" for topic, at in (*home, *topics[-MOST:]))
    keep_cookie(response, COOKIE, text)
    return response


def visited(view: Callable[P, Response]) -> Callable[P, Response]:
    """Store the first visit to a place, so that a later one can show what is new."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = view(*args, **kwargs)
        here = place()
        if response.status_code in (200, 304) and here is not None and here not in seen():
            mark_seen(response, here, this_request().shown)
        return response

    return answer
