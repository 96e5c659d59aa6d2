"""Which of the desk's people signs in by which account at an OpenID Connect provider."""

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

    from timeline.desk.accounts.provider import Vouched
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
    """Ties accounts at a provider to people, one to one, and signs in by them."""

    def sign_in(self, who: Vouched, newcomers: Role | None, now: int) -> str:
        """Return the handle of whom a provider vouches for.

        Who is not known yet is added with the role of ``newcomers``. Raises `Refused` where that is
        ``None``, and for somebody who is let in no more.
        """
        with self._writing() as conn:
            take_turns(conn)
            handle = _handle_of(conn, who)
            if handle is None:
                if newcomers is None:
                    raise _refused(NOBODY_HERE, who)
                handle = _free_handle(conn, who)
                add_person(conn, handle, who.name or handle, newcomers, now)
                _tie(conn, handle, who, now)
            elif _is_disabled(conn, handle):
                raise _refused(NOBODY_HERE, who)
        return handle

    def tie(self, handle: str, who: Vouched, now: int) -> None:
        """Let somebody sign in by an account from now on, in place of any other account.

        Raises `Refused` for one that signs in somebody else.
        """
        with self._writing() as conn:
            take_turns(conn)
            _tie(conn, handle, who, now)

    def untie(self, handle: str) -> None:
        """Let somebody sign in by no account any more; raises `Refused` without a password."""
        with self._writing() as conn:
            wanted = select(people.c.password).where(people.c.handle == handle)
            if conn.execute(wanted).scalar() is None:
                raise Refused(NO_OTHER_WAY_IN)
            conn.execute(delete(provider_accounts).where(provider_accounts.c.handle == handle))

    def redeem(self, secret: str, who: Vouched, now: int) -> str:
        """Spend somebody's one-time link on an account to sign in by; return their handle.

        Every session ends, as with a new password. Raises `Refused` for a spent link,
        for that of the first admin, for an account that signs in somebody else, and for who has a
        second factor: whoever holds the link has not proven that.
        """
        with self._writing() as conn:
            take_turns(conn)
            handle = invited_by(conn, secret, now)
            if not handle:
                raise Refused(LINK_USED)
            if _has_second_factor(conn, handle):
                raise Refused(LINK_NEEDS_CODE)
            _tie(conn, handle, who, now)
            spend(conn, secret)
            conn.execute(delete(sessions).where(sessions.c.handle == handle))
            end_half_sign_ins(conn, handle)
        return handle


def _handle_of(conn: Connection, who: Vouched) -> str | None:
    wanted = and_(
        provider_accounts.c.issuer == who.issuer, provider_accounts.c.subject == who.subject
    )
    return conn.execute(select(provider_accounts.c.handle).where(wanted)).scalar()


def _is_disabled(conn: Connection, handle: str) -> bool:
    wanted = select(people.c.disabled_at).where(people.c.handle == handle)
    return conn.execute(wanted).scalar() is not None


def _has_second_factor(conn: Connection, handle: str) -> bool:
    wanted = select(second_factors.c.handle).where(second_factors.c.handle == handle)
    return conn.execute(wanted).scalar() is not None


def _tie(conn: Connection, handle: str, who: Vouched, now: int) -> None:
    if _handle_of(conn, who) not in (None, handle):
        raise _refused(PROVIDER_ACCOUNT_TAKEN, who)
    conn.execute(delete(provider_accounts).where(provider_accounts.c.handle == handle))
    tied = {"issuer": who.issuer, "subject": who.subject, "handle": handle, "tied_at": now}
    conn.execute(insert(provider_accounts).values(tied))


def _free_handle(conn: Connection, who: Vouched) -> str:
    """Return what somebody goes by at the provider as a handle that nobody has."""
    taken = set(conn.execute(select(people.c.handle)).scalars())
    said = romanise(who.handle.partition("@")[0] or who.name)
    plain = re.sub("[^a-z0-9.]+", "-", said).strip("-.").lstrip("0123456789-.") or "colleague"
    tries = (f"{plain[: MOST_LETTERS - 8]}-{number}" for number in count(2))
    return next(one for one in chain([plain[:MOST_LETTERS]], tries) if one not in taken)


def _refused(message: Message, who: Vouched) -> Refused:
    account = InQuotes(who.handle or who.name or who.subject)
    return Refused(message, account=account, issuer=who.issuer)
