"""Join two accounts of one person: everything on the desk moves to the other account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, exists, func, or_, select, update

from timeline.desk.accounts.people import keep_an_admin, person_row
from timeline.desk.accounts.tries import take_turns
from timeline.desk.part import DeskPart
from timeline.desk.tables import (
    drafts,
    embargoed,
    handed,
    inquiries,
    metadata,
    notes,
    people,
    provider_accounts,
    samples,
    sessions,
    tokens,
)
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection

JOINED_WITH_ITSELF = Message(
    "joined_with_itself", "%(handle)s cannot be joined with itself", fix="choose two accounts"
)
JOINED_WITH_NOBODY = Message(
    "joined_with_nobody",
    "%(handle)s may not sign in any more",
    fix="enable that account first, or choose the other way round",
)

HANDLE_COLUMNS = frozenset(
    ("author", "added_by", "asked_by", "coder", "decided_by", "moved_by", "set_by", "settled_by")
) | {"seen_by", "written_by"}
"""The names of columns with the handle of who did something, or who owns it."""

COUNTED_APART: dict[str, Column[str]] = {
    column.table.name: column
    for column in (
        drafts.c.author,
        handed.c.author,
        embargoed.c.author,
        notes.c.written_by,
        samples.c.coder,
        inquiries.c.asked_by,
    )
}
"""The columns, by table, whose rows are counted apart; all other rows are counted together."""


class JoinSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What joining one account into another does: counts of rows that move, or end.

    ``waiting`` counts entries for a second person or under embargo, ``readings`` samples to code
    again, ``requests`` those for a reply, ``others`` all other rows with the handle: texts,
    decisions, moves of the inbox, added feeds, requests that it settled. ``takes_provider`` means
    that its provider account moves to the other, ``drops_provider`` that it ends, because the
    other has one already.
    """

    drafts: int
    waiting: int
    notes: int
    readings: int
    requests: int
    others: int
    sessions: int
    tokens: int
    takes_provider: bool
    drops_provider: bool


class Joining(DeskPart):
    """Previews joining two accounts, and does it."""

    def preview(self, handle: str, into: str) -> JoinSummary:
        """Return what `join` would do; raises what it raises."""
        with self._reading() as conn:
            return _summary(conn, handle, into)

    def join(self, handle: str, into: str, now: int) -> JoinSummary:
        """Move everything of ``handle`` on the desk to another account, and disable ``handle``.

        Events keep their author. The other keeps its role; sessions, tokens and the password of
        ``handle`` end. Raises `Refused` for the same account, if the other is disabled, or if no
        admin would be left; `NotFound` for an unknown handle.
        """
        with self._writing() as conn:
            take_turns(conn)
            joined = _summary(conn, handle, into)
            _drop_older_drafts(conn, handle, into)
            for column in columns_of_who():
                mine = update(column.table).where(column == handle)
                conn.execute(mine.values({column.name: into}))
            _hand_over_provider(conn, handle, into)
            for column in _columns_of_access():
                conn.execute(delete(column.table).where(column == handle))
            account = update(people).where(people.c.handle == handle)
            conn.execute(account.values(password=None, disabled_at=now))
        return joined


def columns_of_who() -> list[Column[str]]:
    """Return every column of the desk with the handle of who did something."""
    return [
        column
        for table in metadata.sorted_tables
        for column in table.c
        if column.name in HANDLE_COLUMNS
    ]


def _columns_of_access() -> list[Column[str]]:
    """Return the handle columns of all ways to sign in: sessions, tokens, links, devices."""
    tables = (table for table in metadata.sorted_tables if table not in (people, provider_accounts))
    return [table.c.handle for table in tables if "handle" in table.c]


def _summary(conn: Connection, handle: str, into: str) -> JoinSummary:
    if handle == into:
        raise Refused(JOINED_WITH_ITSELF, field="handle", handle=InQuotes(handle))
    person_row(conn, handle)
    if person_row(conn, into).disabled_at is not None:
        raise Refused(JOINED_WITH_NOBODY, field="into", handle=InQuotes(into))
    keep_an_admin(conn, handle)
    ties = [_count(conn, provider_accounts.c.handle, name) for name in (handle, into)]
    return JoinSummary(
        drafts=_count(conn, drafts.c.author, handle),
        waiting=_count(conn, handed.c.author, handle) + _count(conn, embargoed.c.author, handle),
        notes=_count(conn, notes.c.written_by, handle),
        readings=_count(conn, samples.c.coder, handle),
        requests=_count(conn, inquiries.c.asked_by, handle),
        others=_others(conn, handle),
        sessions=_count(conn, sessions.c.handle, handle),
        tokens=_count(conn, tokens.c.handle, handle),
        takes_provider=ties == [1, 0],
        drops_provider=ties == [1, 1],
    )


def _count(conn: Connection, column: Column[str], handle: str) -> int:
    query = select(func.count()).select_from(column.table).where(column == handle)
    return conn.execute(query).scalar_one()


def _others(conn: Connection, handle: str) -> int:
    """Count the rows that move and are not counted apart, each once."""
    total = 0
    for table in {column.table for column in columns_of_who()}:
        apart = COUNTED_APART.get(table.name)
        rest = [
            column for column in columns_of_who() if column.table is table and column is not apart
        ]
        if rest:
            conditions = [] if apart is None else [apart != handle]
            has_handle = or_(*(column == handle for column in rest))
            query = select(func.count()).select_from(table).where(has_handle, *conditions)
            total += conn.execute(query).scalar_one()
    return total


def _drop_older_drafts(conn: Connection, handle: str, into: str) -> None:
    """If both accounts have the same draft, keep the one saved last."""
    other = drafts.alias()
    for mine, theirs, is_older in (
        (handle, into, drafts.c.saved_at <= other.c.saved_at),
        (into, handle, drafts.c.saved_at < other.c.saved_at),
    ):
        twin = and_(other.c.author == theirs, other.c.id == drafts.c.id, is_older)
        conn.execute(delete(drafts).where(drafts.c.author == mine, exists().where(twin)))


def _hand_over_provider(conn: Connection, handle: str, into: str) -> None:
    handle_column = provider_accounts.c.handle
    if _count(conn, handle_column, into):
        conn.execute(delete(provider_accounts).where(handle_column == handle))
    else:
        conn.execute(update(provider_accounts).where(handle_column == handle).values(handle=into))
