"""Actors: who they are, what they said then and say now, and who else speaks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import directory
from web.actor.address import read_address
from web.actor.directory_page import actors_page, read_list
from web.actor.lanes import actor_lanes
from web.actor.page import actor_page
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.lanes.window import brushed, read_place
from web.shell.page_cache import cached
from web.shell.rendering import moved, render_page, see_other
from web.shell.request import read_connection, services, this_request
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Actor
    from web.actor.address import ActorAddress

blueprint = Blueprint("actor", __name__)


@blueprint.get("/a/<slug>")
@cached
def show(slug: str) -> Response:
    """Show an actor; one that was merged leads to the other."""
    conn = read_connection()
    actor, query = directory.actor(conn, slug), this_request().query
    if actor.slug != slug:
        return moved(f"/a/{actor.slug}?{this_request().query_text}".rstrip("?"))
    dates = read_asked_dates(conn, query, ("as_of", "known_at", "from", "to"))
    address = read_address(slug, dates.query, read_clocks(conn, dates.query))
    if {"left", "right"} & query.keys():
        return see_other(_brushed(conn, actor, address))
    host, now = this_request().host, this_request().now
    page = actor_page(conn, services().log, actor, address, now=now, host=host)
    return answer_page("actor/page.html", dates, page=page, host=host.rstrip("/"))


def _brushed(conn: Connection, actor: Actor, address: ActorAddress) -> str:
    """Return the address of the stretch that the two ends of the brush chose."""
    query, now = this_request().query, this_request().now
    first, _ = actor_lanes(conn, actor.id, address.clocks).span or (now, now)
    way = brushed(first, now, (read_place(query, "left"), read_place(query, "right")))
    return address.url(begin=way.begin, end=way.end)


@blueprint.get("/actors")
def everyone() -> Response:
    """List everybody, or those one of whose names contains what is typed."""
    page = actors_page(read_connection(), read_list(this_request().query))
    return render_page("actor/all.html", page=page)
