"""Tries to sign in: how many a stranger has, and why colleagues are not held up by them.

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
"""For one handle from one network without a known device, and for one handle on a known device."""

MOST_TRIES_OF_STRANGERS = 50
"""For one handle from anywhere without a known device."""

MOST_TRIES_FROM_ADDRESS = 50
"""From one network for any handle, without a known device."""


MOST_CODES_OF_STRANGERS = 10
"""Of a second factor, for one handle from anywhere without a known device: six digits are few, and
who guesses at them has the password."""


def take_turns(conn: Connection) -> None:
    """Let no other process count tries, admins or links until this transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE people, tries IN SHARE ROW EXCLUSIVE MODE"))


def count_try(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Count a try before its password is compared, so that a thousand at once are a thousand.

    ``address`` is the network it came from, ``device`` the secret of the browser's cookie, if any.
    Raises `Refused` for one too many.
    """
    _count(conn, _counted(conn, handle, address, device, now), now)


def count_code(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Count a try of a second factor, apart from those of passwords, which a right one forgives.

    Takes and raises what `count_try` does.
    """
    _count(conn, _counted_codes(conn, handle, address, device, now), now)


def _count(conn: Connection, counted: dict[str, int], now: int) -> None:
    take_turns(conn)
    conn.execute(delete(tries).where(tries.c.at <= now - TRIES_COUNT_FOR))
    for who, most in counted.items():
        count, first = conn.execute(
            select(func.count(), func.min(tries.c.at)).where(tries.c.who == who)
        ).one()
        if count >= most:
            left = first + TRIES_COUNT_FOR - now
            raise Refused(TOO_MANY_TRIES, minutes=-(-left // MINUTE))
    conn.execute(insert(tries), [{"who": who, "at": now} for who in counted])


def forgive(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Hold a right try against nobody, nor the wrong ones of the same sender before it."""
    _forgive(conn, [*_counted(conn, handle, address, device, now)], now)


def forgive_code(conn: Connection, handle: str, address: str, device: str, now: int) -> None:
    """Do so for a right code of a second factor."""
    _forgive(conn, [*_counted_codes(conn, handle, address, device, now)], now)


def _forgive(conn: Connection, counted: list[str], now: int) -> None:
    own, *shared = counted
    this = and_(tries.c.who.in_(shared), tries.c.at == now)
    conn.execute(delete(tries).where(or_(tries.c.who == own, this)))


def _counted(conn: Connection, handle: str, address: str, device: str, now: int) -> dict[str, int]:
    """Return what a try counts against, and how many there may be; the sender's own comes first."""
    if known := known_device(conn, handle, device, now):
        return {f"device {known}": MOST_TRIES}
    return {
        f"handle {handle} from {address}": MOST_TRIES,
        f"handle {handle}": MOST_TRIES_OF_STRANGERS,
        f"address {address}": MOST_TRIES_FROM_ADDRESS,
    }


def _counted_codes(
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
