"""Where actors stood on topics at several moments: a cell for each of the three."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, func, select

from timeline.domain.dates import parse_as_of, query_date
from timeline.domain.errors import Refused
from timeline.domain.instants import DAY, iso
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position import MIXED
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory, extent
from timeline.projections.queries.answers import answer_positions
from timeline.projections.queries.compared import cells_at_each, cells_resting_on, topics_of
from timeline.projections.queries.own_values import statements_having
from timeline.projections.queries.positions import LanePosition, days_spoken_on
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.projections.queries.compared import PositionCell
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.positions import Lane

MONTHS = {
    "month": 1,
    "quarter": 3,
    "year": 12,
    "five-years": 60,
    "decade": 120,
    "century": 1_200,
    "millennium": 12_000,
}
"""How many months each step of time has, the shortest first."""

UNKNOWN_STEP_OF_TIME = Message(
    "unknown_step_of_time", "%(step)s is no step of time", fix="use one of: %(choices)s"
)

MATRIX_OF_NOTHING = Message(
    "matrix_of_nothing", "it is not said whose positions", fix="name a topic, a story or an actor"
)

FEW = 12
"""Up to so many days each has its own column; more are grouped into periods."""

TOPICS_AT_ONCE = 50
"""Topics whose cells are answered together."""

NOW = "now"

CALENDAR = range(-62_135_596_800, 253_402_300_800)
"""Instants that a date with a four-digit year can name."""


class Moment(msgspec.Struct, frozen=True):
    """A date in EDTF and its last second; without text it is now."""

    text: str = ""
    instant: int | None = None


class Matrix(msgspec.Struct, frozen=True):
    """What is asked: topics, actors and moments, each in order, as known at a log position.

    Only positions that rest on a statement in ``having`` are shown; ``None`` shows all.
    """

    topics: Sequence[Topic]
    actors: Sequence[Actor]
    moments: Sequence[Moment]
    known_at: int | None = None
    having: frozenset[int] | None = None

    def cells_at_moments(
        self, conn: Connection, topics: Sequence[Topic]
    ) -> list[dict[Lane, PositionCell]]:
        """Return where the actors stood on some of the topics, at each moment."""
        instants = [moment.instant for moment in self.moments]
        actors = {actor.id for actor in self.actors}
        return cells_at_each(conn, topics, actors, instants, known_at=self.known_at)


class MatrixCell(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `standline matrix --json`; without ``stance`` nobody had spoken.

    ``value`` is the stance as a number from -2 to 2, ``number`` that of the proving statement.
    """

    topic: str
    actor: str
    as_of: str | None
    stance: str | None
    value: int | None
    attribution: str | None = None
    reported_via: str | None = None
    condition: str | None = None
    first_said: str | None = None
    last_said: str | None = None
    statements: int = 0
    number: int | None = None


def read_moments(texts: Iterable[str], field: str = "at") -> list[Moment]:
    """Read dates as moments, the earliest first; raises `Refused` for what is no single date."""
    texts_by_instant = {parse_as_of(text, field): query_date(text) for text in texts}
    return [Moment(texts_by_instant[instant], instant) for instant in sorted(texts_by_instant)]


def usual_moments(conn: Connection, topics: Collection[str], every: str = "") -> list[Moment]:
    """Return the days with statements on topics; if they are many, the last of each period.

    ``every`` is a period of `MONTHS`, by default the shortest that makes few columns; raises
    `Refused` for another. A period without statements has no moment.
    """
    if every and every not in MONTHS:
        raise Refused(
            UNKNOWN_STEP_OF_TIME, field="every", step=InQuotes(every), choices=", ".join(MONTHS)
        )
    spoken = days_spoken_on(conn, topics).values()
    days = sorted(
        {day for days_of_topic in spoken for day in days_of_topic if day * DAY in CALENDAR}
    )
    dates = [iso(day * DAY)[:10] for day in days]
    if not dates:
        return [Moment()]
    if not every and len(dates) <= FEW:
        return read_moments(dates)
    ends = _ends(dates, every) if every else _few_ends(dates)
    return read_moments(ends)


def _few_ends(dates: list[str]) -> list[str]:
    """Return the ends of the shortest period that makes few."""
    every = (_ends(dates, period) for period in MONTHS)
    return next((ends for ends in every if len(ends) <= FEW), [dates[-1]])


def _ends(dates: list[str], every: str) -> list[str]:
    """Return the last month with statements, or the last year, of each period."""
    digits = len("2025") if MONTHS[every] >= MONTHS["year"] else len("2025-12")
    last = {(int(date[:4]) * 12 + int(date[5:7]) - 1) // MONTHS[every]: date for date in dates}
    return [end[:digits] for end in last.values()]


def usual_actors(conn: Connection, topics: Collection[str], known_at: int | None) -> list[Actor]:
    """Return the actors of some topics, those with most statements first.

    People who only spoke for others are left out.
    """
    took_part = (extent.taking_part(conn, topic, TwoClocks(known_at=known_at)) for topic in topics)
    lanes = {lane for lanes_of_topic in took_part for lane in lanes_of_topic}
    table = schema.positions
    counted = select(table.c.lane, func.sum(table.c.on_record)).group_by(table.c.lane)
    counted = counted.where(table.c.topic.in_([*topics]))
    said = {lane: int(count) for lane, count in conn.execute(counted)}
    actors = directory.actors_by_id(conn, lanes).values()
    return sorted(actors, key=lambda actor: (-said.get(actor.id, 0), actor.name))


def usual_topics(conn: Connection, actors: Collection[str], known_at: int | None) -> list[Topic]:
    """Return the topics that some actors spoke on, those with most of the actors first."""
    spoken = topics_of(conn, actors)
    topics = directory.topics_by_id(conn, {*spoken}).values()
    opened = (topic for topic in topics if known_at is None or topic.opened <= known_at)
    return sorted(opened, key=lambda topic: (-spoken[topic.id], -topic.statements, topic.opened))


def named_matrix(
    conn: Connection,
    topics: Collection[str],
    stories: Collection[str],
    actors: Collection[str],
    known_at: int | None,
    at: Sequence[str] = (),
    every: str = "",
    variables: Collection[str] = (),
) -> Matrix:
    """Return the matrix that slugs name, with defaults for what is not named.

    Without topics they are those that the actors spoke on, without actors those who took part. For
    moments see `chosen_moments`; ``variables`` are values such as ``room:a line``.
    Raises `NotFound` for a slug or a variable of nobody, `Refused` where nothing is named or a
    moment cannot be read.
    """
    if not (topics or stories or actors):
        raise Refused(MATRIX_OF_NOTHING, field="matrix")
    about = {topic.id: topic for topic in (directory.topic(conn, slug) for slug in topics)}
    for story in stories:
        of_story = directory.topics(conn, story=directory.story(conn, story).id)
        about |= {topic.id: topic for topic in of_story}
    who = {actor.id: actor for actor in (directory.actor(conn, slug) for slug in actors)}
    if not about and who:
        about = {topic.id: topic for topic in usual_topics(conn, who, known_at)}
    opened = [topic for topic in about.values() if known_at is None or topic.opened <= known_at]
    taking_part = [*who.values()] or usual_actors(conn, {topic.id for topic in opened}, known_at)
    ids = {topic.id for topic in opened}
    moments = chosen_moments(conn, ids, taking_part, at, every)
    having = statements_having(conn, ids, variables, known_at)
    return Matrix(opened, taking_part, moments, known_at, having)


def chosen_moments(
    conn: Connection,
    topics: Collection[str],
    actors: Collection[Actor],
    at: Sequence[str],
    every: str,
) -> list[Moment]:
    """Return the moments of a matrix: those named, else the ends of the named period.

    Without either they are the usual moments if there is one topic or one actor, else now. Raises
    `Refused` for a moment or a period that cannot be read.
    """
    if at:
        return read_moments(at)
    if every or (topics and 1 in (len(topics), len(actors))):
        return usual_moments(conn, topics, every)
    return [Moment()]


def cells(conn: Connection, matrix: Matrix) -> Iterator[MatrixCell]:
    """Yield the answer of every cell: by topic, actor and moment."""
    for begin in range(0, len(matrix.topics), TOPICS_AT_ONCE):
        yield from _cells_on(conn, matrix, matrix.topics[begin : begin + TOPICS_AT_ONCE])


def _cells_on(conn: Connection, matrix: Matrix, topics: Sequence[Topic]) -> Iterator[MatrixCell]:
    answers = []
    for moment, cells in zip(matrix.moments, matrix.cells_at_moments(conn, topics), strict=True):
        shown = cells_resting_on(matrix.having, cells)
        answers.append((moment, _answered(conn, moment, shown, matrix.known_at)))
    for topic in topics:
        for actor in matrix.actors:
            for moment, answered in answers:
                yield answered.get((topic.id, actor.id)) or MatrixCell(
                    topic=topic.slug,
                    actor=actor.slug,
                    as_of=moment.text or None,
                    stance=None,
                    value=None,
                )


def _answered(
    conn: Connection, moment: Moment, cells: dict[Lane, PositionCell], known_at: int | None
) -> dict[Lane, MatrixCell]:
    standing = [LanePosition(*lane, cell.position) for lane, cell in cells.items()]
    answers = answer_positions(conn, standing, TwoClocks(known_at=known_at))
    cells_by_lane = {}
    for position, answer in zip(standing, answers, strict=True):
        stance = position.position.stance
        cells_by_lane[position.topic, position.lane] = MatrixCell(
            topic=answer.topic,
            actor=answer.actor,
            as_of=moment.text or None,
            stance=answer.stance,
            value=None if stance is None or stance == MIXED else int(stance),
            attribution=answer.attribution,
            reported_via=answer.reported_via,
            condition=answer.condition,
            first_said=answer.first_said,
            last_said=answer.last_said,
            statements=answer.statements,
            number=position.position.counted[-1],
        )
    return cells_by_lane


def wide_rows(
    matrix_cells: Iterable[MatrixCell], moments: Sequence[Moment]
) -> Iterator[dict[str, str | None]]:
    """Yield a row for each topic and actor, with the word of the stance for each moment."""
    row: dict[str, str | None] = {}
    for place, cell in enumerate(matrix_cells):
        if place % len(moments) == 0:
            row = {"topic": cell.topic, "actor": cell.actor}
        row[cell.as_of or NOW] = cell.stance
        if (place + 1) % len(moments) == 0:
            yield row


def wide_columns(moments: Sequence[Moment]) -> tuple[str, ...]:
    """Return the columns of these rows."""
    return ("topic", "actor", *(moment.text or NOW for moment in moments))
