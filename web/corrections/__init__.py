"""Corrections: everything that was put right, taken back or answered, and how this is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.corrections.page import corrections_feed, corrections_page
from web.shell.feeds import feed_response
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NO_PLACE_IN_CORRECTIONS = Message(
    "no_place_in_corrections",
    "%(text)s is not a log position",
    fix="follow the link at the end of the list",
)

blueprint = Blueprint("corrections", __name__)


@blueprint.get("/corrections")
@cached
def show() -> Response:
    """Show what was corrected, latest first."""
    page = corrections_page(read_connection(), services().log, before=_before())
    block = "more" if page.before is not None else "view"
    return render_page("corrections/page.html", block=block, page=page)


@blueprint.get("/corrections.<any(atom, jsonfeed):form>")
def feed(form: str) -> Response:
    """Give the latest as a feed."""
    conn = read_connection()
    runs = corrections_page(conn, services().log, before=None).runs
    return feed_response(corrections_feed(conn, runs), form)


def _before() -> int | None:
    text = this_request().query.get("before", "")
    before = whole_number(text)
    if text and before is None:
        raise Refused(NO_PLACE_IN_CORRECTIONS, field="before", text=InQuotes(text))
    return before
