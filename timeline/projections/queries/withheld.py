"""Entries and documents whose words are withheld now, and so at every moment.

A connection for forms reads sources in full: a form would delete what it shows empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, RootTransaction, Table, and_, exists, literal_column, or_, select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ENTRIES = (schema.statements, schema.developments)
OPTION = "standline_whole_sources"
"""The execution option of a connection that reads withheld sources too."""

HIDES = "standline_hides_withheld"
"""The execution option of a connection for readers."""


def hide_withheld(conn: Connection) -> Connection:
    """Make a connection show only number, reason and dates of withheld entries."""
    return conn.execution_options(**{HIDES: True})


def hidden_numbers(conn: Connection) -> Collection[int]:
    """Return the numbers of the entries that this connection must not show.

    Erased entries are not among them: their tombstone and its proof are shown.
    """
    return _withheld(conn).retracted if conn.get_execution_options().get(HIDES) else ()


def read_whole_sources(conn: Connection) -> Connection:
    """Make a connection show sources in full, those of withheld entries too."""
    return conn.execution_options(**{OPTION: True})


def withheld_entries(conn: Connection) -> Mapping[int, str]:
    """Return the entries whose words are withheld or erased: their streams by number."""
    return _withheld(conn).streams


class _WithheldEntries(NamedTuple):
    streams: Mapping[int, str]
    retracted: Collection[int]


def _withheld(conn: Connection) -> _WithheldEntries:
    """Look up the withheld entries once for each transaction: every part of a page asks."""
    transaction = conn.get_transaction()
    if transaction is None or transaction not in _CACHE:
        rows = [row for table in ENTRIES for row in conn.execute(*_entries(table=table))]
        withheld = _WithheldEntries(
            {row.number: row.stream for row in rows},
            frozenset(row.number for row in rows if row.retracted),
        )
        transaction = conn.get_transaction()  # which the query began, if it was the first
        if transaction is None:
            return withheld
        _CACHE[transaction] = withheld
    return _CACHE[transaction]


_CACHE: WeakKeyDictionary[RootTransaction, _WithheldEntries] = WeakKeyDictionary()


@prepared
def _entries(*, table: Table) -> Query:
    return select(table.c.number, table.c.stream, table.c.retracted).where(_hidden(table))


def withheld_documents(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return those of some documents that are sources of withheld entries only."""
    if conn.get_execution_options().get(OPTION) or not withheld_entries(conn):
        return set()
    return set(conn.execute(*_documents(ids=[*ids])).scalars())


def withheld_streams(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return those of some streams (of entries or documents) whose words are withheld."""
    return {*ids} & {*withheld_entries(conn).values()} | withheld_documents(conn, ids)


@prepared
def _documents(*, ids: Param) -> Query:
    source, other = schema.sources, schema.sources.alias()
    elsewhere = exists().where(other.c.document == source.c.document, ~_of_hidden(other))
    here = source.c.document.in_(ids), _of_hidden(source), ~elsewhere
    return select(source.c.document).distinct().where(*here)


def _hidden(table: Any) -> Any:  # noqa: ANN401 - SQL
    # SQLite uses the partial index only if the value is in the query itself.
    return and_(table.c.withheld == literal_column("1"), table.c.known_until.is_(None))


def _of_hidden(source: Any) -> Any:  # noqa: ANN401 - SQL
    return or_(
        *(source.c.number.in_(select(table.c.number).where(_hidden(table))) for table in ENTRIES)
    )
