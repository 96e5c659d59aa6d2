"""The page of a matrix: tables of positions at moments, with their proofs.

Its columns are moments on one question or of one actor, else actors at chosen moments.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries.compared import cells_resting_on
from web.compare.cells import Cell, CellMaker, Shift
from web.compare.grid import ACTORS, ROWS, Grid, choices
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.filters import Option, boxes
from web.shell.pagination import Part, cut
from web.wording import comparing, stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.compared import PositionCell
    from timeline.projections.queries.directory import Actor, Story, Topic
    from timeline.projections.queries.matrix import Matrix, Moment
    from timeline.projections.queries.positions import Lane
    from web.compare.address import MatrixAddress
    from web.compare.grid import MatrixReading
    from web.entries.choosing import AddedName, Choices
    from web.wording.clocks import Clocks

SEVERAL = 2
COLUMNS, TABLES = 24, 6
"""The most moments of a page if they are columns, and if each has its own table."""


class Heading(msgspec.Struct, frozen=True):
    """The heading of a column or row; a moment has neither noun nor address."""

    text: str
    noun: Actor | Topic | None = None
    href: str = ""


class MatrixRow(msgspec.Struct, frozen=True):
    """The cells of one actor or question, on the scale of ``topic``."""

    head: Heading
    topic: Topic
    cells: list[Cell]


class Table(msgspec.Struct, frozen=True):
    """Cells under their headings; ``title`` is empty if there is one table."""

    title: str
    corner: str
    columns: list[Heading]
    rows: list[MatrixRow]


class MatrixPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads; ``named`` are the actors in the address.

    ``subject`` is the one question or actor, ``way`` its page; ``typed`` are the moments as the
    form shows them, ``wide`` is the address of the wide CSV file.
    """

    address: MatrixAddress
    heading: str
    subject: Topic | Actor | None
    by_actor: bool
    way: str
    wide: str
    stories: list[Story]
    named: list[Actor]
    tables: list[Table]
    part: Part
    actors: int
    topics: int
    moments: list[Moment]
    typed: str
    later: int
    left_out: int
    empty: int
    known: list[str]
    summary: str
    choices: Choices
    variables: list[tuple[str, list[Option]]]
    added: AddedName | None


def matrix_page(
    conn: Connection,
    address: MatrixAddress,
    clocks: Clocks,
    reading: MatrixReading,
    added: AddedName | None,
    *,
    now: int,
) -> MatrixPage:
    """Read everything that the page shows; many rows are split into pages."""
    matrix, selection = reading.matrix, reading.selection
    most = COLUMNS if reading.is_over_time else TABLES
    shown = msgspec.structs.replace(matrix, moments=matrix.moments[-most:])
    every = shown.cells_at_moments(conn, matrix.topics)
    held = [cells_resting_on(matrix.having, cells) for cells in every]
    hidden = [
        frozenset(cells.keys() - shown_cells.keys())
        for cells, shown_cells in zip(every, held, strict=True)
    ]
    by_actor, subject = len(matrix.topics) == 1, _subject(matrix)
    drawn, part = _drawn(shown, reading, address, every)
    cells = _Cells(conn, drawn, held, hidden, clocks, now)
    tables = _over_time(drawn, cells) if reading.is_over_time else _each_moment(drawn, cells)
    return MatrixPage(
        address=address,
        heading=comparing.matrix_heading(matrix.topics, matrix.actors),
        subject=subject,
        by_actor=by_actor,
        way=f"/{'t' if by_actor else 'a'}/{subject.slug}" if subject else "",
        wide=f"{address.url('csv', begin=0)}&layout=wide",
        stories=selection.stories,
        named=selection.actors,
        tables=tables if drawn.actors and drawn.topics else [],
        part=part,
        actors=len(matrix.actors),
        topics=len(matrix.topics),
        moments=list(shown.moments),
        typed=" ".join(moment.text for moment in shown.moments[:3]),
        later=len(matrix.moments) - len(shown.moments),
        left_out=0 if by_actor else len(matrix.actors) - len(drawn.actors),
        empty=sum(len(matrix.topics) * len(matrix.actors) - len(cells) for cells in held),
        known=clocks.in_words(),
        summary=_summary(held, list(shown.moments)),
        choices=choices(conn, selection, address.topic),
        variables=boxes(conn, address.variable, {topic.id for topic in matrix.topics} or None),
        added=added,
    )


def _drawn(
    shown: Matrix,
    reading: MatrixReading,
    address: MatrixAddress,
    cells_at: list[dict[Lane, PositionCell]],
) -> tuple[Matrix, Part]:
    """Return the part of a matrix that the page shows: some rows and columns."""

    def at(skip: int) -> str:
        return address.url(begin=skip)

    if len(shown.topics) == 1:
        actors_seen = {actor for at_moment in cells_at for _, actor in at_moment}
        spoken = [
            actor
            for actor in shown.actors
            if actor.id in actors_seen or actor.slug in address.actor
        ]
        actors, part = cut(spoken, address.begin, ROWS, at)
        return msgspec.structs.replace(shown, actors=actors), part
    topics, part = cut(_spoken_on(shown.topics, cells_at), address.begin, ROWS, at)
    columns = shown.actors if reading.is_over_time else shown.actors[:ACTORS]
    return msgspec.structs.replace(shown, topics=topics, actors=columns), part


def _subject(matrix: Matrix) -> Topic | Actor | None:
    if len(matrix.topics) == 1:
        return matrix.topics[0]
    return matrix.actors[0] if len(matrix.actors) == 1 else None


def _spoken_on(topics: Sequence[Topic], cells_at: list[dict[Lane, PositionCell]]) -> list[Topic]:
    """Return the questions on which anybody has a position."""
    spoken = {topic for at_moment in cells_at for topic, _ in at_moment}
    return [topic for topic in topics if topic.id in spoken]


def _summary(cells_at: list[dict[Lane, PositionCell]], moments: list[Moment]) -> str:
    """Say how many changed position between the first moment with positions and the last."""
    filled = [(moment, cells) for moment, cells in zip(moments, cells_at, strict=True) if cells]
    if len(filled) < SEVERAL:
        return ""
    (first, before), (last, after) = filled[0], filled[-1]
    both = before.keys() & after.keys()
    if len(both) < SEVERAL:
        return ""
    differ = sum(before[lane].position.stance != after[lane].position.stance for lane in both)
    return comparing.moved_between(differ, len(both), date_of(first), date_of(last))


def date_of(moment: Moment) -> str:
    """Return a moment in words."""
    return dates.said(moment.text) if moment.text else gettext("now")


class _Cells:
    """The cells of each topic and actor, in the order of the moments."""

    def __init__(
        self,
        conn: Connection,
        matrix: Matrix,
        held: list[dict[Lane, PositionCell]],
        hidden: list[frozenset[Lane]],
        clocks: Clocks,
        now: int,
    ) -> None:
        self._matrix, self._held = matrix, held
        names = Names(conn)
        cells_found: list[dict[Lane, Cell]] = []
        lanes = {(topic.id, actor.id) for topic in matrix.topics for actor in matrix.actors}
        for moment, every, others in zip(matrix.moments, held, hidden, strict=True):
            at_moment = {lane: cell for lane, cell in every.items() if lane in lanes}
            grid = Grid([*matrix.actors], [*matrix.topics], at_moment, at_moment, others)
            at = msgspec.structs.replace(clocks, as_of=moment.instant, as_of_text=moment.text)
            make = CellMaker(conn, grid, names, at, moment.instant or now)
            cells_found.append(
                {
                    (topic.id, actor.id): cell
                    for topic in matrix.topics
                    for actor, cell in zip(matrix.actors, make.row(topic), strict=True)
                }
            )
        self._found = cells_found

    def of(self, topic: Topic, actor: Actor) -> list[Cell]:
        """Return the cells of a lane, marked with changes and silences between moments."""
        lane = topic.id, actor.id
        cells = [self._at(lane, 0, None)]
        for place, (earlier, _) in enumerate(pairwise(self._matrix.moments), start=1):
            cells.append(self._at(lane, place, earlier))
        return cells

    def _at(self, lane: Lane, place: int, earlier: Moment | None) -> Cell:
        cell, held = self._found[place][lane], self._held[place].get(lane)
        before = self._held[place - 1].get(lane) if place else None
        change, is_silent = None, False
        if held and before and earlier and earlier.instant is not None:
            is_silent = held.spoke_at <= earlier.instant and not cell.unwatched
            if held.position.stance != before.position.stance:
                scale = next(topic.scale for topic in self._matrix.topics if topic.id == lane[0])
                came_from = stances.word(scale, before.position.stance)
                change = Shift(came_from, date_of(earlier), is_recent=True)
        return msgspec.structs.replace(cell, change=change, is_silent=is_silent)


def _over_time(matrix: Matrix, cells: _Cells) -> list[Table]:
    """Return one table with moments as columns; rows are actors, or questions of one actor."""
    by_actor = len(matrix.topics) == 1
    columns = [Heading(date_of(moment)) for moment in matrix.moments]
    rows = []
    for topic in matrix.topics:
        for actor in matrix.actors:
            row_cells = [
                msgspec.structs.replace(cell, column=head.text)
                for head, cell in zip(columns, cells.of(topic, actor), strict=True)
            ]
            head = _of_actor(actor) if by_actor else _of_topic(topic)
            rows.append(MatrixRow(head, topic, row_cells))
    return [Table("", "actor" if by_actor else "topic", columns, rows)] if rows else []


def _each_moment(matrix: Matrix, cells: _Cells) -> list[Table]:
    """Return a table for each moment; rows are answered questions, columns are actors."""
    columns = [_of_actor(actor) for actor in matrix.actors]
    every = [
        (topic, [cells.of(topic, actor) for actor in matrix.actors]) for topic in matrix.topics
    ]
    tables = []
    for place, moment in enumerate(matrix.moments):
        rows = [
            MatrixRow(_of_topic(topic), topic, [lane[place] for lane in lanes])
            for topic, lanes in every
            if any(lane[place].said or lane[place].is_hidden for lane in lanes)
        ]
        title = date_of(moment) if len(matrix.moments) > 1 else ""
        tables.append(Table(title, "topic", columns, rows))
    return tables if matrix.topics else []


def _of_actor(actor: Actor) -> Heading:
    return Heading(actor.name, actor, f"/a/{actor.slug}")


def _of_topic(topic: Topic) -> Heading:
    return Heading(topic.question, topic, f"/t/{topic.slug}")
