"""Back up and restore the rows of the desk.

A backup leaves out sessions, one-time links, known devices and sign-in tries: those that ended
since would be valid again.
"""

from __future__ import annotations

from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from timeline.desk.tables import (
    added_feeds,
    decisions,
    drafts,
    embargoed,
    feeds,
    handed,
    inbox,
    inbox_moves,
    inbox_runs,
    inbox_suggested,
    inquiries,
    notes,
    people,
    provider_accounts,
    recovery_codes,
    samples,
    second_factors,
    second_readings,
    shown_ends,
    text_stories,
    texts,
    tokens,
)
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine, Table

DESK_NOT_EMPTY = Message(
    "desk_not_empty",
    "the desk of this store holds something: %(table)s",
    fix="name a new store",
)
NOT_OF_THE_DESK = Message(
    "not_of_the_desk",
    "a row of %(table)s is none that this desk keeps",
    fix="update Standline, or restore a backup that was not altered",
)

WAITING = (handed, embargoed, inquiries, samples, second_readings)
INBOX = (inbox, inbox_moves, inbox_runs, inbox_suggested, feeds, added_feeds)
CODING = (drafts, texts, decisions, text_stories, notes, shown_ends, *WAITING, *INBOX)
WAYS_IN = (provider_accounts, tokens, second_factors, recovery_codes)
CARRIED = {str(table.name): table for table in (people, *WAYS_IN, *CODING)}
AT_ONCE = 100

DeskRow = tuple[str, dict[str, str | int | None]]
"""The name of a table, and a row by its columns."""


def backed_up_rows(engine: Engine) -> Iterator[DeskRow]:
    """Yield every row for a backup, as of one moment."""
    with engine.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ")
        for name, table in CARRIED.items():
            columns = _columns(table)
            for row in conn.execute(select(table), execution_options={"yield_per": AT_ONCE}):
                yield name, dict(zip(columns, row, strict=True))


def counted_rows(engine: Engine) -> dict[str, int]:
    """Return how many rows of each table a backup would hold, without empty tables."""
    with engine.connect() as conn:
        counts = {
            name: conn.scalar(select(func.count()).select_from(table)) or 0
            for name, table in CARRIED.items()
        }
    return {name: count for name, count in counts.items() if count}


def require_empty(engine: Engine) -> None:
    """Raise `Refused` if the desk already has a row of a table that a backup restores."""
    with engine.connect() as conn:
        for name, table in CARRIED.items():
            if conn.execute(select(table).limit(1)).first() is not None:
                raise Refused(DESK_NOT_EMPTY, field="--store", table=name)


def restore_rows(cursor: Any, rows: Iterable[DeskRow], *, where: str, value: str) -> None:  # noqa: ANN401 - the driver's
    """Insert rows with a driver's cursor.

    ``where`` is the prefix of table names, ``value`` the driver's placeholder. Raises `Refused`
    for a row of an unknown table or with unknown columns.
    """
    for name, group in groupby(rows, itemgetter(0)):
        if name not in CARRIED:
            raise Refused(NOT_OF_THE_DESK, table=InQuotes(name))
        table = CARRIED[name]
        columns = _columns(table)
        marks = ", ".join([value] * len(columns))
        insert = f"INSERT INTO {where}{table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
        while batch := [_values(table, row) for _, row in islice(group, AT_ONCE)]:
            cursor.executemany(insert, batch)


def _columns(table: Table) -> list[str]:
    return [str(name) for name in table.c.keys()]  # noqa: SIM118 - iterating yields columns


def _values(table: Table, row: dict[str, str | int | None]) -> list[Any]:
    """Return the values of a row, which may lack a newer, nullable column."""
    columns = _columns(table)
    required = {str(column.name) for column in table.c if not column.nullable}
    if not required <= row.keys() <= set(columns):
        raise Refused(NOT_OF_THE_DESK, table=InQuotes(table.name))
    return [row.get(column) for column in columns]
