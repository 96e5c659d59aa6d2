"""What a reader has seen: the log position of the last visit to each topic, in one cookie."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec

from flask import g, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

P = ParamSpec("P")

COOKIE = "seen"
MOST = 60
"""Topics that the cookie remembers; the one not visited for longest is forgotten first."""

YEAR = 365 * 24 * 3600


def seen() -> dict[str, int]:
    """Return the log position that the reader has seen of each topic, oldest visit first."""
    found: dict[str, int] = {}
    for pair in request.cookies.get(COOKIE, "").split("~"):
        slug, dot, position = pair.rpartition(".")
        if dot and position.isdecimal() and len(position) <= 18:  # noqa: PLR2004 - 64 bits
            found[slug] = int(position)
    return found


def mark_seen(response: Response, slug: str, position: int) -> Response:
    """Remember that the reader has seen a topic up to a position."""
    known = {one: at for one, at in seen().items() if one != slug} | {slug: position}
    kept = list(known.items())[-MOST:]
    text = "~".join(f"{one}.{at}" for one, at in kept)
    response.set_cookie(
        COOKIE, text, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return response


def visited(view: Callable[P, Response]) -> Callable[P, Response]:
    """Note the first visit to a topic, so that a later one can say what is new."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = view(*args, **kwargs)
        slug = str(kwargs["slug"])
        if response.status_code in (200, 304) and slug not in seen():
            mark_seen(response, slug, g.shown)
        return response

    return answer
