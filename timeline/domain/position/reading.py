"""The input of the rule: the statements of one lane, and which take back which."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from timeline.domain.instants import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = 1


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a statement on this lane, known in ``[known_from, known_until)``.

    ``statement`` is its public number. ``speaker`` is the person as merged at the requested log
    position. ``counts_from`` is the counting instant in seconds; ``timed`` says whether said_at
    has a time of day. ``rank`` is 0 for first-hand words, 1 for second-hand, 2 for ascribed;
    ``stance`` is −2 … +2, or ``None`` for no position. ``wording`` is the number of the question's
    wording that it answers. ``voice`` marks a speaker who speaks for the side of this lane without
    deciding. The versions of one statement do not overlap.
    """

    statement: int
    speaker: str
    counts_from: int
    timed: bool = False
    rank: int = 0
    joint: bool = False
    stance: int | None
    wording: int = 1
    retracted: bool = False
    voice: bool = False
    known_from: int
    known_until: int | None = None

    @property
    def day(self) -> int:
        """The UTC day on which it counts, in days since 1970-01-01."""
        return self.counts_from // DAY


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A ``withdraws`` link: statement ``by`` takes statement ``target`` back."""

    by: int
    target: int
    known_from: int
    known_until: int | None = None


class WalkBack(msgspec.Struct, frozen=True):
    """Words that take a statement back; known once both words and link are."""

    words: Reading
    known_from: int


Version = TypeVar("Version", Reading, Withdrawal)


def known(versions: Iterable[Version], at: int | None) -> list[Version]:
    """Return the versions known at a log position; the latest ones for ``None``."""
    if at is None:
        return [version for version in versions if version.known_until is None]
    return [
        version
        for version in versions
        if version.known_from <= at and (version.known_until is None or at < version.known_until)
    ]


def walk_backs(
    readings: Iterable[Reading], links: Iterable[Withdrawal]
) -> dict[int, list[WalkBack]]:
    """Return the walk-backs, by the number of the statement taken back.

    Only unretracted words on the same lane, of an equal or higher rank, take anything back, even if
    they are taken back themselves.
    """
    lane = {reading.statement: reading for reading in readings}
    by_target: dict[int, list[WalkBack]] = {}
    for link in links:
        words, target = lane.get(link.by), lane.get(link.target)
        if words and target and not words.retracted and words.rank <= target.rank:
            walk_back = WalkBack(words, max(link.known_from, words.known_from))
            by_target.setdefault(link.target, []).append(walk_back)
    return by_target
