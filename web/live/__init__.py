"""Live: a connection on which the reader of a page hears that it has news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint
from werkzeug.wrappers import Response

from timeline.domain.text import whole_number
from timeline.live.live import Limits, Live, NotLive, no_live_part
from timeline.live.recent import HOME
from timeline.serving.handing_over import HAND_OVER
from web.shell.parts import add_part, prepare
from web.shell.request import this_request
from web.wording.refusals import fix_of, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOM = "live"
"""Under which the site keeps its live part."""

MISSING, TOO_MANY, UNAVAILABLE = 404, 429, 503
LATER = "60"
"""Seconds after which to ask again for what is full."""


def is_live() -> bool:
    """Tell whether readers of this site are told of news."""
    return this_request().kept_by(ROOM) is not None


def live_answer(place: str) -> Response:
    """Begin to tell a reader of what concerns a place, from the position on that they name."""
    live: Live | None = this_request().kept_by(ROOM)
    sent = this_request().sent
    hand_over = sent.environ.get(HAND_OVER)
    if live is None or hand_over is None:
        return _refused(no_live_part(), MISSING)
    address = sent.remote_addr or ""
    known = sent.headers.get("Last-Event-ID") or sent.args.get("since", "")
    if sent.method == "GET":
        try:
            live.enter(address)
        except NotLive as error:
            return _refused(error, TOO_MANY if error.is_own_doing else UNAVAILABLE)
        since = whole_number(known)
        hand_over(lambda connection: live.take(connection, address, place, since))
    # nginx passes on each event as it comes.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(iter(()), headers=headers, mimetype="text/event-stream")


def _refused(error: NotLive, status: int) -> Response:
    line = f"{message_of(error)}; {fix_of(error)}\n"
    return Response(line, status, {"Retry-After": LATER}, mimetype="text/plain")


blueprint = Blueprint("live", __name__)
blueprint.app_template_global("is_live")(is_live)
add_part(blueprint, "news", "live/news.html")


def begin(settings: Mapping[str, Any], kept: dict[str, Any]) -> None:
    """Begin to tell readers of what is recorded, where any may be told."""
    readers, at_address = settings["LIVE"]
    if readers:
        limits = Limits(readers=readers, at_address=at_address)
        live = kept[ROOM] = Live(kept["standline"].models, limits)
        kept["told"].append(live)


prepare(blueprint, begin)


@blueprint.get(f"/live/{HOME}")
def home() -> Response:
    """Tell of everything."""
    return live_answer(HOME)


@blueprint.get("/live/<any(t, a, story, s):kind>/<slug>")
def page(kind: str, slug: str) -> Response:
    """Tell of what concerns one topic, actor, story or entry."""
    return live_answer(f"{kind}/{slug}")
