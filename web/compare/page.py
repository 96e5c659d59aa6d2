"""The page that compares actors: a row for each question, a cell for each actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from web.chart.levels import step
from web.compare.address import CompareAddress, MatrixAddress
from web.compare.cells import Cell, CellMaker
from web.compare.grid import ROWS, Grid, GridSelection, choices, read_grid, spoken_on
from web.i18n import dates
from web.lanes.filters import Option, actor_boxes, boxes
from web.shell.pagination import Part, cut
from web.wording import comparing
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Story, Topic
    from web.entries.choosing import AddedName, Choices
    from web.wording.clocks import Clocks

WORDY = 4
"""The most actors with whom cells hold words."""

SEVERAL = 2


class Column(msgspec.Struct, frozen=True):
    """An actor at the top of the table, with the role held last."""

    actor: Actor
    role: str


class Segment(msgspec.Struct, frozen=True):
    """One step of a small scale, and the initials of the actors who stand there."""

    step: str
    actors: str


class ComparisonRow(msgspec.Struct, frozen=True):
    """A question: a small scale, the cells, and the day of the last statement."""

    topic: Topic
    scale: list[Segment]
    cells: list[Cell]
    last_words: str


class Summary(msgspec.Struct, frozen=True):
    """On how many questions all have a position, and on which they disagree."""

    agreed: str
    parted: str
    topics: list[Topic]


class ComparePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads; ``silent`` are questions without any statement.

    ``everybody`` is the address of a matrix of all who took part, at the same moment.
    """

    address: CompareAddress
    clocks: Clocks
    heading: str
    columns: list[Column]
    left_out: list[Actor]
    stories: list[Story]
    has_words: bool
    may_have_words: bool
    rows: list[ComparisonRow]
    part: Part
    silent: list[Topic]
    positions: int
    empty: int
    moment: list[str]
    differing: str
    is_today: bool
    is_differing: bool
    summary: Summary | None
    is_usual: bool
    everybody: str
    choices: Choices
    variables: list[tuple[str, list[Option]]]
    attributes: list[tuple[str, list[Option]]]
    added: AddedName | None


def compare_page(
    conn: Connection,
    address: CompareAddress,
    clocks: Clocks,
    selection: GridSelection,
    added: AddedName | None,
    *,
    now: int,
) -> ComparePage:
    """Read everything that the page shows; many questions are split into pages."""
    grid = read_grid(conn, selection.actors, selection.topics, clocks, selection.having)
    topics, silent = spoken_on(grid, set(address.topic))
    shown, part = cut(topics, address.begin, ROWS, lambda skip: address.url(begin=skip))
    grid = msgspec.structs.replace(grid, topics=topics)
    may_have_words = len(selection.actors) <= WORDY
    rows = _rows(conn, grid, list(shown), clocks, now)
    return ComparePage(
        address=address,
        clocks=clocks,
        heading=comparing.heading(selection.actors),
        columns=[Column(actor, _role(conn, actor)) for actor in selection.actors],
        left_out=selection.left_out,
        stories=selection.stories,
        has_words=may_have_words and address.cells != "marks",
        may_have_words=may_have_words,
        rows=rows if selection.actors else [],
        part=part,
        silent=silent,
        positions=len(grid.positions),
        empty=grid.cells - len(grid.positions),
        moment=clocks.in_words(now),
        differing=comparing.differing(grid.differing, grid.cells),
        is_today=clocks.is_today(now),
        is_differing=grid.differing > 0,
        summary=_summary(grid),
        is_usual=selection.is_usual,
        everybody=_everybody(address),
        choices=choices(conn, selection, address.topic),
        variables=boxes(conn, address.variable, {topic.id for topic in selection.topics}),
        attributes=actor_boxes(conn, address.attribute),
        added=added,
    )


def _everybody(address: CompareAddress) -> str:
    table = MatrixAddress(
        topic=address.topic,
        story=address.story,
        variable=address.variable,
        at=(address.as_of,) if address.as_of else (),
        known_at=address.known_at,
    )
    return table.url()


def _rows(
    conn: Connection, grid: Grid, topics: list[Topic], clocks: Clocks, now: int
) -> list[ComparisonRow]:
    ids = {topic.id for topic in topics}
    part = Grid(
        grid.actors,
        topics,
        {lane: held for lane, held in grid.positions.items() if lane[0] in ids},
        {lane: held for lane, held in grid.positions_now.items() if lane[0] in ids},
        grid.hidden,
    )
    moment = now if clocks.as_of is None else clocks.as_of
    make = CellMaker(conn, part, Names(conn), clocks, moment)
    return [
        ComparisonRow(topic, _scale(part, topic), make.row(topic), _last_words(part, topic, make))
        for topic in topics
    ]


def _scale(grid: Grid, topic: Topic) -> list[Segment]:
    """Return the scale, lowest first, with those who stand at each word of it."""
    stances = {
        actor: held.position.stance
        for (at, actor), held in grid.positions.items()
        if at == topic.id
    }
    marks = dict(zip(grid.actors, comparing.abbreviated(grid.actors), strict=True))
    return [
        Segment(
            step(topic.scale, value),
            " ".join(mark for actor, mark in marks.items() if stances.get(actor.id, "") == value),
        )
        for value in topic.scale.steps
    ]


def _last_words(grid: Grid, topic: Topic, make: CellMaker) -> str:
    spoken_on_topic = [
        held for (at, _), held in grid.positions.items() if at == topic.id and held.spoke_at
    ]
    last = max(spoken_on_topic, key=lambda held: held.spoke_at, default=None)
    if last is None:
        return ""
    return make.said_on(last.spoke_in) or dates.day(last.spoke_at)


def _role(conn: Connection, actor: Actor) -> str:
    mandates = directory.mandates(conn, of=actor.id)
    return mandates[-1].role if mandates else ""


def _summary(grid: Grid) -> Summary | None:
    """Count the questions on which all have a position; ``None`` for one actor or question."""
    if min(len(grid.actors), len(grid.topics)) < SEVERAL:
        return None
    stances = {
        topic.id: [
            held.position.stance for (at, _), held in grid.positions.items() if at == topic.id
        ]
        for topic in grid.topics
    }
    complete = sum(len(values) == len(grid.actors) for values in stances.values())
    parted = [topic for topic in grid.topics if _is_parted(stances[topic.id])]
    return Summary(
        comparing.agreed(len(grid.actors), complete, len(grid.topics)),
        comparing.parted(len(parted)),
        parted,
    )


def _is_parted(stances: Sequence[int | str | None]) -> bool:
    steps = [stance for stance in stances if isinstance(stance, int)]
    return any(value > 0 for value in steps) and any(value < 0 for value in steps)
