"""The people of the desk: handles, names, roles, passwords and one-time links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from timeline.desk.accounts.devices import forget_devices
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.secrets import (
    fingerprint,
    hashed,
    is_outdated,
    is_password,
    new_secret,
    require_hard_to_guess,
)
from timeline.desk.accounts.sessions import end_half_sign_ins
from timeline.desk.accounts.tries import HOUR, count_try, forgive, take_turns
from timeline.desk.part import DeskPart
from timeline.desk.tables import (
    devices,
    half_sign_ins,
    invitations,
    offered_keys,
    people,
    provider_accounts,
    second_factors,
    sessions,
    tokens,
)
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

NOT_A_HANDLE = Message(
    "not_a_handle",
    "%(handle)s cannot be a handle",
    fix="use lower-case letters, digits, dots and hyphens, beginning with a letter",
)
HANDLE_TAKEN = Message(
    "handle_taken",
    "somebody is called %(handle)s already",
    fix="choose another; it stands in every event that is recorded",
)
PERSON_NAME_MISSING = Message("person_name_missing", "the person has no name", fix="say who it is")
NO_SUCH_PERSON = Message("no_such_person", "nobody at this desk is called %(handle)s")
LAST_ADMIN = Message(
    "last_admin",
    "%(handle)s is the only admin",
    fix="make somebody else an admin first",
)
WRONG_PASSWORD = Message(
    "wrong_password",
    "handle or password is not right",
    fix="try again, or ask an admin for a one-time link",
)
LINK_USED = Message(
    "link_used",
    "this link was used, is too old, or was never given out",
    fix="ask an admin for a new one",
)
ADMIN_EXISTS = Message(
    "admin_exists", "this desk has an admin already", fix="ask one for a one-time link"
)

LINK_LASTS = 48 * HOUR
FIRST_LINK_LASTS = HOUR
MOST_COUNTED = 40
"""How many characters of a handle count for tries: more than any handle has."""

_HANDLE = re.compile(r"[a-z][a-z0-9.-]{0,31}")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in; times are in microseconds UTC, ``None`` for never.

    ``invited_until`` is the end of an unused one-time link, ``has_provider`` whether they sign
    in at the desk's OpenID Connect provider, ``second_factor`` since when they have one.
    """

    handle: str
    name: str
    role: Role
    created_at: int
    last_used: int | None = None
    disabled_at: int | None = None
    has_password: bool = False
    has_provider: bool = False
    second_factor: int | None = None
    invited_until: int | None = None
    sessions: int = 0


class People(DeskPart):
    """Keeps people; a change applies from their next request on."""

    def add(self, handle: str, name: str, role: Role, now: int) -> Person:
        """Add somebody, who cannot sign in before they get a link or a password.

        Raises `Refused` for a handle that is invalid or taken, and without a name.
        """
        with self._writing() as conn:
            add_person(conn, handle.strip(), name, role, now)
        return self.find(handle.strip())

    def find(self, handle: str) -> Person:
        """Return a person; raises `NotFound` for an unknown handle."""
        with self._reading() as conn:
            return _person(person_row(conn, handle), *_details(conn))

    def everyone(self) -> list[Person]:
        """Return everybody by name, disabled people last."""
        with self._reading() as conn:
            rows = conn.execute(
                select(people).order_by(people.c.disabled_at.is_not(None), people.c.name)
            ).all()
            known = _details(conn)
        return [_person(row, *known) for row in rows]

    def has_admin(self) -> bool:
        """Tell whether there is an admin."""
        with self._reading() as conn:
            return bool(_admins(conn))

    def set_role(self, handle: str, role: Role) -> None:
        """Change somebody's role; raises `Refused` if no admin would be left."""
        with self._writing() as conn:
            take_turns(conn)
            if role < Role.ADMIN:
                keep_an_admin(conn, handle)
            _change(conn, handle, role=role.word)

    def disable(self, handle: str, now: int) -> None:
        """Disable an account, and end its sessions, tokens and links."""
        with self._writing() as conn:
            take_turns(conn)
            keep_an_admin(conn, handle)
            _change(conn, handle, disabled_at=now)
            ways_in = sessions, tokens, invitations, devices, half_sign_ins, offered_keys
            for table in ways_in:
                conn.execute(delete(table).where(table.c.handle == handle))

    def enable(self, handle: str) -> None:
        """Enable an account again."""
        with self._writing() as conn:
            _change(conn, handle, disabled_at=None)

    def set_password(self, handle: str, password: str) -> None:
        """Set somebody's password; every session ends, and every device is forgotten.

        Raises `Refused` for a password that is too easy, `NotFound` for an unknown handle.
        """
        require_hard_to_guess(password, handle, self.find(handle).name)
        password_hash = hashed(password)
        with self._writing() as conn:
            _change(conn, handle, password=password_hash)
            _end_access(conn, handle)

    def sign_in(
        self, handle: str, password: str, address: str, now: int, *, device: str = ""
    ) -> Person:
        """Return the person with a handle and password.

        Raises `Refused` for a wrong one, without saying whether the handle exists, and for too many
        wrong ones in all processes: counted by handle and by ``address``, or by ``device`` (the
        secret of its cookie) if the handle signed in on it before.
        """
        handle = handle.strip()[:MOST_COUNTED]
        with self._writing() as conn:
            count_try(conn, handle, address, device, now)
        row = self._row(_by_handle(handle))
        stored = row.password if row is not None and row.disabled_at is None else None
        if not is_password(password, stored):
            raise Refused(WRONG_PASSWORD)
        with self._writing() as conn:
            forgive(conn, handle, address, device, now)
            if is_outdated(stored or ""):
                _change(conn, handle, password=hashed(password))
        return self.find(handle)

    def link(self, handle: str, now: int) -> str:
        """Return the secret of a one-time link with which somebody sets a password.

        It replaces an earlier one; raises `NotFound` for an unknown handle.
        """
        self.find(handle)
        return self._invite(handle, now + LINK_LASTS)

    def first_link(self, now: int) -> str:
        """Return the secret of the link for the first admin; raises `Refused` after that."""
        if self.has_admin():
            raise Refused(ADMIN_EXISTS)
        return self._invite("", now + FIRST_LINK_LASTS)

    def invited(self, secret: str, now: int) -> Person | None:
        """Return the person of a link, ``None`` for the first admin; raises `Refused` if spent."""
        with self._reading() as conn:
            handle = invited_by(conn, secret, now)
        return self.find(handle) if handle else None

    def redeem(
        self, secret: str, password: str, now: int, *, handle: str = "", name: str = ""
    ) -> Person:
        """Set a password with a link, which is spent then; the first admin gives handle and name.

        Raises `Refused` for a spent link, and as `add` and `set_password` do.
        """
        person = self.invited(secret, now)
        own_handle = person.handle if person else handle.strip()
        require_hard_to_guess(password, own_handle, person.name if person else name)
        password_hash = hashed(password)
        with self._writing() as conn:
            take_turns(conn)
            if not invited_by(conn, secret, now):
                if _admins(conn):
                    raise Refused(ADMIN_EXISTS)
                add_person(conn, own_handle, name, Role.ADMIN, now)
            _change(conn, own_handle, password=password_hash)
            spend(conn, secret)
            _end_access(conn, own_handle)
        return self.find(own_handle)

    def _invite(self, handle: str, until: int) -> str:
        secret = new_secret()
        row = {"fingerprint": fingerprint(secret), "handle": handle, "expires_at": until}
        with self._writing() as conn:
            conn.execute(delete(invitations).where(invitations.c.handle == handle))
            conn.execute(insert(invitations).values(row))
        return secret


def add_person(conn: Connection, handle: str, name: str, role: Role, now: int) -> None:
    """Add somebody within a transaction; raises `Refused` as `People.add` does."""
    clean_name = " ".join(name.split())
    if not _HANDLE.fullmatch(handle):
        raise Refused(NOT_A_HANDLE, field="handle", handle=InQuotes(handle))
    if not clean_name:
        raise Refused(PERSON_NAME_MISSING, field="name")
    if conn.execute(_by_handle(handle)).first() is not None:
        raise Refused(HANDLE_TAKEN, field="handle", handle=InQuotes(handle))
    row = {"handle": handle, "name": clean_name, "role": role.word, "created_at": now}
    conn.execute(insert(people).values(row))


def _by_handle(handle: str) -> Select[Any]:
    return select(people).where(people.c.handle == handle)


def person_row(conn: Connection, handle: str) -> Any:  # noqa: ANN401 - SQLAlchemy's row
    """Return somebody's row; raises `NotFound` for an unknown handle."""
    row = conn.execute(_by_handle(handle)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PERSON, field="handle", handle=InQuotes(handle))
    return row


def _person(
    row: Any,  # noqa: ANN401 - SQLAlchemy's row
    counts: dict[str, int],
    links: dict[str, int],
    at_provider: set[str],
    factors: dict[str, int],
) -> Person:
    return Person(
        handle=row.handle,
        name=row.name,
        role=Role.named(row.role),
        created_at=row.created_at,
        last_used=row.last_used,
        disabled_at=row.disabled_at,
        has_password=row.password is not None,
        has_provider=row.handle in at_provider,
        second_factor=factors.get(row.handle),
        invited_until=links.get(row.handle),
        sessions=counts.get(row.handle, 0),
    )


def _details(conn: Connection) -> tuple[dict[str, int], dict[str, int], set[str], dict[str, int]]:
    """Return what other tables have on people, by their handles."""
    factors = {row.handle: row.since for row in conn.execute(select(second_factors))}
    links = {row.handle: row.expires_at for row in conn.execute(select(invitations))}
    at_provider = set(conn.execute(select(provider_accounts.c.handle)).scalars())
    return _open_sessions(conn), links, at_provider, factors


def _end_access(conn: Connection, handle: str) -> None:
    """End all access that an old password may have given."""
    conn.execute(delete(sessions).where(sessions.c.handle == handle))
    end_half_sign_ins(conn, handle)
    forget_devices(conn, handle)


def _open_sessions(conn: Connection) -> dict[str, int]:
    query = select(sessions.c.handle, func.count()).group_by(sessions.c.handle)
    return {row.handle: row[1] for row in conn.execute(query)}


def _admins(conn: Connection) -> list[str]:
    query = select(people.c.handle).where(
        people.c.role == Role.ADMIN.word, people.c.disabled_at.is_(None)
    )
    return list(conn.execute(query).scalars())


def keep_an_admin(conn: Connection, handle: str) -> None:
    """Raise `Refused` if nobody else is an admin."""
    if _admins(conn) == [handle]:
        raise Refused(LAST_ADMIN, field="role", handle=InQuotes(handle))


def _change(conn: Connection, handle: str, **values: object) -> None:
    if not conn.execute(update(people).where(people.c.handle == handle).values(values)).rowcount:
        raise NotFound(NO_SUCH_PERSON, field="handle", handle=InQuotes(handle))


def invited_by(conn: Connection, secret: str, now: int) -> str:
    """Return the handle of a link, empty for the first admin.

    Raises `Refused` for a spent link.
    """
    query = select(invitations).where(invitations.c.fingerprint == fingerprint(secret))
    row = conn.execute(query).one_or_none()
    if row is None or row.expires_at <= now:
        raise Refused(LINK_USED)
    return str(row.handle)


def spend(conn: Connection, secret: str) -> None:
    """Remove a one-time link."""
    conn.execute(delete(invitations).where(invitations.c.fingerprint == fingerprint(secret)))
