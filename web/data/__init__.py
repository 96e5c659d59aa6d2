"""Pages as data: the view as JSON and CSV, and its changes as a feed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.domain.position.edition2 import RULE
from timeline.interchange.exporting.export import columns_with, csv_lines, nest
from timeline.interchange.exporting.parquet_out import parquet_pieces
from timeline.parquet import Limits
from timeline.projections.queries import directory
from timeline.projections.queries.answers import SIDE, STANDING
from timeline.projections.queries.change_answers import answer_changes
from timeline.projections.queries.codebooks import own_columns
from timeline.projections.queries.translations import languages
from web.data import feed, statements
from web.data.view import View
from web.lanes.address import TopicAddress, read_address
from web.shell.data_answer import data_answer, json_object
from web.shell.feeds import feed_response
from web.shell.page_cache import cached
from web.shell.rendering import moved
from web.shell.request import read_connection, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response

    from timeline.interchange.exporting.rows_out import Row
    from web.data.view import Entries

blueprint = Blueprint("data", __name__)

FORMS = "any(json, csv, atom, jsonfeed)"
"""The formats after the last dot of a page's path."""


ENTRY_FORMS = "any(json, csv, atom, jsonfeed, parquet)"
"""The formats of pages with entries."""


@blueprint.get(f"/t/<slug>.<{ENTRY_FORMS}:form>")
@cached
@costly
def topic(slug: str, form: str) -> Response:
    """Return a topic's view with its filters and clocks."""
    conn = read_connection()
    topic_found = directory.topic(conn, slug)
    address, clocks = read_address(this_request().query), read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, address, topic=topic_found), form, slug)


@blueprint.get(f"/a/<slug>.<{ENTRY_FORMS}:form>")
@cached
@costly
def actor(slug: str, form: str) -> Response:
    """Return an actor's page at both clocks; redirect from a merged actor."""
    conn = read_connection()
    actor_found = directory.actor(conn, slug)
    if actor_found.slug != slug:
        return moved(f"/a/{actor_found.slug}.{form}")
    clocks = read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, TopicAddress(), actor=actor_found), form, slug)


@blueprint.get("/t/<slug>/statements.csv")
@cached
@costly
def topic_statements(slug: str) -> Response:
    """Return the statements of a topic's view, one in each row."""
    conn = read_connection()
    topic_found = directory.topic(conn, slug)
    address, clocks = read_address(this_request().query), read_clocks(conn, this_request().query)
    return statements.as_table(View(conn, clocks, address, topic=topic_found), slug)


@blueprint.get("/a/<slug>/statements.csv")
@cached
@costly
def actor_statements(slug: str) -> Response:
    """Return the statements by or for an actor, one in each row."""
    conn = read_connection()
    actor_found = directory.actor(conn, slug)
    if actor_found.slug != slug:
        return moved(f"/a/{actor_found.slug}/statements.csv")
    clocks = read_clocks(conn, this_request().query)
    return statements.as_table(View(conn, clocks, TopicAddress(), actor=actor_found), slug)


@blueprint.get(f"/index.<{FORMS}:form>")
@cached
@costly
def home(form: str) -> Response:
    """Return the front page: all topics and positions, and the latest changes."""
    conn = read_connection()
    clocks = read_clocks(conn, this_request().query)
    return _give(View(conn, clocks, TopicAddress()), form, "standline")


def _give(view: View, form: str, name: str) -> Response:
    if form == "json":
        return as_json(view)
    if form == "csv":
        return as_csv(view, name)
    if form == "parquet":
        return as_parquet(view, name)
    return feed_response(feed.changes_feed(view), form)


JSON = "application/json"
FRUGAL = Limits(memory="200MB", spill="1GB", threads=1)
"""The limits of making a file."""

_encode = msgspec.json.Encoder().encode


def as_json(view: View) -> Response:
    """Return one object with topics and actors, positions, changes and (not at home) entries."""
    clocks = view.clocks
    head = {
        **view.subject(),
        "as_of": clocks.as_of_text or None,
        "known_at": clocks.known_at,
        "rule": RULE,
        "waiting": view.count_waiting(),
    }
    changes = answer_changes(view.conn, view.each_change_once(), known_at=clocks.known_at)
    # Both are read during the request; as bytes they need much less memory.
    parts = {"positions": _written(view.positions()), "changes": _written(changes)}
    lists: dict[str, Callable[[], Iterable[Any]]] = {
        name: functools.partial(iter, raws) for name, raws in parts.items()
    }
    if view.topic is not None or view.actor is not None:
        entries = view.entries()
        nouns: list[Row] = []
        lists["entries"] = lambda: _told(entries, nouns)
        lists["nouns"] = lambda: map(nest, nouns)
        lists["links"] = entries.links
    return data_answer(json_object(head, lists), JSON, goes_on=True)


def as_csv(view: View, name: str) -> Response:
    """Return the valid entries, ready for import; at home all positions."""
    if view.topic is None and view.actor is None:
        lines: Iterable[str] = _positions(view)
    else:
        lines = csv_lines(_rows(view.entries()), _columns(view))
    return data_answer(lines, "text/csv", file_name=f"{name}.csv", goes_on=True)


def as_parquet(view: View, name: str) -> Response:
    """Return the rows of the CSV as Parquet; raises `Refused` if DuckDB is missing."""
    pieces = parquet_pieces(_rows(view.entries()), _columns(view), FRUGAL)
    return data_answer(pieces, "application/vnd.apache.parquet", file_name=f"{name}.parquet")


def _columns(view: View) -> list[str]:
    return columns_with(languages(view.conn), own_columns(view.conn))


def _written(values: Iterable[Any]) -> list[msgspec.Raw]:
    return [msgspec.Raw(_encode(value)) for value in values]


def _told(entries: Entries, nouns: list[Row]) -> Iterator[Row]:
    """Yield the entries, and collect the lines of nouns that an import needs before them."""
    for listed in entries:
        nouns += listed.before
        head = {"number": listed.entry.number, "retracted": listed.entry.retracted}
        yield head | nest(listed.row) | ({"replies": listed.replies} if listed.replies else {})


def _rows(entries: Entries) -> Iterator[Row]:
    """Yield rows in the order of an import: nouns, entries, links."""
    for listed in entries:
        if not listed.entry.retracted:
            yield from listed.before
            yield listed.row
    yield from entries.links()


def _positions(view: View) -> Iterator[str]:
    columns = (*STANDING, "according_to", "order_open", "rule", SIDE)
    answers = (msgspec.to_builtins(answer) for answer in view.positions())
    rows = ({name: answer[name] for name in columns} for answer in answers)
    return csv_lines((row | _in_cells(row) for row in rows), columns)


def _in_cells(row: Row) -> Row:
    """Return the lists of a position, each in one cell."""
    return {name: ";".join(map(str, row[name])) for name in ("terms", "according_to", "order_open")}
