"""A change of position as edition 2 tells it: two ends, its kind, and all marks that it bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position.edition2.moves import Kind
from timeline.domain.position.edition2.printing import Status, judge
from timeline.domain.position.edition2.record import is_old
from timeline.domain.position.standing import Stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.moves import Move
    from timeline.domain.position.edition2.record import Topic, Verdict

RULE = 2


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Two ends, one after the other, that differ.

    ``lanes`` are those of who moved and of the sides that moved with them. ``from_`` and ``to``
    are directions (`mixed` or ``None`` only where edition 1 counts votes, and ``None`` for words
    taken back where nothing else stands); ``appeared`` and ``gone`` are conditions. ``before`` and
    ``after`` name the statements at the ends, ``withdrawn_by`` those that took words back (they
    are the later end, and ``to`` is what stands then),
    ``between`` those between the ends, ``returns_to`` those that had said the later thing before,
    ``back`` those of ``back_on``, the day on which the earlier thing was said again.

    ``at`` is the instant from which all words that made it had certainly been said, ``known_at``
    the log position from which all proof was known. ``old`` says that the earlier end is over the
    topic's limit before the later one: a sentence says "by" then, and "last found in".
    ``because`` gives the reasons for ``status``.
    """

    kind: Kind
    lanes: tuple[str, ...]
    before_by: str
    after_by: str
    from_: Stance
    to: Stance
    appeared: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    before: tuple[int, ...]
    after: tuple[int, ...]
    withdrawn_by: tuple[int, ...] = ()
    between: tuple[int, ...] = ()
    returns_to: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    back_on: int | None = None
    day: int
    at: int
    known_at: int
    certain: bool = True
    old: bool = False
    joint: bool = False
    uncoded: bool = False
    new_office: bool = False
    other_wording: bool = False
    status: Status = "waiting"
    because: tuple[str, ...] = ()
    rule: int = RULE


def change_of(
    move: Move, lanes: tuple[str, ...], topic: Topic, verdicts: Sequence[Verdict]
) -> Change:
    """Return a change with its marks, and whether it is printed."""
    before, after, made_by = move.before, move.after, move.made_by
    back, ends = move.back, [one for one in (before, after) if one]
    status, because = judge(move, topic, verdicts)
    return Change(
        kind=move.kind,
        lanes=lanes,
        before_by=before.speaker,
        after_by=after.speaker if after else made_by[0].speaker,
        from_=before.direction,
        to=after.direction if after else None,
        appeared=_conditions(after, before),
        gone=_conditions(before, after),
        before=before.numbers,
        after=tuple(one.statement for one in made_by),
        withdrawn_by=tuple(one.statement for one in move.taken_back_by),
        between=move.between,
        returns_to=move.returns_to,
        back=back.numbers if back else (),
        back_on=back.day if back else None,
        day=move.at // DAY,
        at=move.at,
        known_at=max(one.known_from for one in (*before.words, *made_by)),
        certain=move.certain,
        old=is_old(topic, before.latest, move.at),
        joint=after is not None and after.joint,
        uncoded=any(end.uncoded for end in ends),
        new_office=after is not None and _is_new_office(before, after),
        other_wording=_is_other_wording(move),
        status=status,
        because=because,
    )


def _conditions(one: End | None, other: End | None) -> tuple[str, ...]:
    """Return the conditions that stand at one end and not at the other; of one class only."""
    if not one or not other or one.state[0] != other.state[0]:
        return ()
    return tuple(sorted(one.terms - other.terms))


def _is_new_office(before: End, after: End) -> bool:
    return before.speaker == after.speaker and before.roles != after.roles


def _is_other_wording(move: Move) -> bool:
    asked = {one.wording for one in move.before.words}
    return any(one.wording not in asked for one in move.made_by)
