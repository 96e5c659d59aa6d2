"""The event log: every event as recorded, rebuilds, and two moments side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.log.diff import asked_moments, diff_page
from web.log.download import log_file
from web.log.page import log_page
from web.log.rebuilding import Rebuilding
from web.log.said import said_list, said_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page, see_other, wants_fragment
from web.shell.request import kept_by_site, read_connection, services, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NO_PLACE_IN_THE_LOG = Message(
    "no_place_in_the_log",
    "%(text)s is not a place in the list",
    fix="follow the link at the end of the list",
)
NOT_A_POSITION = Message(
    "not_a_position", "%(text)s is not a log position", fix="write a number, such as 1042"
)

blueprint = Blueprint("log", __name__)

PLACE = re.compile(r"(-?\d{1,18}),(\d{1,18})")
"""Where the list of statements goes on: an instant in seconds and a number, both of 64 bits."""


def rebuilding() -> Rebuilding:
    """Return what is being rebuilt or compared, if anything is."""
    return kept_by_site("rebuilding", lambda store: Rebuilding(store.clock))


@blueprint.get("/log")
def show() -> Response:
    """Show the latest events, or those before a position, of a type or by somebody."""
    args = this_request().query
    page = log_page(
        read_connection(),
        services().log,
        before=_position(args.get("before", "")),
        at=_position(args.get("at", "")),
        type_=args.get("type", ""),
        by=args.get("by", ""),
        opened=frozenset(filter(None, (_position(one) for one in args.getlist("open")))),
    )
    return render_page("log/page.html", page=page, rebuild=rebuilding().status())


@blueprint.get("/log.jsonl")
def download() -> Response:
    """Give the full log to whoever may record.

    It has to hold what is withheld, or it would not be the log: a reader must not get it here.
    What was erased is in no log any more.
    """
    return log_file(services().log)


@blueprint.get("/log/rebuild")
def status() -> Response:
    """Show how far a rebuild is; the finished part no longer asks."""
    return render_page("log/status.html", block="status", rebuild=rebuilding().status())


@blueprint.post("/log/rebuild")
def rebuild() -> Response:
    """Rebuild the read models, or rebuild them aside and compare, while readers read on."""
    models = services().models
    work = models.check if this_request().form.get("check") else models.rebuild
    rebuilding().start(work, checking=bool(this_request().form.get("check")))
    return status() if wants_fragment() else see_other("/log")


@blueprint.get("/log/diff")
@cached
def diff() -> Response:
    """Compare a topic at two moments of one clock."""
    conn = read_connection()
    asked = asked_moments(conn, this_request().query)
    page = diff_page(conn, asked.query, now=this_request().now)
    return answer_page("log/diff.html", asked, page=page)


@blueprint.get("/log/said")
@cached
def said() -> Response:
    """Show when statements were said against when they were recorded."""
    conn, after = read_connection(), _after(this_request().query.get("after", ""))
    if after and wants_fragment():
        more = said_list(conn, this_request().query, after)
        return render_page("log/said.html", block="list", listed=more)
    asked = read_asked_dates(conn, this_request().query, ("from",))
    page = said_page(conn, asked.query, after, now=this_request().now)
    return answer_page("log/said.html", asked, page=page, listed=page.list)


def _after(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = PLACE.fullmatch(text)
    if found is None:
        raise Refused(NO_PLACE_IN_THE_LOG, field="after", text=InQuotes(text))
    return int(found[1]), int(found[2])


def _position(text: str) -> int | None:
    if not text:
        return None
    position = whole_number(text.removeprefix("@"))
    if position is None:
        raise Refused(NOT_A_POSITION, field="position", text=InQuotes(text))
    return position
