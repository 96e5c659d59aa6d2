"""Link the desk's people to accounts at an OpenID Connect provider."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, select

from timeline.desk.accounts.people import (
    LINK_USED,
    add_person,
    invited_by,
    spend,
)
from timeline.desk.accounts.sessions import end_half_sign_ins
from timeline.desk.accounts.tries import take_turns
from timeline.desk.part import DeskPart
from timeline.desk.tables import people, provider_accounts, second_factors, sessions
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.spelling import romanise

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.desk.accounts.provider import ProviderIdentity
    from timeline.desk.accounts.roles import Role

NOBODY_HERE = Message(
    "nobody_here",
    "nobody at this desk signs in as %(account)s of %(issuer)s",
    fix="open the one-time link that an admin gave you, and sign in from there",
)
PROVIDER_ACCOUNT_TAKEN = Message(
    "provider_account_taken",
    "%(account)s of %(issuer)s signs in somebody else at this desk",
    fix="sign out there, and in again as yourself",
)
NO_OTHER_WAY_IN = Message(
    "no_other_way_in",
    "you would have no way in left",
    fix="set a password first, by a one-time link of an admin",
)
LINK_NEEDS_CODE = Message(
    "link_needs_code",
    "a one-time link does not go around your second factor",
    fix="set a password by it, give a code, and choose the provider at /account then",
)

MOST_LETTERS = 32


class ProviderAccounts(DeskPart):
    """Links provider accounts to people, one to one, and signs in with them."""

    def sign_in(self, identity: ProviderIdentity, newcomers: Role | None, now: int) -> str:
        """Return the handle of a person at a provider.

        Unknown people are added with the role ``newcomers``. Raises `Refused` if that is ``None``,
        and for a disabled account.
        """
        with self._writing() as conn:
            take_turns(conn)
            handle = _handle_of(conn, identity)
            if handle is None:
                if newcomers is None:
                    raise _refused(NOBODY_HERE, identity)
                handle = _free_handle(conn, identity)
                add_person(conn, handle, identity.name or handle, newcomers, now)
                _tie(conn, handle, identity, now)
            elif _is_disabled(conn, handle):
                raise _refused(NOBODY_HERE, identity)
        return handle

    def tie(self, handle: str, identity: ProviderIdentity, now: int) -> None:
        """Link a provider account to somebody, in place of any other.

        Raises `Refused` if it belongs to somebody else.
        """
        with self._writing() as conn:
            take_turns(conn)
            _tie(conn, handle, identity, now)

    def untie(self, handle: str) -> None:
        """Unlink somebody's provider account; raises `Refused` if they have no password."""
        with self._writing() as conn:
            query = select(people.c.password).where(people.c.handle == handle)
            if conn.execute(query).scalar() is None:
                raise Refused(NO_OTHER_WAY_IN)
            conn.execute(delete(provider_accounts).where(provider_accounts.c.handle == handle))

    def redeem(self, secret: str, identity: ProviderIdentity, now: int) -> str:
        """Use somebody's one-time link to link a provider account; return their handle.

        Every session ends, as with a new password. Raises `Refused` for a spent link, for that of
        the first admin, for an account of somebody else, and for a person with a second factor,
        which the link does not prove.
        """
        with self._writing() as conn:
            take_turns(conn)
            handle = invited_by(conn, secret, now)
            if not handle:
                raise Refused(LINK_USED)
            if _has_second_factor(conn, handle):
                raise Refused(LINK_NEEDS_CODE)
            _tie(conn, handle, identity, now)
            spend(conn, secret)
            conn.execute(delete(sessions).where(sessions.c.handle == handle))
            end_half_sign_ins(conn, handle)
        return handle


def _handle_of(conn: Connection, identity: ProviderIdentity) -> str | None:
    condition = and_(
        provider_accounts.c.issuer == identity.issuer,
        provider_accounts.c.subject == identity.subject,
    )
    return conn.execute(select(provider_accounts.c.handle).where(condition)).scalar()


def _is_disabled(conn: Connection, handle: str) -> bool:
    query = select(people.c.disabled_at).where(people.c.handle == handle)
    return conn.execute(query).scalar() is not None


def _has_second_factor(conn: Connection, handle: str) -> bool:
    query = select(second_factors.c.handle).where(second_factors.c.handle == handle)
    return conn.execute(query).scalar() is not None


def _tie(conn: Connection, handle: str, identity: ProviderIdentity, now: int) -> None:
    if _handle_of(conn, identity) not in (None, handle):
        raise _refused(PROVIDER_ACCOUNT_TAKEN, identity)
    conn.execute(delete(provider_accounts).where(provider_accounts.c.handle == handle))
    row = {"issuer": identity.issuer, "subject": identity.subject, "handle": handle, "tied_at": now}
    conn.execute(insert(provider_accounts).values(row))


def _free_handle(conn: Connection, identity: ProviderIdentity) -> str:
    """Return a free handle that is like the person's handle or name at the provider."""
    taken = set(conn.execute(select(people.c.handle)).scalars())
    name = romanise(identity.handle.partition("@")[0] or identity.name)
    plain = re.sub("[^a-z0-9.]+", "-", name).strip("-.").lstrip("0123456789-.") or "colleague"
    tries = (f"{plain[: MOST_LETTERS - 8]}-{number}" for number in count(2))
    return next(handle for handle in chain([plain[:MOST_LETTERS]], tries) if handle not in taken)


def _refused(message: Message, identity: ProviderIdentity) -> Refused:
    account = InQuotes(identity.handle or identity.name or identity.subject)
    return Refused(message, account=account, issuer=identity.issuer)
