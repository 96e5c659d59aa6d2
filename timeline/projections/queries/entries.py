"""Statements and developments as known at a log position, with their sources and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, and_, case, func, literal, or_, select

from timeline.domain.errors import NotFound
from timeline.domain.statement import Words
from timeline.projections import schema
from timeline.projections.lanes import known, lane_of

if TYPE_CHECKING:
    from collections.abc import Iterable


LARGEST = 2**63 - 1
"""The last number that either database can look for."""


class StatementEntry(msgspec.Struct, frozen=True):
    """One version of a statement.

    ``topic``, ``speaker``, ``on_behalf_of``, ``condition_topic`` and ``document`` are ids;
    ``known_from`` and ``known_until`` bound the version in log positions; instants are in
    seconds, ``recorded_at`` (of the first record) in microseconds UTC.
    """

    number: int
    known_from: int
    known_until: int | None
    stream: str
    topic: str
    wording: int
    speaker: str
    on_behalf_of: str | None
    stance: int | None
    no_position_reason: str | None
    condition_topic: str | None
    said_at: str
    said_earliest: int | None
    said_latest: int | None
    timed: bool
    counts_from: int
    rank: int
    attribution: str
    document: str
    utterance: str | None
    retracted: bool
    withheld: bool
    corrected: int
    words: Words
    recorded_at: int
    recorded_by: str

    @property
    def actors(self) -> tuple[str, ...]:
        """The ids of those whose lanes it moves."""
        return tuple(filter(None, (self.speaker, self.on_behalf_of)))


class DevelopmentEntry(msgspec.Struct, frozen=True):
    """One version of a development; ``topics``, ``according_to`` and ``document`` are ids."""

    number: int
    known_from: int
    known_until: int | None
    stream: str
    topics: tuple[str, ...]
    happened_at: str
    earliest: int | None
    latest: int | None
    counts_from: int
    status: str
    according_to: str | None
    document: str
    title: str
    summary: str
    retracted: bool
    withheld: bool
    corrected: int
    recorded_at: int
    recorded_by: str


Entry = StatementEntry | DevelopmentEntry


class Source(msgspec.Struct, frozen=True):
    """One source of an entry; ``document`` is an id, ``known_from`` when it was added."""

    number: int
    document: str
    attribution: str
    reported_via: str
    known_from: int


class Link(msgspec.Struct, frozen=True):
    """A connection from one entry to another, both by number."""

    number: int
    kind: str
    target: int
    note: str
    known_from: int
    known_until: int | None


class Reply(msgspec.Struct, frozen=True):
    """The actor's own answer to a record."""

    number: int
    position: int
    replied_at: str
    text: str
    lang: str


class Amendment(msgspec.Struct, frozen=True):
    """A correction, a retraction or a reinstatement; ``old`` and ``new`` as they were recorded."""

    position: int
    number: int
    kind: str
    field: str | None
    old: Any
    new: Any
    reason: str
    material: bool
    recorded_at: int
    recorded_by: str


class Coding(msgspec.Struct, frozen=True):
    """A second coder's reading of a statement."""

    number: int
    position: int
    stance: int | None
    no_position_reason: str | None
    note: str
    coder: str


class Filter(msgspec.Struct, frozen=True):
    """Which entries of a topic are wanted; empty means all.

    ``actors`` are ids with the members of merged lanes resolved by the caller; ``stances`` may
    hold ``None`` for no position; ``begin`` and ``end`` are instants.
    """

    actors: frozenset[str] = frozenset()
    stances: frozenset[int | None] = frozenset()
    documents: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    numbers: frozenset[int] | None = None
    begin: int | None = None
    end: int | None = None
    recorded_after: int | None = None


class Page(msgspec.Struct, frozen=True):
    """A run of entries; ``following`` is the key to ask for the next with, or ``None``."""

    entries: tuple[Entry, ...]
    total: int
    following: tuple[int, int] | None


class Facts(msgspec.Struct, frozen=True):
    """How much is on record on a topic."""

    actors: int
    statements: int
    developments: int
    sources: int
    retracted: int


def statement(conn: Connection, number: int, known_at: int | None = None) -> StatementEntry:
    """Return a statement by number; raises `NotFound` where it was not known."""
    found = statements(conn, [number], known_at)
    if not found:
        raise _unknown(number)
    return found[number]


def development(conn: Connection, number: int, known_at: int | None = None) -> DevelopmentEntry:
    """Return a development by number; raises `NotFound` where it was not known."""
    found = developments(conn, [number], known_at)
    if not found:
        raise _unknown(number)
    return found[number]


def entry(conn: Connection, number: int, known_at: int | None = None) -> Entry:
    """Return a statement or a development by number; raises `NotFound`."""
    if number > LARGEST:
        raise _unknown(number)
    found: dict[int, Any] = statements(conn, [number], known_at)
    found = found or developments(conn, [number], known_at)
    if not found:
        raise _unknown(number)
    return found[number]


def statements(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, StatementEntry]:
    """Return statements by number, those that were known."""
    table = schema.statements
    query = select(table).where(table.c.number.in_(list(numbers)), *known(table.c, known_at))
    return {row["number"]: _statement(row) for row in _shown(conn, table, query, known_at)}


def developments(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, DevelopmentEntry]:
    """Return developments by number, those that were known."""
    table = schema.developments
    query = select(table).where(table.c.number.in_(list(numbers)), *known(table.c, known_at))
    return {row["number"]: _development(row) for row in _shown(conn, table, query, known_at)}


def page(  # noqa: PLR0913 - a page is cut from two clocks, a filter and a key
    conn: Connection,
    topic: str | None,
    wanted: Filter,
    *,
    as_of: int | None = None,
    known_at: int | None = None,
    newest_first: bool = True,
    after: tuple[int, int] | None = None,
    limit: int = 30,
    total: int | None = None,
) -> Page:
    """Return entries by the instant they count from, then by number.

    ``total`` is how many there are, where the caller knows.
    """
    parts = _parts(topic, wanted, as_of, known_at)
    counted = sum(_count(conn, part) for part in parts) if total is None else total
    rows = [row for part in parts for row in _cut(conn, part, after, limit + 1, newest_first)]
    rows.sort(key=lambda row: (row.counts_from, row.number), reverse=newest_first)
    shown = rows[:limit]
    found: dict[int, Entry] = {}
    found.update(statements(conn, [r.number for r in shown if r.kind == "statement"], known_at))
    found.update(developments(conn, [r.number for r in shown if r.kind != "statement"], known_at))
    following = (shown[-1].counts_from, shown[-1].number) if len(rows) > limit else None
    return Page(tuple(found[row.number] for row in shown), counted, following)


def count_after(conn: Connection, topic: str, position: int) -> int:
    """Count the statements and developments that were recorded after a log position."""
    found = 0
    for table in (schema.statements, schema.bearings):
        columns: Any = table.c
        query = select(func.count(columns.number.distinct())).where(
            columns.topic == topic, columns.number > position, *known(columns, None)
        )
        found += int(conn.execute(query).scalar_one())
    return found


def amended_after(conn: Connection, topic: str, position: int) -> dict[str, int]:
    """Count corrections and retractions of a topic's statements after a log position."""
    table, told = schema.statements, schema.amendments
    query = (
        select(told.c.kind, func.count())
        .join(table, table.c.number == told.c.number)
        .where(told.c.position > position, table.c.topic == topic, *known(table.c, None))
        .group_by(told.c.kind)
    )
    return {kind: int(count) for kind, count in conn.execute(query)}


def behalf(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return for whom statements were said, of those that were said for somebody."""
    table = schema.statements
    query = select(table.c.number, table.c.on_behalf_of).where(
        table.c.number.in_(list(numbers)),
        table.c.on_behalf_of.is_not(None),
        *known(table.c, None),
    )
    return {row.number: row.on_behalf_of for row in conn.execute(query)}


def span(conn: Connection, topic: str) -> tuple[int, int] | None:
    """Return the first and last instant of what is on record on a topic, as known now."""
    table, bearings = schema.statements, schema.bearings
    found: list[int] = []
    for columns in (table.c, bearings.c):
        for end in (func.min, func.max):
            # One end at a time is read off the index.
            query = select(end(columns.counts_from))
            value = conn.execute(
                query.where(columns.topic == topic, *known(columns, None))
            ).scalar()
            found += [] if value is None else [int(value)]
    return (min(found), max(found)) if found else None


def facts(
    conn: Connection, topic: str, *, as_of: int | None = None, known_at: int | None = None
) -> Facts:
    """Count what is on record on a topic; retracted statements are counted apart."""
    bearings, readings = schema.bearings, schema.readings
    there = [bearings.c.topic == topic, bearings.c.retracted == 0, *known(bearings.c, known_at)]
    lanes = [readings.c.topic == topic, readings.c.retracted == 0, *known(readings.c, known_at)]
    if as_of is not None:
        there.append(bearings.c.counts_from <= as_of)
        lanes.append(readings.c.counts_from <= as_of)
    # The index alone tells who spoke, one by one; joined with the merges it would not.
    spoke = conn.execute(select(readings.c.actor).where(*lanes).distinct()).scalars()
    into = lane_of(conn, known_at)
    developments = select(func.count(bearings.c.number.distinct())).where(*there)
    is_now = as_of is None and known_at is None
    said = _said_now(topic) if is_now else _said_then(topic, as_of, known_at)
    statements, sources, retracted = conn.execute(said).one()
    return Facts(
        actors=len({into.get(actor, actor) for actor in spoke}),
        statements=int(statements),
        developments=int(conn.execute(developments).scalar_one()),
        sources=int(sources),
        retracted=int(retracted),
    )


def _said_now(topic: str) -> Any:  # noqa: ANN401 - SQL
    table, sources = schema.topics, schema.topic_sources
    counted = select(func.count()).where(sources.c.topic == topic).scalar_subquery()
    return select(table.c.statements, counted, table.c.retracted).where(table.c.id == topic)


def _said_then(topic: str, as_of: int | None, known_at: int | None) -> Any:  # noqa: ANN401 - SQL
    table = schema.statements
    here = [table.c.topic == topic, *known(table.c, known_at)]
    if as_of is not None:
        here.append(table.c.counts_from <= as_of)
    standing = case((table.c.retracted == 0, table.c.document))
    return select(
        func.count(standing), func.count(standing.distinct()), func.count() - func.count(standing)
    ).where(*here)


def sources(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, list[Source]]:
    """Return the sources of entries by number, first source first."""
    table = schema.sources
    query = select(
        table.c.number, table.c.document, table.c.attribution, table.c.reported_via, table.c.added
    ).where(table.c.number.in_(list(numbers)), *known(table.c, known_at))
    found: dict[int, list[Source]] = {}
    for row in conn.execute(query.order_by(table.c.added)):
        found.setdefault(row.number, []).append(Source(*row))
    return found


def links(conn: Connection, numbers: Iterable[int], known_at: int | None = None) -> list[Link]:
    """Return the links from or to these entries, oldest first."""
    table, here = schema.links, list(numbers)
    either = or_(table.c.number.in_(here), table.c.target.in_(here))
    query = select(table).where(either, *known(table.c, known_at)).order_by(table.c.known_from)
    return [Link(*row) for row in conn.execute(query)]


def replies(conn: Connection, number: int, known_at: int | None = None) -> list[Reply]:
    """Return the replies to a statement, oldest first."""
    table = schema.replies
    query = select(table).where(table.c.number == number).order_by(table.c.position)
    if known_at is not None:
        query = query.where(table.c.position <= known_at)
    return [Reply(*row) for row in conn.execute(query)]


def amendments(
    conn: Connection,
    numbers: Iterable[int] | None = None,
    *,
    known_at: int | None = None,
    since: int | None = None,
    limit: int | None = None,
) -> list[Amendment]:
    """Return what was corrected, retracted and reinstated, latest first.

    ``since`` is in microseconds; without ``numbers`` the whole record is looked at.
    """
    table = schema.amendments
    query = select(table).order_by(table.c.position.desc())
    if numbers is not None:
        query = query.where(table.c.number.in_(list(numbers)))
    if known_at is not None:
        query = query.where(table.c.position <= known_at)
    if since is not None:
        query = query.where(table.c.recorded_at >= since)
    if limit is not None:
        query = query.limit(limit)
    return [amendment(row) for row in conn.execute(query)]


def codings(conn: Connection, number: int, known_at: int | None = None) -> list[Coding]:
    """Return the further readings of a statement, oldest first."""
    table = schema.codings
    query = select(table).where(table.c.number == number).order_by(table.c.position)
    if known_at is not None:
        query = query.where(table.c.position <= known_at)
    return [Coding(*row) for row in conn.execute(query)]


def utterance(
    conn: Connection, utterance_id: str, known_at: int | None = None
) -> list[StatementEntry]:
    """Return the statements that were made in one utterance."""
    table = schema.statements
    query = select(table).where(table.c.utterance == utterance_id, *known(table.c, known_at))
    query = query.order_by(table.c.number)
    return [_statement(row) for row in _shown(conn, table, query, known_at)]


def neighbours(
    conn: Connection, topic: str, actors: Iterable[str], number: int, known_at: int | None = None
) -> tuple[int | None, int | None]:
    """Return the numbers before and after a statement in its lane, by counting instant."""
    table = schema.readings
    query = (
        select(table.c.number)
        .where(table.c.topic == topic, table.c.actor.in_(list(actors)), *known(table.c, known_at))
        .distinct()
        .add_columns(table.c.counts_from)
        .order_by(table.c.counts_from, table.c.number)
    )
    numbers = [row.number for row in conn.execute(query)]
    if number not in numbers:
        return None, None
    place = numbers.index(number)
    before = numbers[place - 1] if place else None
    after = numbers[place + 1] if place + 1 < len(numbers) else None
    return before, after


def _parts(topic: str | None, wanted: Filter, as_of: int | None, known_at: int | None) -> list[Any]:
    parts = []
    if not wanted.kinds or "statement" in wanted.kinds:
        parts.append(_statement_keys(topic, wanted, as_of, known_at))
    selective = wanted.actors or wanted.stances or wanted.documents or wanted.numbers is not None
    if (not wanted.kinds or "development" in wanted.kinds) and not selective:
        parts.append(_development_keys(topic, wanted, as_of, known_at))
    return parts


def _count(conn: Connection, part: Any) -> int:  # noqa: ANN401 - a SQL query
    return int(conn.execute(select(func.count()).select_from(part.subquery())).scalar_one())


def _cut(
    conn: Connection,
    part: Any,  # noqa: ANN401 - a SQL query
    after: tuple[int, int] | None,
    limit: int,
    newest_first: bool,  # noqa: FBT001 - a direction
) -> list[Any]:
    """Return the next rows of one part, straight from its index."""
    number, counts_from = part.selected_columns.number, part.selected_columns.counts_from
    if after is not None:
        part = part.where(_beyond(part.selected_columns, after, newest_first=newest_first))
    order = (counts_from, number)
    part = part.order_by(*(column.desc() if newest_first else column for column in order))
    return list(conn.execute(part.limit(limit)).all())


def _statement_keys(
    topic: str | None, wanted: Filter, as_of: int | None, known_at: int | None
) -> Any:  # noqa: ANN401
    table = schema.statements
    query = select(table.c.number, table.c.counts_from, literal("statement").label("kind")).where(
        *known(table.c, known_at), *_window(table.c, wanted, as_of)
    )
    if topic is not None:
        query = query.where(table.c.topic == topic)
    if wanted.actors:
        ids = list(wanted.actors)
        query = query.where(or_(table.c.speaker.in_(ids), table.c.on_behalf_of.in_(ids)))
        # Their readings, in any version, lead to the few that can be meant.
        query = query.where(table.c.number.in_(_read_of(ids, topic)))
    if wanted.stances:
        stances = [stance for stance in wanted.stances if stance is not None]
        any_of = [table.c.stance.in_(stances)]
        if None in wanted.stances:
            any_of.append(table.c.stance.is_(None))
        query = query.where(or_(*any_of))
    if wanted.documents:
        query = query.where(table.c.document.in_(list(wanted.documents)))
        query = query.where(table.c.number.in_(_taken_from(list(wanted.documents))))
    if wanted.numbers is not None:
        query = query.where(table.c.number.in_(list(wanted.numbers)))
    return query


def _read_of(actors: list[str], topic: str | None) -> Any:  # noqa: ANN401 - a SQL query
    table = schema.readings
    query = select(table.c.number).where(table.c.actor.in_(actors))
    return query if topic is None else query.where(table.c.topic == topic)


def _taken_from(documents: list[str]) -> Any:  # noqa: ANN401 - a SQL query
    table = schema.sources
    return select(table.c.number).where(table.c.document.in_(documents))


def _development_keys(
    topic: str | None, wanted: Filter, as_of: int | None, known_at: int | None
) -> Any:  # noqa: ANN401
    table = schema.bearings
    query = select(table.c.number, table.c.counts_from, literal("development").label("kind")).where(
        *known(table.c, known_at), *_window(table.c, wanted, as_of)
    )
    return query.where(table.c.topic == topic) if topic is not None else query.distinct()


def _window(columns: Any, wanted: Filter, as_of: int | None) -> list[Any]:  # noqa: ANN401
    clauses = []
    if as_of is not None:
        clauses.append(columns.counts_from <= as_of)
    if wanted.begin is not None:
        clauses.append(columns.counts_from >= wanted.begin)
    if wanted.end is not None:
        clauses.append(columns.counts_from <= wanted.end)
    if wanted.recorded_after is not None:
        clauses.append(columns.number > wanted.recorded_after)
    return clauses


def _beyond(columns: Any, after: tuple[int, int], *, newest_first: bool) -> Any:  # noqa: ANN401
    instant, number = after
    if newest_first:
        same = and_(columns.counts_from == instant, columns.number < number)
        return or_(columns.counts_from < instant, same)
    same = and_(columns.counts_from == instant, columns.number > number)
    return or_(columns.counts_from > instant, same)


def _shown(
    conn: Connection,
    table: Any,  # noqa: ANN401 - a table
    query: Any,  # noqa: ANN401 - a query
    known_at: int | None,
) -> list[dict[str, Any]]:
    """Return rows; words that are withheld by now were withheld at every moment."""
    rows = [row._asdict() for row in conn.execute(query)]
    if known_at is not None:
        here = [row["number"] for row in rows]
        hides = table.c.number.in_(here), table.c.withheld == 1, *known(table.c, None)
        hidden = set(conn.execute(select(table.c.number).where(*hides)).scalars())
        for row in rows:
            row["withheld"] = row["withheld"] or row["number"] in hidden
    return rows


def _statement(fields: dict[str, Any]) -> StatementEntry:
    words = msgspec.json.decode(fields["words"], type=Words)
    for flag in ("timed", "retracted", "withheld"):
        fields[flag] = bool(fields[flag])
    fields["words"] = Words(reported_via=words.reported_via) if fields["withheld"] else words
    return StatementEntry(**fields)


def amendment(row: Any) -> Amendment:  # noqa: ANN401 - a database row
    """Return what a row of the amendments says."""
    fields = dict(row._mapping)
    for value in ("old", "new"):
        fields[value] = msgspec.json.decode(fields[value]) if fields[value] else None
    fields["material"] = bool(fields["material"])
    return Amendment(**fields)


def _development(fields: dict[str, Any]) -> DevelopmentEntry:
    fields["topics"] = msgspec.json.decode(fields["topics"], type=tuple[str, ...])
    for flag in ("retracted", "withheld"):
        fields[flag] = bool(fields[flag])
    if fields["withheld"]:
        fields |= {"title": "", "summary": ""}
    return DevelopmentEntry(**fields)


def _unknown(number: int) -> NotFound:
    return NotFound(f"there is no entry number {number}", fix="numbers have gaps; try the search")
