"""A change of position in edition 2: its two ends, its kind, and all its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import DAY
from timeline.domain.position.change import Change
from timeline.domain.position.edition2.printing import judge, verdict_on
from timeline.domain.position.edition2.record import is_old

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.moves import Move
    from timeline.domain.position.edition2.record import Topic, Verdict

RULE = 2


def change_of(
    move: Move, lanes: tuple[str, ...], topic: Topic, verdicts: Sequence[Verdict]
) -> Change:
    """Return a change with its marks and its status."""
    before, after, made_by = move.before, move.after, move.made_by
    back, ends = move.back, [end for end in (before, after) if end]
    status, because = judge(move, topic, verdicts)
    positions = [version.known_from for version in (*before.words, *made_by)]
    if because == ("signed",) and (verdict := verdict_on(move, verdicts)):
        positions.append(verdict.known_from)
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
        after=tuple(version.statement for version in made_by),
        withdrawn_by=tuple(version.statement for version in move.taken_back_by),
        between=move.between,
        returns_to=move.returns_to,
        back=back.numbers if back else (),
        back_on=back.day if back else None,
        day=move.at // DAY,
        counts_from=move.at,
        lowest=None,
        highest=None,
        other_speaker=after is not None and after.speaker != before.speaker,
        known_at=max(positions),
        certain=move.certain,
        old=is_old(topic, before.latest, move.at),
        joint=after is not None and after.joint,
        uncoded=any(end.uncoded for end in ends),
        new_office=after is not None and _is_new_office(before, after),
        other_wording=_is_other_wording(move),
        status=status,
        because=because,
        rule=RULE,
    )


def _conditions(end: End | None, other: End | None) -> tuple[str, ...]:
    """Return the conditions of one end that the other lacks; only if both are of one class."""
    if not end or not other or end.state[0] != other.state[0]:
        return ()
    return tuple(sorted(end.terms - other.terms))


def _is_new_office(before: End, after: End) -> bool:
    return before.speaker == after.speaker and before.roles != after.roles


def _is_other_wording(move: Move) -> bool:
    wordings = {version.wording for version in move.before.words}
    return any(version.wording not in wordings for version in move.made_by)
