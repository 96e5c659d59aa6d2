"""A view as JSON, in the names of the command line, and as CSV, in the names of the interchange."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timeline.interchange.exporting.export import columns_with, csv_lines, nested
from timeline.projections.queries.answers import answer_changes
from timeline.projections.queries.translations import languages
from web.shell.data_answer import data_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response

    from web.data.view import Listed, View

JSON = "application/json"
STANDING = (
    "topic",
    "actor",
    "stance",
    "attribution",
    "reported_via",
    "condition",
    "first_said",
    "last_said",
    "statements",
)

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


def as_json(view: View) -> Response:
    """Return one object: what the view is about, positions, changes and, but at home, entries."""
    clocks = view.clocks
    head = {
        **view.subject(),
        "as_of": clocks.as_of_text or None,
        "known_at": clocks.known_at,
        "positions": view.positions(),
        "changes": answer_changes(view.conn, view.changes(), known_at=clocks.known_at),
    }
    if view.topic is None and view.actor is None:
        return data_answer(_encode(head), JSON)
    return data_answer(_begun(_pieces(head, view.entries())), JSON)


def as_csv(view: View, name: str) -> Response:
    """Return the entries that stand, ready to be imported again; at home where everybody stands."""
    if view.topic is None and view.actor is None:
        lines: Iterable[str] = _positions(view)
    else:
        rows = (one.row for one in view.entries() if not one.entry.retracted)
        lines = csv_lines(rows, columns_with(languages(view.conn)))
    return data_answer(_begun(iter(lines)), "text/csv", file_name=f"{name}.csv")


def _begun(pieces: Iterator[T]) -> Iterator[T]:
    """Return the pieces with the first row made: what goes wrong by then still has a status."""
    return chain(list(islice(pieces, 2)), pieces)


def _pieces(head: dict[str, Any], listed: Iterator[Listed]) -> Iterator[bytes]:
    yield _encode(head)[:-1] + b',"entries":['
    for place, one in enumerate(listed):
        yield (b"," if place else b"") + _encode(_told(one))
    yield b"]}"


def _told(one: Listed) -> dict[str, Any]:
    head = {"number": one.entry.number, "retracted": one.entry.retracted}
    return head | nested(one.row)


def _positions(view: View) -> Iterator[str]:
    answers = (msgspec.to_builtins(one) for one in view.positions())
    return csv_lines(({name: one[name] for name in STANDING} for one in answers), STANDING)
