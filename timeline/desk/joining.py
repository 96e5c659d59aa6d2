"""Joining two accounts of one person: what lies on the desk under the one goes to the other."""

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

DID_IT = frozenset(
    ("author", "added_by", "asked_by", "coder", "decided_by", "moved_by", "set_by", "settled_by")
) | {"seen_by", "written_by"}
"""What columns are called that say by handle who did something, or whose it is."""

TOLD: dict[str, Column[str]] = {
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
"""Of these, by table, whose rows are told by name; what else moves is told as so many others."""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What joining one account into another does: counts of what goes over, and of what ends.

    ``waiting`` are entries for a second person or their moment, ``readings`` samples to code again,
    ``requests`` for a reply, ``others`` all else that bears the handle: texts, decisions, moves of
    the inbox, added feeds, requests of others that it settled. ``takes_provider`` says that the
    other signs in at the provider by it from then on, ``drops_provider`` that nobody does, since
    the other has an account there already.
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
    """Says what joining two accounts would do, and does it."""

    def preview(self, handle: str, into: str) -> Joined:
        """Return what joining one account into another would do; raises what `join` raises."""
        with self._reading() as conn:
            return _weighed(conn, handle, into)

    def join(self, handle: str, into: str, now: int) -> Joined:
        """Let another account have what lies on the desk under ``handle``, which signs in no more.

        Events keep their author. The other keeps its role; sessions, tokens and the password of
        ``handle`` end. Raises `Refused` for an account with itself, for another that may not sign
        in and where no admin would be left, `NotFound` for a handle that nobody has.
        """
        with self._writing() as conn:
            take_turns(conn)
            joined = _weighed(conn, handle, into)
            _drop_older_drafts(conn, handle, into)
            for column in columns_of_who():
                mine = update(column.table).where(column == handle)
                conn.execute(mine.values({column.name: into}))
            _hand_over_provider(conn, handle, into)
            for column in _columns_of_access():
                conn.execute(delete(column.table).where(column == handle))
            gone = update(people).where(people.c.handle == handle)
            conn.execute(gone.values(password=None, disabled_at=now))
        return joined


def columns_of_who() -> list[Column[str]]:
    """Return every column of the desk that says by handle who did something."""
    return [
        column for table in metadata.sorted_tables for column in table.c if column.name in DID_IT
    ]


def _columns_of_access() -> list[Column[str]]:
    """Return the handles of all that lets somebody in: sessions, tokens, links, devices."""
    tables = (table for table in metadata.sorted_tables if table not in (people, provider_accounts))
    return [table.c.handle for table in tables if "handle" in table.c]


def _weighed(conn: Connection, handle: str, into: str) -> Joined:
    if handle == into:
        raise Refused(JOINED_WITH_ITSELF, field="handle", handle=InQuotes(handle))
    person_row(conn, handle)
    if person_row(conn, into).disabled_at is not None:
        raise Refused(JOINED_WITH_NOBODY, field="into", handle=InQuotes(into))
    keep_an_admin(conn, handle)
    ties = [_count(conn, provider_accounts.c.handle, one) for one in (handle, into)]
    return Joined(
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
    counted = select(func.count()).select_from(column.table).where(column == handle)
    return conn.execute(counted).scalar_one()


def _others(conn: Connection, handle: str) -> int:
    """Count the rows that move and are not told by name, each once."""
    counted = 0
    for table in {column.table for column in columns_of_who()}:
        told = TOLD.get(table.name)
        rest = [
            column for column in columns_of_who() if column.table is table and column is not told
        ]
        if rest:
            untold = [] if told is None else [told != handle]
            bears = or_(*(column == handle for column in rest))
            query = select(func.count()).select_from(table).where(bears, *untold)
            counted += conn.execute(query).scalar_one()
    return counted


def _drop_older_drafts(conn: Connection, handle: str, into: str) -> None:
    """Keep of a form that both accounts kept what was saved last: somebody signed in meanwhile."""
    other = drafts.alias()
    for mine, theirs, is_older in (
        (handle, into, drafts.c.saved_at <= other.c.saved_at),
        (into, handle, drafts.c.saved_at < other.c.saved_at),
    ):
        twin = and_(other.c.author == theirs, other.c.id == drafts.c.id, is_older)
        conn.execute(delete(drafts).where(drafts.c.author == mine, exists().where(twin)))


def _hand_over_provider(conn: Connection, handle: str, into: str) -> None:
    tied = provider_accounts.c.handle
    if _count(conn, tied, into):
        conn.execute(delete(provider_accounts).where(tied == handle))
    else:
        conn.execute(update(provider_accounts).where(tied == handle).values(handle=into))
