"""Home: what changed lately, which questions there are, and who stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, request

from timeline.domain.errors import Refused
from timeline.projections.queries import log
from web.home.page import SORTS, home_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page, wants_fragment
from web.shell.request import read_connection, this_request
from web.shell.visits import HOME, mark_seen, seen_here, visited, with_news

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from werkzeug.wrappers import Response

blueprint = Blueprint("home", __name__)

SEE_OTHER = 303


@blueprint.get("/")
@visited
@cached
def show() -> Response:
    """Show the front page."""
    sort = request.args.get("sort", SORTS[0])
    if sort not in SORTS:
        msg = f"{sort!r} is not an order of topics"
        raise Refused(msg, field="sort", fix="use one of: " + ", ".join(SORTS))
    page = home_page(
        read_connection(),
        sort=sort,
        now=this_request().now,
        host=request.host_url,
        new_after=_seen(),
    )
    return render_page("home/page.html", page=page)


@blueprint.post("/seen")
def mark() -> Response:
    """Remember that the reader has seen the front page as it is now."""
    here = make_response("") if wants_fragment() else redirect("/", SEE_OTHER)
    return mark_seen(here, HOME, this_request().record.shown)


@blueprint.record
def _readers_may(state: BlueprintSetupState) -> None:
    """Let readers mark it on a read-only server too: nothing is recorded by it."""
    state.app.config["FOR_READERS"].add("home.mark")


def _seen() -> int | None:
    since = request.args.get("since", "").strip()
    return with_news(log.read_known(read_connection(), since) if since else seen_here())
