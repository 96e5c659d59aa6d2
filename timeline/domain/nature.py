"""The nature of a topic: it asks for a position, a fact, a forecast, a decision or a vote."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused, check_choice
from timeline.domain.messages import Message

UNKNOWN_NATURE = Message(
    "unknown_nature", "a topic does not ask for %(asks)s", fix="use one of: %(choices)s"
)
UNKNOWN_PRINTS = Message(
    "unknown_prints",
    "a topic does not print %(prints)s changes",
    fix="use one of: %(choices)s",
)
MONTHS_UNFIT = Message(
    "months_unfit",
    "%(limit)s is no number of months after which words are old",
    fix="give 1 to %(most)s, or nothing where they never are",
)

POSITION, FACT, FORECAST, DECISION, VOTE = "position", "fact", "forecast", "decision", "vote"
ASKS = (POSITION, FACT, FORECAST, DECISION, VOTE)
PRINTS = SIGNED, DERIVED = "signed", "derived"
"""Which changes are printed: those an editor signed, or all that the rule derives."""
USUAL_LIMIT, LONGEST_LIMIT = 24, 1_200
"""Months after which an unrepeated position is only the last known one."""

_BY_SCALE = {"expectation": FORECAST, "claim": FACT, "vote": VOTE}


class Nature(msgspec.Struct, frozen=True):
    """What a topic asks for, and after how many months statements are old (``None``: never).

    A ``recurring`` decision is taken again and again, as on an interest rate. ``prints`` is one of
    `PRINTS`.
    """

    asks: str
    recurring: bool = False
    limit_months: int | None = None
    prints: str = SIGNED


def usual_nature(scale: str) -> Nature:
    """Return the default nature of a topic, by its scale."""
    asks = _BY_SCALE.get(scale, POSITION)
    return Nature(asks, limit_months=usual_limit(asks, recurring=False))


def usual_limit(asks: str, *, recurring: bool) -> int | None:
    """Return the default limit: votes and recurring decisions have none, they stay in force."""
    return None if recurring or asks == VOTE else USUAL_LIMIT


def check_nature(nature: Nature) -> None:
    """Raise `Refused` for an invalid nature."""
    check_choice(UNKNOWN_NATURE, ASKS, field="asks", asks=nature.asks)
    check_choice(UNKNOWN_PRINTS, PRINTS, field="prints", prints=nature.prints)
    limit = nature.limit_months
    if limit is not None and not 1 <= limit <= LONGEST_LIMIT:
        raise Refused(MONTHS_UNFIT, field="limit_months", limit=limit, most=LONGEST_LIMIT)
