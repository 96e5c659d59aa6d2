"""Whose words are withheld by now: they are at every moment, in whatever hangs on them.

A connection for forms is told to read sources whole: what a form shows empty, it would empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, RootTransaction, and_, exists, literal_column, or_, select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ENTRIES = (schema.statements, schema.developments)
OPTION = "standline_whole_sources"
"""The execution option of a connection that reads withheld sources too."""

HIDES = "standline_hides_withheld"
"""The execution option of a connection of somebody who only reads."""


def hiding_withheld(conn: Connection) -> Connection:
    """Let a connection tell of a withheld entry its number, reason and dates, and nothing else."""
    return conn.execution_options(**{HIDES: True})


def unseen(conn: Connection) -> Collection[int]:
    """Return the numbers of the entries of which this connection tells nothing else.

    An entry that was erased is not among them: a tombstone and the proof of it stay.
    """
    return _withheld(conn).retracted if conn.get_execution_options().get(HIDES) else ()


def reading_whole_sources(conn: Connection) -> Connection:
    """Let a connection give sources whole, those of withheld entries too."""
    return conn.execution_options(**{OPTION: True})


def withheld_entries(conn: Connection) -> Mapping[int, str]:
    """Return the entries whose words are withheld or erased: their streams by number."""
    return _withheld(conn).streams


class _Withheld(NamedTuple):
    streams: Mapping[int, str]
    retracted: Collection[int]


def _withheld(conn: Connection) -> _Withheld:
    """Look up whose words are withheld, once for each transaction: whatever a page shows asks."""
    begun = conn.get_transaction()
    if begun is None or begun not in _FOUND:
        rows = [
            row
            for of_statements in (True, False)
            for row in conn.execute(*_entries(of_statements=of_statements))
        ]
        withheld = _Withheld(
            {row.number: row.stream for row in rows},
            frozenset(row.number for row in rows if row.retracted),
        )
        begun = conn.get_transaction()  # which the query began, if it was the first
        if begun is None:
            return withheld
        _FOUND[begun] = withheld
    return _FOUND[begun]


_FOUND: WeakKeyDictionary[RootTransaction, _Withheld] = WeakKeyDictionary()


@prepared
def _entries(*, of_statements: bool) -> Query:
    table = schema.statements if of_statements else schema.developments
    return select(table.c.number, table.c.stream, table.c.retracted).where(_hidden(table))


def withheld_documents(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return those of some documents that nothing but withheld entries ever rested on."""
    if conn.get_execution_options().get(OPTION) or not withheld_entries(conn):
        return set()
    return set(conn.execute(*_documents(ids=[*ids])).scalars())


def withheld_streams(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return those of some streams whose words are withheld: of entries and of documents."""
    return {*ids} & {*withheld_entries(conn).values()} | withheld_documents(conn, ids)


@prepared
def _documents(*, ids: Given) -> Query:
    source, other = schema.sources, schema.sources.alias()
    elsewhere = exists().where(other.c.document == source.c.document, ~_of_hidden(other))
    here = source.c.document.in_(ids), _of_hidden(source), ~elsewhere
    return select(source.c.document).distinct().where(*here)


def _hidden(table: Any) -> Any:  # noqa: ANN401 - SQL
    # The index over these few rows is only found where the value stands in the query itself.
    return and_(table.c.withheld == literal_column("1"), table.c.known_until.is_(None))


def _of_hidden(source: Any) -> Any:  # noqa: ANN401 - SQL
    return or_(
        *(source.c.number.in_(select(table.c.number).where(_hidden(table))) for table in ENTRIES)
    )
