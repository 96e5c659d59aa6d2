"""The entries from a source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from timeline.projections.queries import entries
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from timeline.projections.queries.entries import Entry


def entries_from(conn: Connection, document: str) -> list[Entry]:
    """Return the unretracted entries from a document, by number."""
    statements = entries.statements(conn, _numbers(conn, "statements", document))
    developments = entries.developments(conn, _numbers(conn, "developments", document))
    return sorted((*statements.values(), *developments.values()), key=lambda entry: entry.number)


def counts_from(conn: Connection, documents: Collection[str]) -> Counter[str]:
    """Count the unretracted entries from documents."""
    counted: Counter[str] = Counter()
    for kind in ("statements", "developments"):
        table = schema.metadata.tables[kind].c
        query = select(table.document, func.count()).where(
            table.document.in_(list(documents)), table.known_until.is_(None), table.retracted == 0
        )
        counted.update({row[0]: row[1] for row in conn.execute(query.group_by(table.document))})
    return counted


def _numbers(conn: Connection, kind: str, document: str) -> list[int]:
    table = schema.metadata.tables[kind].c
    query = select(table.number).where(
        table.document == document, table.known_until.is_(None), table.retracted == 0
    )
    return list(conn.execute(query).scalars())
