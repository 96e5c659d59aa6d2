"""Pages as data: the same view as JSON and CSV, and its changes as a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import directory
from web.data import feed, statements, table
from web.data.view import View
from web.lanes.address import TopicAddress, read_address
from web.shell.feeds import feed_response
from web.shell.page_cache import cached
from web.shell.rendering import moved
from web.shell.request import read_connection, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("data", __name__)

FORMS = "any(json, csv, atom, jsonfeed)"
"""What can stand after the last dot of a page's path."""


ENTRY_FORMS = "any(json, csv, atom, jsonfeed, parquet)"
"""The same where there are entries."""


@blueprint.get(f"/t/<slug>.<{ENTRY_FORMS}:form>")
@cached
@costly
def topic(slug: str, form: str) -> Response:
    """Give a topic's view, its filters and clocks applied."""
    conn = read_connection()
    found = directory.topic(conn, slug)
    address, clocks = read_address(this_request().query), read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, address, topic=found), form, slug)


@blueprint.get(f"/a/<slug>.<{ENTRY_FORMS}:form>")
@cached
@costly
def actor(slug: str, form: str) -> Response:
    """Give an actor's page at both clocks; one that was merged leads to the other."""
    conn = read_connection()
    found = directory.actor(conn, slug)
    if found.slug != slug:
        return moved(f"/a/{found.slug}.{form}")
    clocks = read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, TopicAddress(), actor=found), form, slug)


@blueprint.get("/t/<slug>/statements.csv")
@cached
@costly
def topic_statements(slug: str) -> Response:
    """Give the statements of a topic's view, one a row."""
    conn = read_connection()
    found = directory.topic(conn, slug)
    address, clocks = read_address(this_request().query), read_clocks(conn, this_request().query)
    return statements.as_table(View(conn, clocks, address, topic=found), slug)


@blueprint.get("/a/<slug>/statements.csv")
@cached
@costly
def actor_statements(slug: str) -> Response:
    """Give what an actor said or others for it, one a row; one that was merged leads on."""
    conn = read_connection()
    found = directory.actor(conn, slug)
    if found.slug != slug:
        return moved(f"/a/{found.slug}/statements.csv")
    clocks = read_clocks(conn, this_request().query)
    return statements.as_table(View(conn, clocks, TopicAddress(), actor=found), slug)


@blueprint.get(f"/index.<{FORMS}:form>")
@cached
@costly
def home(form: str) -> Response:
    """Give the front page: all topics and positions, and the latest changes."""
    conn = read_connection()
    clocks = read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, TopicAddress()), form, "standline")


def _give(view: View, form: str, name: str) -> Response:
    if form == "json":
        return table.as_json(view)
    if form == "csv":
        return table.as_csv(view, name)
    if form == "parquet":
        return table.as_parquet(view, name)
    return feed_response(feed.changes_feed(view), form)
