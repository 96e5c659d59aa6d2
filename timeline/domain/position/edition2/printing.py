"""The status of a change: printed, waiting for an editor, or declined, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from timeline.domain.nature import DERIVED
from timeline.domain.position.change import SHADES
from timeline.domain.position.edition2.record import is_old
from timeline.domain.position.edition2.words import is_body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.position.change import Status
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.moves import Move
    from timeline.domain.position.edition2.record import Topic, Verdict
    from timeline.domain.position.edition2.words import StatementVersion

Reason: TypeAlias = Literal[
    "vote",
    "decision",
    "signed",
    "both_quotes_carry",
    "derived",
    "not_a_reversal",
    "not_one_person",
    "quote_does_not_carry",
    "date_uncertain",
    "new_office",
    "words_between",
    "old",
    "returns",
    "there_and_back",
    "joint",
    "uncoded",
]


def judge(move: Move, topic: Topic, verdicts: Sequence[Verdict]) -> tuple[Status, tuple[str, ...]]:
    """Return the status of a change, and the reasons.

    The reasons say what allows to print it, or all that forbids it until an editor signs, or why
    the editor declined it.
    """
    verdict = verdict_on(move, verdicts)
    if verdict and not verdict.signed:
        return "declined", (verdict.cause,)
    if is_decision(move):
        return "printed", ("decision",)
    if verdict and not _is_uncoded(move):
        return "printed", ("signed",)
    against = tuple(_against(move, topic))
    if not against:
        return "printed", ("both_quotes_carry",)
    if topic.prints == DERIVED and move.kind not in SHADES and not _is_uncoded(move):
        return "printed", ("derived",)
    return "waiting", against


def verdict_on(move: Move, verdicts: Sequence[Verdict]) -> Verdict | None:
    """Return the last verdict on a change; a correction of words at its ends voids it."""
    before, after = {*move.before.numbers}, {version.statement for version in move.made_by}
    amended = max(version.amended_at for version in (*move.before.words, *move.made_by))
    valid = [
        verdict
        for verdict in verdicts
        if verdict.before
        and verdict.after
        and verdict.before <= before
        and verdict.after <= after
        and verdict.known_from > amended
    ]
    return max(valid, key=lambda verdict: (verdict.known_from, not verdict.signed), default=None)


def is_decision(move: Move) -> bool:
    """Tell whether both ends are a body's own vote or text, which needs no judgment of ours."""
    return all(map(_is_decided, (*move.before.words, *move.made_by)))


def _is_decided(words: StatementVersion) -> bool:
    return is_body(words) and not words.uncoded and (words.voted or words.own_text)


def _is_uncoded(move: Move) -> bool:
    return move.before.uncoded or (move.after is not None and move.after.uncoded)


def _against(move: Move, topic: Topic) -> list[Reason]:
    """Return all reasons not to print a change that nobody signed."""
    before, after = move.before, move.after
    ends = (before, after) if after else (before,)
    checks: list[tuple[Reason, bool]] = [
        ("not_a_reversal", move.kind != "reversal"),
        ("not_one_person", not _is_one_person(ends)),
        ("quote_does_not_carry", not all(end.carries for end in ends)),
        ("date_uncertain", not move.certain),
        ("new_office", after is not None and before.roles != after.roles),
        ("words_between", bool(move.between)),
        ("old", is_old(topic, before.latest, move.at)),
        ("returns", bool(move.returns_to)),
        ("there_and_back", move.back is not None),
        ("joint", after is not None and after.joint),
        ("uncoded", _is_uncoded(move)),
    ]
    return [reason for reason, holds in checks if holds]


def _is_one_person(ends: tuple[End, ...]) -> bool:
    kinds = {version.speaker_kind for end in ends for version in end.words}
    return kinds == {"person"} and len({end.speaker for end in ends}) == 1
