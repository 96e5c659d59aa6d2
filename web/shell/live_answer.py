"""An answer without an end: the live part goes on with its connection, and no thread waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, request

from timeline.domain.text import whole_number
from timeline.live.handing_over import HAND_OVER
from timeline.live.live import NotLive, away
from web.wording.refusals import fix_of, message_of

if TYPE_CHECKING:
    from timeline.live.live import Live

UNAVAILABLE, TOO_MANY = 503, 429
LATER = "60"
"""Seconds after which to ask again for what is full."""


def is_live() -> bool:
    """Tell whether readers of this site are told of news."""
    return current_app.extensions["live"] is not None


def live_answer(place: str) -> Response:
    """Begin to tell a reader of what concerns a place, from the position on that they name."""
    try:
        return _begun(place)
    except NotLive as error:
        line = f"{message_of(error)}; {fix_of(error)}\n"
        status = TOO_MANY if error.is_own_doing else UNAVAILABLE
        return Response(line, status, {"Retry-After": LATER}, mimetype="text/plain")


def _begun(place: str) -> Response:
    live: Live | None = current_app.extensions["live"]
    hand_over = request.environ.get(HAND_OVER)
    if live is None or hand_over is None:
        raise away()
    known = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    address, since = request.remote_addr or "", whole_number(known)
    # nginx passes on each event as it comes.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    answer = Response(iter(()), headers=headers, mimetype="text/event-stream")
    if request.method == "GET":
        live.enter(address)
        hand_over(lambda connection: live.take(connection, address, place, since))
    return answer
