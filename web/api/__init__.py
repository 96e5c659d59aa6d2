"""The HTTP interface: everything that the site shows, for programs, and what they record."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

import msgspec
from flask import Blueprint

from timeline.domain.position.edition2 import RULE
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
from web.api.description import asked_at, described, operations
from web.api.lists import Asked, read_asked
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


def _answers(path: str) -> Callable[[Tell], Tell]:
    """Give what a function returns as JSON, at a path beneath that of the interface."""
    parameters = asked_at(path)

    def register(tell: Tell) -> Tell:
        @cached
        @functools.wraps(tell)
        def answer(**named: str | int) -> Response:
            check_parameters(parameters, this_request().query)
            return data_answer(_encode(tell(**named)), JSON)

        blueprint.add_url_rule(f"{API}/{path}", view_func=answer)
        return tell

    return register


@_answers("openapi.json")
def description() -> object:
    """Describe the interface (OpenAPI 3.1)."""
    return described(this_request().host)


def _list(name: str, read: Callable[[Connection, Asked], lists.Part]) -> None:
    """Give out a list in parts, at its own address."""

    def tell() -> object:
        conn, query = read_connection(), this_request().query
        asked = read_asked(conn, query)
        # Another edition is kept nowhere: its answers are derived for who asks.
        with slot() if asked.rule != RULE else nullcontext():
            return read(conn, asked).told(f"{API}/{name}", query)

    tell.__name__ = name
    _answers(name)(tell)


for _name, _read in lists.LISTS.items():
    _list(_name, _read)


@_answers("scales")
def scales() -> object:
    """Tell the scales with their words."""
    told = [
        {"name": scale.name, "words": {str(step): scale.word(step) for step in scale.steps}}
        for scale in SCALES.values()
    ]
    return {"items": told}


@_answers("search")
def search() -> object:
    """Tell who, which questions and which entries are meant by some words."""
    with slot():
        return lists.found(read_connection(), f"{API}/search", this_request().query)


@_answers("topics/<slug>")
def topic(slug: str) -> object:
    """Tell of one topic."""
    conn = read_connection()
    return lists.answer_topics(conn, [directory.topic(conn, slug)])[0]


@_answers("topics/<slug>/codebooks")
def topic_codebooks(slug: str) -> object:
    """Tell by which rules statements on a topic are coded, as known at a moment."""
    conn = read_connection()
    known = read_asked(conn, this_request().query).clocks.known_at
    one = directory.topic(conn, slug)
    answers = [answer_codebook(book, one.scale) for book in codebooks(conn, one.id, known)]
    return {"items": answers}


@_answers("topics/<slug>/coverage")
def topic_coverage(slug: str) -> object:
    """Tell where was watched for what is said on a topic, as known at a moment."""
    conn = read_connection()
    known = read_asked(conn, this_request().query).clocks.known_at
    watches = coverage(conn, directory.topic(conn, slug).id, known)
    actors = {watch.watch.actor for watch in watches if watch.watch.actor}
    slugs = {one.id: one.slug for one in directory.actors_by_id(conn, actors).values()}
    return {"items": [answer_watch(watch, slugs) for watch in watches]}


@_answers("topics/<slug>/ledes")
def topic_ledes(slug: str) -> object:
    """Tell what the newsroom said first of a topic, at both clocks."""
    conn = read_connection()
    clocks = read_asked(conn, this_request().query).clocks
    one = directory.topic(conn, slug)
    found = ledes(conn, [one.id], clocks)
    return {"items": [answer_lede(each) for each in found]}


@_answers("actors/<slug>")
def actor(slug: str) -> object:
    """Tell of one actor."""
    conn = read_connection()
    return lists.answer_actors(conn, [directory.actor(conn, slug)])[0]


@_answers("actors/<slug>/mandates")
def actor_mandates(slug: str) -> object:
    """Tell for whom an actor speaks and whether they decide, as known at a moment."""
    conn = read_connection()
    known = read_asked(conn, this_request().query).clocks.known_at
    one = directory.actor(conn, slug)
    return {"items": answer_mandates(conn, directory.mandates(conn, of=one.id, known_at=known))}


@_answers("entries/<int:number>")
def entry(number: int) -> object:
    """Tell of one entry, as known at a moment."""
    conn = read_connection()
    asked = read_asked(conn, this_request().query)
    return lists.entry_told(conn, number, asked.clocks.known_at)


@_answers("entries/<int:number>/events")
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
    check_parameters(asked_at("matrix"), query)
    known = read_asked(conn, query).clocks.known_at
    topics, stories, actors = (query.getlist(name) for name in ("topic", "story", "actor"))
    at, every = [one for one in query.getlist("at") if one], query.get("every", "")
    variables = query.getlist("variable")
    asked = named_matrix(conn, topics, stories, actors, known, at, every, variables)
    return data_answer(json_object({}, {"items": lambda: cells(conn, asked)}), JSON)
