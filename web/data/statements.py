"""The statements of a view as a table for counting: one a row, with its number and its names.

The tables of pages (`web.data`) hold what an import needs; this one is made to be read, in
the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.instants import day_of, iso_day
from timeline.domain.variables import VARIABLES
from timeline.interchange.exporting.export import csv_lines
from timeline.projections.queries import directory
from timeline.projections.queries.change_answers import LESS, answer_changes
from timeline.projections.queries.codebooks import own_columns
from timeline.projections.queries.entries import StatementEntry
from web.shell.data_answer import data_answer
from web.shell.request import services

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from werkzeug.wrappers import Response

    from timeline.projections.queries.change_answers import ChangeAnswer
    from web.data.view import View

COLUMNS = (
    "number",
    "topic",
    "topic_name",
    "topic_question",
    "wording",
    "scale",
    "said_at",
    "earliest",
    "latest",
    "counts_from",
    "actor",
    "actor_name",
    "on_behalf_of",
    "on_behalf_of_name",
    "stance",
    "value",
    "change",
    "changed_from",
    *LESS,
    "no_position_reason",
    "condition.text",
    "hedge",
    "attribution",
    "reported_via",
    "quote.text",
    "quote.lang",
    "quote.wording",
    "translation",
    "paraphrase",
    "source.outlet",
    "source.title",
    "source.author",
    "source.published_at",
    "source.url",
    "first_recorded_at",
    "replies",
    "replied_at",
    "reply.text",
    "reply.lang",
)
"""Those of the interchange, with ``number`` as in ``/s/1042``, the stance as a number, from -2
to 2, in ``value``, the number of the ``wording`` of the question, the days of the date
(``earliest``, ``latest``, ``counts_from``) as ISO 8601 writes days, the ``change`` that a reader is
told of and these words make, as `ChangeAnswer` has it, whether they may be later than those by
which somebody stands (``order_open``), how many ``replies`` there are, and the
latest of them. Behind them stands a column for each variable that a codebook declares."""


def as_table(view: View, name: str) -> Response:
    """Return a line for each statement that stands, in the order of the view."""
    changes = [change for change in view.each_change_once() if change.change.is_visible]
    answers = answer_changes(view.conn, changes, known_at=view.clocks.known_at)
    changed = {number: answer for answer in reversed(answers) for number in answer.after}
    is_open = {number for answer in view.positions() for number in answer.order_open}
    own = own_columns(view.conn, view.topic.id if view.topic else None)
    columns = [*COLUMNS, *(name for name in own if name.startswith(VARIABLES))]
    lines = csv_lines(_rows(view, changed, is_open, columns), columns)
    return data_answer(lines, "text/csv", file_name=f"{name}-statements.csv", goes_on=True)


def _rows(
    view: View,
    changed: Mapping[int, ChangeAnswer],
    is_open: Collection[int],
    columns: Collection[str],
) -> Iterator[dict[str, Any]]:
    named = _Names()
    for listed in view.entries():
        entry = listed.entry
        if isinstance(entry, StatementEntry) and not entry.retracted:
            fields = {
                "number": entry.number,
                "value": entry.stance,
                "wording": entry.wording,
                "earliest": _day(entry.said_earliest),
                "latest": _day(entry.said_latest),
                "counts_from": _day(entry.counts_from),
                "on_behalf_of_name": named[entry.on_behalf_of] if entry.on_behalf_of else None,
            }
            row = (
                listed.row
                | fields
                | _changed(changed.get(entry.number))
                | _answered(listed.replies)
            )
            if entry.number in is_open:
                row["order_open"] = 1
            yield {name: row.get(name) for name in columns}


def _day(instant: int | None) -> str | None:
    return None if instant is None else iso_day(day_of(instant))


def _changed(change: ChangeAnswer | None) -> dict[str, Any]:
    """Return what words changed: nothing for those that changed nothing."""
    if change is None:
        return {}
    marks = {name: int(getattr(change, name)) for name in LESS}
    return {"change": change.kind, "changed_from": change.from_} | marks


def _answered(replies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how many answered, and the latest of their answers."""
    if not replies:
        return {}
    last = replies[-1]
    return {
        "replies": len(replies),
        "replied_at": last["replied_at"],
        "reply.text": last["text"],
        "reply.lang": last["lang"],
    }


class _Names(dict[str, str]):
    """Actors' names by id, each looked up once; the table may be sent when its request is over."""

    def __init__(self) -> None:
        super().__init__()
        self._models = services().models

    def __missing__(self, actor: str) -> str:
        with self._models.engine().connect() as conn:
            self[actor] = directory.actors_by_id(conn, {actor})[actor].name
        return self[actor]
