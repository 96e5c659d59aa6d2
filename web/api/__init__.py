"""The HTTP interface: everything that the site shows, for programs, and what they record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.scales import SCALES
from timeline.interchange.native.codebooks import answer_codebook
from timeline.interchange.native.coverage import answer_watch
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import codebooks
from timeline.projections.queries.coverage import coverage
from timeline.projections.queries.matrix import cells, named_matrix
from web.api import lists, writing
from web.api.description import described, operations
from web.api.lists import Asked, read_asked
from web.api.writing import API
from web.shell.data_answer import data_answer, json_object
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

blueprint = Blueprint("api", __name__)
blueprint.register_blueprint(writing.blueprint)

JSON = "application/json"
_encode = msgspec.json.Encoder().encode


@blueprint.get("/api")
@cached
def show() -> Response:
    """Show every operation, each with an address to try."""
    return render_page("api/page.html", operations=operations(), host=this_request().host)


@blueprint.get(f"{API}/openapi.json")
@cached
def description() -> Response:
    """Describe the interface (OpenAPI 3.1)."""
    return data_answer(_encode(described(this_request().host)), JSON)


def _list(name: str, read: Callable[[Connection, Asked], lists.Part]) -> None:
    """Give out a list in parts, at its own address."""

    @cached
    def answer() -> Response:
        conn = read_connection()
        part = read(conn, read_asked(conn, this_request().query))
        return data_answer(_encode(part.told(f"{API}/{name}", this_request().query)), JSON)

    blueprint.add_url_rule(f"{API}/{name}", name, answer)


for _name, _read in lists.LISTS.items():
    _list(_name, _read)


@blueprint.get(f"{API}/scales")
@cached
def scales() -> Response:
    """Tell the scales with their words."""
    told = [
        {"name": one.name, "words": {str(step): one.word(step) for step in one.steps}}
        for one in SCALES.values()
    ]
    return data_answer(_encode({"items": told}), JSON)


@blueprint.get(f"{API}/search")
@cached
def search() -> Response:
    """Tell who, which questions and which entries are meant by some words."""
    told = lists.found(read_connection(), f"{API}/search", this_request().query)
    return data_answer(_encode(told), JSON)


@blueprint.get(f"{API}/topics/<slug>")
@cached
def topic(slug: str) -> Response:
    """Tell of one topic."""
    conn = read_connection()
    found = lists.answer_topics(conn, [directory.topic(conn, slug)])
    return data_answer(_encode(found[0]), JSON)


@blueprint.get(f"{API}/topics/<slug>/codebooks")
@cached
def topic_codebooks(slug: str) -> Response:
    """Tell by which rules statements on a topic are coded, as known at a moment."""
    conn = read_connection()
    known = read_asked(conn, this_request().query).clocks.known_at
    one = directory.topic(conn, slug)
    found = [answer_codebook(book, one.scale) for book in codebooks(conn, one.id, known)]
    return data_answer(_encode({"items": found}), JSON)


@blueprint.get(f"{API}/topics/<slug>/coverage")
@cached
def topic_coverage(slug: str) -> Response:
    """Tell where was watched for what is said on a topic, as known at a moment."""
    conn = read_connection()
    known = read_asked(conn, this_request().query).clocks.known_at
    found = coverage(conn, directory.topic(conn, slug).id, known)
    actors = {one.watch.actor for one in found if one.watch.actor}
    slugs = {one.id: one.slug for one in directory.actors_by_id(conn, actors).values()}
    return data_answer(_encode({"items": [answer_watch(one, slugs) for one in found]}), JSON)


@blueprint.get(f"{API}/actors/<slug>")
@cached
def actor(slug: str) -> Response:
    """Tell of one actor."""
    conn = read_connection()
    found = lists.answer_actors(conn, [directory.actor(conn, slug)])
    return data_answer(_encode(found[0]), JSON)


@blueprint.get(f"{API}/entries/<int:number>")
@cached
def entry(number: int) -> Response:
    """Tell of one entry, as known at a moment."""
    conn = read_connection()
    asked = read_asked(conn, this_request().query)
    return data_answer(_encode(lists.entry_told(conn, number, asked.clocks.known_at)), JSON)


@blueprint.get(f"{API}/entries/<int:number>/events")
@cached
def entry_events(number: int) -> Response:
    """Tell everything that was recorded of one entry."""
    conn = read_connection()
    return data_answer(_encode({"items": lists.entry_events(conn, number)}), JSON)


@blueprint.get(f"{API}/matrix")
@cached
def matrix() -> Response:
    """Tell who stood where at which moments, every cell."""
    conn, query = read_connection(), this_request().query
    known = read_asked(conn, query).clocks.known_at
    topics, stories, actors = (query.getlist(name) for name in ("topic", "story", "actor"))
    at = [one for one in query.getlist("at") if one]
    asked = named_matrix(conn, topics, stories, actors, known, at, query.get("every", ""))
    return data_answer(json_object({}, {"items": lambda: cells(conn, asked)}), JSON)
