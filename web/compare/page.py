"""The page that compares actors: a row for each question, a cell for each actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.directory import Actor, Story, Topic
from web.chart.levels import step
from web.compare.address import CompareAddress
from web.compare.cells import Cell, CellMaker
from web.compare.choosing import Choices, choices
from web.compare.grid import ROWS, Chosen, Grid, read_grid, spoken_on
from web.compare.matrix.address import MatrixAddress
from web.entries.adding import Added
from web.i18n import dates
from web.lanes.filters import Option, actor_boxes, boxes
from web.shell.pagination import Part, cut
from web.wording import comparing
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

WORDY = 4
"""Actors up to which cells hold words."""

SEVERAL = 2


class Column(msgspec.Struct, frozen=True):
    """An actor at the top of the table, with the role held last."""

    actor: Actor
    role: str


class Segment(msgspec.Struct, frozen=True):
    """One word of a scale in small, and the short marks of those who stand there."""

    step: str
    actors: str


class ComparisonRow(msgspec.Struct, frozen=True):
    """A question: who stands where in small, the cells, and the day of the last words."""

    topic: Topic
    scale: list[Segment]
    cells: list[Cell]
    last_words: str


class Summary(msgspec.Struct, frozen=True):
    """How many questions all have a position on, and those on which they part."""

    agreed: str
    parted: str
    topics: list[Topic]


class ComparePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads; ``silent`` are questions without any statement.

    ``everybody`` is the address of a table of all who took part, at the same moment.
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
    added: Added | None


def compare_page(
    conn: Connection,
    address: CompareAddress,
    clocks: Clocks,
    chosen: Chosen,
    added: Added | None,
    *,
    now: int,
) -> ComparePage:
    """Read everything that the page shows: of very many questions those of one part."""
    grid = read_grid(conn, chosen.actors, chosen.topics, clocks, chosen.having)
    topics, silent = spoken_on(grid, set(address.topic))
    shown, part = cut(topics, address.begin, ROWS, lambda skip: address.url(begin=skip))
    grid = msgspec.structs.replace(grid, topics=topics)
    may_have_words = len(chosen.actors) <= WORDY
    rows = _rows(conn, grid, list(shown), clocks, now)
    return ComparePage(
        address=address,
        clocks=clocks,
        heading=comparing.heading(chosen.actors),
        columns=[Column(actor, _role(conn, actor)) for actor in chosen.actors],
        left_out=chosen.left_out,
        stories=chosen.stories,
        has_words=may_have_words and address.cells != "marks",
        may_have_words=may_have_words,
        rows=rows if chosen.actors else [],
        part=part,
        silent=silent,
        positions=len(grid.held),
        empty=grid.cells - len(grid.held),
        moment=clocks.in_words(now),
        differing=comparing.differing(grid.differing, grid.cells),
        is_today=clocks.is_today(now),
        is_differing=grid.differing > 0,
        summary=_summary(grid),
        is_usual=chosen.is_usual,
        everybody=_everybody(address),
        choices=choices(conn, chosen, address.topic),
        variables=boxes(conn, address.variable, {topic.id for topic in chosen.topics}),
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
    some = Grid(
        grid.actors,
        topics,
        {lane: held for lane, held in grid.held.items() if lane[0] in ids},
        {lane: held for lane, held in grid.held_now.items() if lane[0] in ids},
        grid.hidden,
    )
    moment = now if clocks.as_of is None else clocks.as_of
    make = CellMaker(conn, some, Names(conn), clocks, moment)
    return [
        ComparisonRow(topic, _scale(some, topic), make.row(topic), _last_words(some, topic, make))
        for topic in topics
    ]


def _scale(grid: Grid, topic: Topic) -> list[Segment]:
    """Return the scale, lowest first, with those who stand at each word of it."""
    stood = {
        actor: held.position.stance for (at, actor), held in grid.held.items() if at == topic.id
    }
    marks = dict(zip(grid.actors, comparing.abbreviated(grid.actors), strict=True))
    return [
        Segment(
            step(topic.scale, one),
            " ".join(mark for actor, mark in marks.items() if stood.get(actor.id, "") == one),
        )
        for one in topic.scale.steps
    ]


def _last_words(grid: Grid, topic: Topic, make: CellMaker) -> str:
    spoken = [held for (at, _), held in grid.held.items() if at == topic.id and held.spoke_at]
    last = max(spoken, key=lambda held: held.spoke_at, default=None)
    if last is None:
        return ""
    return make.said_on(last.spoke_in) or dates.day(last.spoke_at)


def _role(conn: Connection, actor: Actor) -> str:
    held = directory.mandates(conn, of=actor.id)
    return held[-1].role if held else ""


def _summary(grid: Grid) -> Summary | None:
    """Say on how many questions all have a position; of one there is nothing to say."""
    if min(len(grid.actors), len(grid.topics)) < SEVERAL:
        return None
    stood = {
        topic.id: [held.position.stance for (at, _), held in grid.held.items() if at == topic.id]
        for topic in grid.topics
    }
    complete = sum(len(found) == len(grid.actors) for found in stood.values())
    parted = [topic for topic in grid.topics if _is_parted(stood[topic.id])]
    return Summary(
        comparing.agreed(len(grid.actors), complete, len(grid.topics)),
        comparing.parted(len(parted)),
        parted,
    )


def _is_parted(stances: Sequence[int | str | None]) -> bool:
    steps = [stance for stance in stances if isinstance(stance, int)]
    return any(one > 0 for one in steps) and any(one < 0 for one in steps)
