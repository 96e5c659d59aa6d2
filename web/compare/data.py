"""A comparison as JSON and CSV: a row for each cell, named as in the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.instants import iso
from timeline.domain.two_clocks import TwoClocks
from timeline.interchange.exporting.export import csv_lines
from timeline.projections.queries import attached, entries
from timeline.projections.queries.answers import answer_positions, word
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.matrix import MatrixCell, cells, wide_columns, wide_rows
from timeline.projections.queries.positions import LanePosition
from web.compare.grid import Grid, GridSelection, read_grid
from web.shell.data_answer import data_answer, json_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.matrix import Matrix
    from web.wording.clocks import Clocks

TOPICS = 500
"""The most questions of one file."""

COLUMNS = (
    "topic",
    "question",
    "actor",
    "name",
    "stance",
    "attribution",
    "reported_via",
    "condition",
    "quote",
    "quote_wording",
    "paraphrase",
    "first_said",
    "last_said",
    "statements",
    "number",
    "source",
    "url",
    "before",
    "changed",
    "stance_now",
)

ANSWERED = ("stance", "attribution", "reported_via", "condition", "first_said", "last_said")


class Cells:
    """The cells of a comparison as rows; empty ones have no stance."""

    def __init__(self, conn: Connection, selection: GridSelection, clocks: Clocks) -> None:
        topics = selection.topics[:TOPICS]
        self._grid = read_grid(conn, selection.actors, topics, clocks, selection.having)
        self._clocks = clocks
        held = self._grid.positions
        known = clocks.known_at
        proofs = {lane: cell.position.counted[-1] for lane, cell in held.items()}
        self._said = entries.statements(conn, proofs.values(), known)
        self._sources = attached.sources(conn, [*proofs.values()], known)
        documents = {source.document for sources in self._sources.values() for source in sources}
        self._documents = documents_by_id(conn, documents)
        standing = [LanePosition(*lane, cell.position) for lane, cell in held.items()]
        answers = answer_positions(conn, standing, TwoClocks(known_at=known))
        self._answers = dict(zip(held, answers, strict=True))

    @property
    def grid(self) -> Grid:
        """What is compared."""
        return self._grid

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each cell that is not hidden, question by question."""
        for topic in self._grid.topics:
            for actor in self._grid.actors:
                if (topic.id, actor.id) not in self._grid.hidden:
                    yield self._row(topic, actor)

    def _row(self, topic: Topic, actor: Actor) -> dict[str, Any]:
        lane = topic.id, actor.id
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {"topic": topic.slug, "question": topic.question}
        row |= {"actor": actor.slug, "name": actor.name}
        now = self._grid.positions_now.get(lane)
        row["stance_now"] = word(topic.scale, now.position.stance) if now else None
        held = self._grid.positions.get(lane)
        entry = self._said.get(held.position.counted[-1]) if held else None
        if held is None or entry is None:
            return row
        answer = self._answers[lane]
        row |= {name: getattr(answer, name) for name in ANSWERED}
        row |= {"statements": answer.statements, "number": entry.number}
        if held.moved is not None:
            row["before"] = word(topic.scale, held.moved.from_)
            row["changed"] = iso(held.moved.counts_from)
        return row | _words(entry) | self._source(entry.number)

    def _source(self, number: int) -> dict[str, str]:
        source = next(iter(self._sources.get(number, ())), None)
        if source is None:
            return {}
        document = self._documents[source.document]
        return {"source": document.outlet or document.title, "url": document.url}


def _words(entry: StatementEntry) -> dict[str, str]:
    if entry.withheld:
        return {"condition": ""}
    quote = entry.words.quote
    quoted = {"quote": quote.exact, "quote_wording": quote.wording} if quote else {"quote": ""}
    return quoted | {"paraphrase": entry.words.paraphrase}


def as_json(cells: Cells, selection: GridSelection, clocks: Clocks) -> Response:
    """Return one object with what is compared, the moment, and all cells."""
    comparison = {
        "actors": [actor.slug for actor in cells.grid.actors],
        "topics": [topic.slug for topic in cells.grid.topics],
        "left_out": [actor.slug for actor in selection.left_out]
        + [topic.slug for topic in selection.topics[TOPICS:]],
        "as_of": clocks.as_of_text or None,
        "known_at": clocks.known_at,
        "differing": cells.grid.differing,
        "cells": list(cells.rows()),
    }
    return data_answer(msgspec.json.encode(comparison), "application/json")


def as_csv(cells: Cells) -> Response:
    """Return a line for each cell."""
    return data_answer(csv_lines(cells.rows(), COLUMNS), "text/csv", file_name="compare.csv")


def matrix_as_json(conn: Connection, matrix: Matrix) -> Response:
    """Return one object with actors, topics, moments and all cells."""
    head = {
        "actors": [actor.slug for actor in matrix.actors],
        "topics": [topic.slug for topic in matrix.topics],
        "moments": [moment.text or None for moment in matrix.moments],
        "known_at": matrix.known_at,
    }
    pieces = json_object(head, {"cells": lambda: cells(conn, matrix)})
    return data_answer(pieces, "application/json")


def matrix_as_csv(conn: Connection, matrix: Matrix, *, is_wide: bool) -> Response:
    """Return a line for each cell; a wide one has a column for each moment."""
    found_cells = cells(conn, matrix)
    if is_wide:
        lines = csv_lines(wide_rows(found_cells, matrix.moments), wide_columns(matrix.moments))
    else:
        rows = (msgspec.to_builtins(cell) for cell in found_cells)
        lines = csv_lines(rows, MatrixCell.__struct_fields__)
    return data_answer(lines, "text/csv", file_name="matrix.csv")
