"""The HTTP API: everything that the site shows, for programs, and what they record."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec
from flask import Blueprint

from timeline.domain.scales import SCALES
from timeline.interchange.native.codebooks import answer_codebook
from timeline.interchange.native.coverage import answer_watch
from timeline.projections.queries import directory
from timeline.projections.queries.answers import answer_lede, answer_mandates
from timeline.projections.queries.codebooks import codebooks
from timeline.projections.queries.coverage import coverage
from timeline.projections.queries.ledes import ledes
from timeline.projections.queries.matrix import cells, named_matrix
from web.api import lists, writing
from web.api.description import openapi, operations, parameters_of
from web.api.lists import ListQuery, read_list_query
from web.api.parameters import check_parameters
from web.api.writing import API
from web.shell.data_answer import data_answer, json_object
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.rendering import render_page
from web.shell.request import read_connection, this_request
from web.shell.slots import costly, slot

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

blueprint = Blueprint("api", __name__)
blueprint.register_blueprint(writing.blueprint)
add_part(blueprint, "footer", "api/footer.html")

Tell = TypeVar("Tell", bound=Callable[..., object])

JSON = "application/json"
_encode = msgspec.json.Encoder().encode


@blueprint.get("/api")
@cached
def show() -> Response:
    """Show every operation, each with an address to try."""
    return render_page("api/page.html", operations=operations(), host=this_request().host)


def _json_answer(path: str) -> Callable[[Tell], Tell]:
    """Serve the result of a function as JSON, at a path below that of the API."""
    parameters = parameters_of(path)

    def register(answer_function: Tell) -> Tell:
        @cached
        @functools.wraps(answer_function)
        def answer(**arguments: str | int) -> Response:
            check_parameters(parameters, this_request().query)
            return data_answer(_encode(answer_function(**arguments)), JSON)

        blueprint.add_url_rule(f"{API}/{path}", view_func=answer)
        return answer_function

    return register


@_json_answer("openapi.json")
def description() -> object:
    """Describe the interface (OpenAPI 3.1)."""
    return openapi(this_request().host)


def _list(name: str, read: Callable[[Connection, ListQuery], lists.ListPart]) -> None:
    """Serve a list in parts, at its own address."""

    def answer_function() -> object:
        conn, query = read_connection(), this_request().query
        return read(conn, read_list_query(conn, query)).as_json(f"{API}/{name}", query)

    answer_function.__name__ = name
    _json_answer(name)(answer_function)


for _name, _read in lists.LISTS.items():
    _list(_name, _read)


@_json_answer("scales")
def scales() -> object:
    """Tell the scales with their words."""
    items = [
        {"name": scale.name, "words": {str(step): scale.word(step) for step in scale.steps}}
        for scale in SCALES.values()
    ]
    return {"items": items}


@_json_answer("search")
def search() -> object:
    """Tell who, which questions and which entries are meant by some words."""
    with slot():
        return lists.search_answer(read_connection(), f"{API}/search", this_request().query)


@_json_answer("topics/<slug>")
def topic(slug: str) -> object:
    """Tell of one topic."""
    conn = read_connection()
    return lists.answer_topics(conn, [directory.topic(conn, slug)])[0]


@_json_answer("topics/<slug>/codebooks")
def topic_codebooks(slug: str) -> object:
    """Tell by which rules statements on a topic are coded, as known at a moment."""
    conn = read_connection()
    known_at = read_list_query(conn, this_request().query).clocks.known_at
    row = directory.topic(conn, slug)
    answers = [answer_codebook(book, row.scale) for book in codebooks(conn, row.id, known_at)]
    return {"items": answers}


@_json_answer("topics/<slug>/coverage")
def topic_coverage(slug: str) -> object:
    """Tell where was watched for what is said on a topic, as known at a moment."""
    conn = read_connection()
    known_at = read_list_query(conn, this_request().query).clocks.known_at
    watches = coverage(conn, directory.topic(conn, slug).id, known_at)
    actors = {watch.watch.actor for watch in watches if watch.watch.actor}
    slugs = {row.id: row.slug for row in directory.actors_by_id(conn, actors).values()}
    return {"items": [answer_watch(watch, slugs) for watch in watches]}


@_json_answer("topics/<slug>/ledes")
def topic_ledes(slug: str) -> object:
    """Tell what the newsroom said first of a topic, at both clocks."""
    conn = read_connection()
    clocks = read_list_query(conn, this_request().query).clocks
    row = directory.topic(conn, slug)
    rows = ledes(conn, [row.id], clocks)
    return {"items": [answer_lede(row) for row in rows]}


@_json_answer("actors/<slug>")
def actor(slug: str) -> object:
    """Tell of one actor."""
    conn = read_connection()
    return lists.answer_actors(conn, [directory.actor(conn, slug)])[0]


@_json_answer("actors/<slug>/mandates")
def actor_mandates(slug: str) -> object:
    """Tell for whom an actor speaks and whether they decide, as known at a moment."""
    conn = read_connection()
    known_at = read_list_query(conn, this_request().query).clocks.known_at
    row = directory.actor(conn, slug)
    return {"items": answer_mandates(conn, directory.mandates(conn, of=row.id, known_at=known_at))}


@_json_answer("entries/<int:number>")
def entry(number: int) -> object:
    """Tell of one entry, as known at a moment."""
    conn = read_connection()
    list_query = read_list_query(conn, this_request().query)
    return lists.entry_answer(conn, number, list_query.clocks.known_at)


@_json_answer("entries/<int:number>/events")
def entry_events(number: int) -> object:
    """Tell everything that was recorded of one entry."""
    conn = read_connection()
    return {"items": lists.entry_events(conn, number)}


@blueprint.get(f"{API}/matrix")
@cached
@costly
def matrix() -> Response:
    """Tell who stood where at which moments, every cell."""
    conn, query = read_connection(), this_request().query
    check_parameters(parameters_of("matrix"), query)
    known_at = read_list_query(conn, query).clocks.known_at
    topics, stories, actors = (query.getlist(name) for name in ("topic", "story", "actor"))
    at, every = [moment for moment in query.getlist("at") if moment], query.get("every", "")
    variables = query.getlist("variable")
    selection = named_matrix(conn, topics, stories, actors, known_at, at, every, variables)
    return data_answer(json_object({}, {"items": lambda: cells(conn, selection)}), JSON)
