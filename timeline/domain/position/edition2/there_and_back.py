"""A change and its return within two weeks are one entry with both days, not two changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from timeline.domain.position.edition2.moves import Move

DAYS = 14
ONE_STEP = ("reversal", "terms", "opens", "settles")


def join_returns(
    moves: Iterable[Move], days: Collection[int], is_signed: Callable[[Move], bool]
) -> list[Move]:
    """Return the changes of a line, joining each change with an immediate return.

    The return must lead to the same step and conditions, and only one of the ``days`` with words
    may lie between.
    """
    joined: list[Move] = []
    for move in moves:
        last = joined[-1] if joined else None
        if last and _goes_back(last, move, days) and not (is_signed(last) or is_signed(move)):
            joined[-1] = msgspec.structs.replace(last, back=move.after)
        else:
            joined.append(move)
    return joined


def _goes_back(there: Move, back: Move, days: Iterable[int]) -> bool:
    away, home = there.after, back.after
    return (
        there.back is None
        and away is not None
        and home is not None
        and {there.kind, back.kind} <= {*ONE_STEP}
        and back.before == away
        and (home.direction, home.terms) == (there.before.direction, there.before.terms)
        and home.day - away.day <= DAYS
        and sum(there.before.day < day < home.day for day in days) == 1
    )
