"""Entries page by page: filtered, by the instant they count from, as known at a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Table, and_, func, literal, or_, select, text

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.entries import Entry, developments, statements
from timeline.projections.queries.withheld import hidden_numbers
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal, known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTED = {
    "sqlite": "SELECT value FROM json_each(:listed)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(CAST(:listed AS json))",
}
"""Selects the numbers of a JSON array, which is a single parameter of any length."""


class Filter(msgspec.Struct, frozen=True):
    """Which entries of a topic are wanted; empty means all.

    ``actors`` are ids, to which the caller adds the members of merged lanes; ``stances`` may hold
    ``None`` for no position; ``having`` are the numbers of statements with certain values of own
    variables; ``begin`` and ``end`` are instants.
    """

    actors: frozenset[str] = frozenset()
    stances: frozenset[int | None] = frozenset()
    documents: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    having: frozenset[int] | None = None
    numbers: frozenset[int] | None = None
    begin: int | None = None
    end: int | None = None
    recorded_after: int | None = None

    @property
    def is_of_statements(self) -> bool:
        """Tell whether only statements can pass."""
        chosen = self.actors or self.stances or self.documents
        return bool(chosen) or (self.having, self.numbers) != (None, None)

    @property
    def is_of_kinds(self) -> bool:
        """Tell whether it filters by nothing but kinds of entries."""
        return msgspec.structs.replace(self, kinds=frozenset()) == EVERYTHING


EVERYTHING = Filter()


class Page(msgspec.Struct, frozen=True):
    """A page of entries; ``following`` is the key of the next page, or ``None``."""

    entries: tuple[Entry, ...]
    following: tuple[int, int] | None

    def beginning(self, most: int) -> Page:
        """Return a page of at most ``most`` of these entries, from the first on."""
        if len(self.entries) <= most:
            return self
        last = self.entries[most - 1]
        return Page(self.entries[:most], (last.counts_from, last.number))


def page(
    conn: Connection,
    topic: str | None,
    wanted: Filter,
    clocks: TwoClocks = NOW,
    *,
    newest_first: bool = True,
    after: tuple[int, int] | None = None,
    limit: int = 30,
) -> Page:
    """Return entries by the instant they count from, then by number."""
    rows: list[Any] = []
    if after is None and wanted.is_of_kinds:
        place = {"topic": topic, **clocks.both}
        order = {"newest_first": newest_first, "most": limit + 1}
        for table in _tables(wanted):
            rows += conn.execute(*_first(table=table, **order, **place)).all()
    else:
        for part in _parts(conn, topic, wanted, clocks):
            rows += conn.execute(_cut(part, after, limit + 1, newest_first=newest_first)).all()
    rows.sort(key=lambda row: (row.counts_from, row.number), reverse=newest_first)
    shown = rows[:limit]
    entries: dict[int, Entry] = {}
    known_at = clocks.known_at
    entries.update(statements(conn, [r.number for r in shown if r.kind == "statement"], known_at))
    entries.update(developments(conn, [r.number for r in shown if r.kind != "statement"], known_at))
    following = (shown[-1].counts_from, shown[-1].number) if len(rows) > limit else None
    hidden = hidden_numbers(conn)
    visible = (entries[row.number] for row in shown if row.number not in hidden)
    return Page(tuple(visible), following)


def count(conn: Connection, topic: str | None, wanted: Filter, clocks: TwoClocks = NOW) -> int:
    """Count the entries that `page` returns page by page."""
    counted = _count(conn, topic, wanted, clocks)
    if hidden := hidden_numbers(conn):
        for part in _parts(conn, topic, wanted, clocks):
            here = part.where(part.selected_columns.number.in_(list(hidden)))
            counted -= int(conn.execute(_counted(here)).scalar_one())
    return counted


def _count(conn: Connection, topic: str | None, wanted: Filter, clocks: TwoClocks) -> int:
    if not wanted.is_of_kinds:
        parts = _parts(conn, topic, wanted, clocks)
        return sum(int(conn.execute(_counted(part)).scalar_one()) for part in parts)
    is_kept = topic is not None and clocks.is_now
    here = {"topic": topic, **clocks.both}
    queries = [
        _said_on(topic=topic)
        if table is schema.statements and is_kept
        else _in_all(table=table, **here)
        for table in _tables(wanted)
    ]
    return sum(int(conn.execute(*query).scalar_one()) for query in queries)


def passing(conn: Connection, topic: str, wanted: Filter, clocks: TwoClocks) -> Any:  # noqa: ANN401 - a SQL query
    """Select the numbers of the statements of a topic that a filter lets through."""
    keys = _statement_keys(conn, topic, wanted, clocks)
    return keys.with_only_columns(schema.statements.c.number)


def _parts(conn: Connection, topic: str | None, wanted: Filter, clocks: TwoClocks) -> list[Query]:
    return [
        _statement_keys(conn, topic, wanted, clocks)
        if table is schema.statements
        else _keys(table, topic, **clocks.both).where(*_window(table.c, wanted))
        for table in _tables(wanted)
    ]


def _tables(wanted: Filter) -> list[Table]:
    """Return the tables of the wanted kinds: the statements, and what developments bear on."""
    kinds = wanted.kinds or {"statement", "development"}
    happened = "development" in kinds and not wanted.is_of_statements
    return [schema.statements] * ("statement" in kinds) + [schema.bearings] * happened


@prepared
def _first(
    *,
    table: Table,
    newest_first: bool,
    topic: Param | None,
    as_of: Param | None,
    known_at: Param | None,
    most: Param,
) -> Query:
    """Select the first keys of one kind, without other filters."""
    keys = _keys(table, topic, as_of, known_at)
    return _cut(keys, None, most, newest_first=newest_first)


@prepared
def _in_all(
    *, table: Table, topic: Param | None, as_of: Param | None, known_at: Param | None
) -> Query:
    return _counted(_keys(table, topic, as_of, known_at))


@prepared
def _said_on(*, topic: Param) -> Query:
    """Select the stored count of statements of a topic that are known now."""
    columns = schema.topics.c
    said = func.coalesce(func.sum(columns.statements + columns.retracted), 0)
    return select(said).where(columns.id == topic)


def _counted(part: Query) -> Query:
    return select(func.count()).select_from(part.subquery())


def _cut(
    part: Query, after: tuple[int, int] | None, limit: int | Param, *, newest_first: bool
) -> Query:
    """Select the next rows of one part, straight from its index."""
    number, counts_from = part.selected_columns.number, part.selected_columns.counts_from
    if after is not None:
        part = part.where(_beyond(part.selected_columns, after, newest_first=newest_first))
    order = (counts_from, number)
    part = part.order_by(*(column.desc() if newest_first else column for column in order))
    return part.limit(limit)


def _keys(
    table: Table,
    topic: str | Param | None,
    as_of: int | Param | None,
    known_at: int | Param | None,
) -> Query:
    """Select the keys of one kind; arguments are values or parameters."""
    columns, is_said = table.c, table is schema.statements
    kind = literal("statement" if is_said else "development").label("kind")
    query: Query = select(columns.number, columns.counts_from, kind)
    query = query.where(*known(columns, known_at), *up_to(columns.counts_from, as_of))
    if topic is not None:
        return query.where(columns.topic == topic)
    # A development may bear on several topics.
    return query if is_said else query.distinct()


def _statement_keys(
    conn: Connection, topic: str | None, wanted: Filter, clocks: TwoClocks
) -> Query:
    table = schema.statements
    keys = _keys(table, topic, **clocks.both)
    query = keys.where(*_window(table.c, wanted))
    if wanted.actors:
        ids = list(wanted.actors)
        query = query.where(or_(table.c.speaker.in_(ids), table.c.on_behalf_of.in_(ids)))
        # Their readings, in any version, narrow it down to few by an index.
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
    for numbers in (wanted.numbers, wanted.having):
        if numbers is not None:
            query = query.where(table.c.number.in_(_listed(conn, numbers)))
    return query


def _listed(conn: Connection, numbers: Iterable[int]) -> Any:  # noqa: ANN401 - a SQL query
    listed = text(LISTED[conn.dialect.name]).bindparams(listed=str(sorted(numbers)))
    return listed.columns(schema.statements.c.number)


def _read_of(actors: list[str], topic: str | None) -> Any:  # noqa: ANN401 - a SQL query
    table = schema.readings
    return select(table.c.number).where(table.c.actor.in_(actors), *equal(table.c.topic, topic))


def _taken_from(documents: list[str]) -> Any:  # noqa: ANN401 - a SQL query
    table = schema.sources
    return select(table.c.number).where(table.c.document.in_(documents))


def _window(columns: Any, wanted: Filter) -> list[Any]:  # noqa: ANN401 - SQL clauses
    clauses = [*up_to(columns.counts_from, wanted.end)]
    if wanted.begin is not None:
        clauses.append(columns.counts_from >= wanted.begin)
    if wanted.recorded_after is not None:
        clauses.append(columns.number > wanted.recorded_after)
    return clauses


def _beyond(columns: Any, after: tuple[int, int], *, newest_first: bool) -> Any:  # noqa: ANN401
    instant, number = after
    if newest_first:
        same = and_(columns.counts_from == instant, columns.number < number)
        # Said twice, so that the index scan begins there.
        return and_(columns.counts_from <= instant, or_(columns.counts_from < instant, same))
    same = and_(columns.counts_from == instant, columns.number > number)
    return and_(columns.counts_from >= instant, or_(columns.counts_from > instant, same))
