"""Home: what changed lately, which questions there are, and who stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import log
from web.home.page import SORTS, home_page
from web.shell.page_cache import cached
from web.shell.pagination import read_place
from web.shell.rendering import render_page, stay_or_see
from web.shell.request import read_connection, this_request
from web.shell.visits import HOME, mark_seen, seen_here, visited, with_news

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

UNKNOWN_ORDER_OF_TOPICS = Message(
    "unknown_order_of_topics", "%(order)s is not an order of topics", fix="use one of: %(choices)s"
)

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@visited
@cached
def show() -> Response:
    """Show the front page."""
    sort = this_request().query.get("sort", SORTS[0])
    if sort not in SORTS:
        raise Refused(
            UNKNOWN_ORDER_OF_TOPICS, field="sort", order=InQuotes(sort), choices=", ".join(SORTS)
        )
    query = this_request().query
    page = home_page(
        read_connection(),
        sort=sort,
        place=read_place(query.get("after", ""), query.get("before", ""), str),
        now=this_request().now,
        new_after=_seen(),
    )
    return render_page("home/page.html", page=page)


@blueprint.post("/seen")
def mark() -> Response:
    """Remember that the reader has seen the front page as it is now."""
    here = stay_or_see("/")
    return mark_seen(here, HOME, this_request().record.shown)


def _seen() -> int | None:
    since = this_request().query.get("since", "").strip()
    return with_news(log.read_known(read_connection(), since) if since else seen_here())
