"""Count the tries to sign in, without locking colleagues out.

Strangers are counted apart from devices that a handle signed in on before, as OWASP describes it
(Slow Down Online Guessing Attacks with Device Cookies): whoever guesses at a known handle uses up
the strangers' tries, and its owner still gets in on a device of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, text

from timeline.desk.accounts.devices import known_device
from timeline.desk.tables import tries
from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import Connection

TOO_MANY_TRIES = Message(
    "too_many_tries",
    "there were too many wrong tries",
    fix="wait %(minutes)s minutes, or use another browser in which you signed in before",
)

MINUTE = 60 * MICROSECONDS
HOUR = 60 * MINUTE
TRIES_COUNT_FOR = 15 * MINUTE
MOST_TRIES = 5
"""For a handle from one network without a known device, and for a handle on a known device."""

MOST_TRIES_OF_STRANGERS = 50
"""For a handle from anywhere without a known device."""

MOST_TRIES_FROM_ADDRESS = 50
"""From one network for any handle, without a known device."""


MOST_CODES_OF_STRANGERS = 10
"""Codes for a handle from anywhere without a known device: six digits are few, and whoever guesses
them has the password."""


def take_turns(conn: Connection) -> None:
    """Lock out other processes that count tries, admins or links, until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE people, tries IN SHARE ROW EXCLUSIVE MODE"))


def count_try(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Count a try before its password is compared, so that parallel tries all count.

    ``address`` is the network it came from, ``device`` the secret of the browser's cookie, if any.
    Raises `Refused` for one too many.
    """
    _count(conn, _limits(conn, handle, address, device, now), now)


def count_code(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Count a try of a second factor, apart from tries of passwords.

    Takes and raises the same as `count_try`.
    """
    _count(conn, _code_limits(conn, handle, address, device, now), now)


def _count(conn: Connection, limits: dict[str, int], now: int) -> None:
    take_turns(conn)
    conn.execute(delete(tries).where(tries.c.at <= now - TRIES_COUNT_FOR))
    for who, most in limits.items():
        count, first = conn.execute(
            select(func.count(), func.min(tries.c.at)).where(tries.c.who == who)
        ).one()
        if count >= most:
            remaining = first + TRIES_COUNT_FOR - now
            raise Refused(TOO_MANY_TRIES, minutes=-(-remaining // MINUTE))
    conn.execute(insert(tries), [{"who": who, "at": now} for who in limits])


def forgive(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Forget a right try, and the sender's wrong ones before it."""
    _forgive(conn, [*_limits(conn, handle, address, device, now)], now)


def forgive_code(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Forget a right code, and the sender's wrong ones before it."""
    _forgive(conn, [*_code_limits(conn, handle, address, device, now)], now)


def _forgive(conn: Connection, keys: list[str], now: int) -> None:
    own, *shared = keys
    condition = and_(tries.c.who.in_(shared), tries.c.at == now)
    conn.execute(delete(tries).where(or_(tries.c.who == own, condition)))


def _limits(conn: Connection, handle: str, address: str, device: str, now: int) -> dict[str, int]:
    """Return the keys that a try counts for, with limits; the sender's own key comes first."""
    if known := known_device(conn, handle, device, now):
        return {f"device {known}": MOST_TRIES}
    return {
        f"handle {handle} from {address}": MOST_TRIES,
        f"handle {handle}": MOST_TRIES_OF_STRANGERS,
        f"address {address}": MOST_TRIES_FROM_ADDRESS,
    }


def _code_limits(
    conn: Connection, handle: str, address: str, device: str, now: int
) -> dict[str, int]:
    """Return the same for codes of a second factor."""
    if known := known_device(conn, handle, device, now):
        return {f"code on device {known}": MOST_TRIES}
    return {
        f"code of {handle} from {address}": MOST_TRIES,
        f"code of {handle}": MOST_CODES_OF_STRANGERS,
        f"code from {address}": MOST_TRIES_FROM_ADDRESS,
    }
