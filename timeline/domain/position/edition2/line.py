"""The line of one person or body: their own words by day, and the ends that may be compared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position.edition2.words import NO_TERMS, StatementVersion, in_order, sign

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Sequence

    from timeline.domain.position.edition2.mandates import Offices

CERTAIN = 7 * DAY
State: TypeAlias = tuple[int, frozenset[str]]
"""A class (−1 against, 0 undecided, +1 for) and the conditions that stand."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """What one speaker said on one day: one end of a comparison.

    ``terms`` are the conditions in force after it. ``earliest`` is the first second in which any of
    it may have been said, ``None`` if that is open. ``roles`` are the offices of the speaker,
    ``binds`` the sides for which the words decide, ``speaks_for`` all sides on whose behalf they
    were said. ``mixed`` marks a day with two directions: it is shown, but never compared.
    """

    speaker: str
    words: tuple[StatementVersion, ...]
    direction: int
    terms: frozenset[str]
    mixed: bool = False
    earliest: int | None
    roles: frozenset[tuple[str, str]] = frozenset()
    binds: frozenset[str] = frozenset()
    speaks_for: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        """What a change compares: the class and the conditions in force."""
        return sign(self.direction), self.terms

    @property
    def numbers(self) -> tuple[int, ...]:
        """The statements, earliest first."""
        return tuple(version.statement for version in self.words)

    @property
    def day(self) -> int:
        """The UTC day on which it counts."""
        return self.words[-1].day

    @property
    def latest(self) -> int:
        """The instant by which all of it had certainly been said."""
        return self.words[-1].counts_from

    @property
    def certain(self) -> bool:
        """Whether its date is known to within seven days."""
        return is_certain(self.words)

    @property
    def joint(self) -> bool:
        """Whether it is only a joint text."""
        return self.words[0].joint

    @property
    def uncoded(self) -> bool:
        """Whether its direction was never coded."""
        return any(version.uncoded for version in self.words)

    @property
    def carries(self) -> bool:
        """Whether a quote of it alone shows the direction."""
        return any(version.carries for version in self.words)


class Line(msgspec.Struct, frozen=True):
    """``ends`` in order of time; ``beside`` holds mixed days and days of uncertain order."""

    ends: tuple[End, ...] = ()
    beside: tuple[End, ...] = ()


def draw_line(
    words: Iterable[StatementVersion], offices: Offices, taken_back: Container[int] = ()
) -> Line:
    """Return the line of one person or body, from their own words that were not taken back."""
    days: dict[int, list[StatementVersion]] = defaultdict(list)
    for version in words:
        if version.statement not in taken_back:
            days[version.day].append(version)
    ends: list[End] = []
    beside: list[End] = []
    for day in sorted(days):
        end = _end(_words_that_count(days[day]), ends, offices)
        skipped = end.mixed or (bool(ends) and not in_sequence(ends[-1], end))
        (beside if skipped else ends).append(end)
    return Line(tuple(ends), tuple(beside))


def is_certain(words: Collection[StatementVersion]) -> bool:
    """Tell whether the date of words is known to within seven days."""
    earliest, latest = _first_second(words), max(version.counts_from for version in words)
    return earliest is not None and latest - earliest < CERTAIN


def in_sequence(before: End, after: End) -> bool:
    """Tell whether one end was certainly said after the other: their dates do not touch."""
    return after.earliest is not None and after.earliest > before.latest


def last_own(ends: Sequence[End]) -> End | None:
    """Return the last end that is more than a joint text; comparisons use no other."""
    return next((end for end in reversed(ends) if not end.joint), None)


def _words_that_count(said: Collection[StatementVersion]) -> list[StatementVersion]:
    """Return the words of a day that count: own before joint ones, the latest of timed ones."""
    own = [version for version in said if not version.joint] or said
    latest = max((version.counts_from for version in own if version.timed), default=None)
    return sorted(
        (version for version in own if not version.timed or version.counts_from == latest),
        key=in_order,
    )


def _end(words: list[StatementVersion], ends: Sequence[End], offices: Offices) -> End:
    """Return the end of a day; of two steps in one class it takes the more careful one."""
    sets = NO_TERMS.union(*(version.sets for version in words))
    drops = NO_TERMS.union(*(version.drops for version in words))
    directions = [version.stance or 0 for version in words]
    direction = min(directions, key=abs)
    speaker, earliest = words[0].speaker, _first_second(words)
    return End(
        speaker=speaker,
        words=tuple(words),
        direction=direction,
        terms=_terms(sign(direction), sets, drops, ends),
        mixed=len({*map(sign, directions)}) > 1 or bool(sets & drops),
        earliest=earliest,
        roles=offices.roles(speaker, (earliest, words[-1].counts_from)),
        binds=frozenset(side for version in words for side in offices.decided_sides(version)),
        speaks_for=frozenset(version.side for version in words if version.side),
    )


def _terms(
    side: int, sets: frozenset[str], drops: frozenset[str], ends: Sequence[End]
) -> frozenset[str]:
    """Return the conditions in force: silence keeps those that words of the same class set.

    A joint text passes its conditions on only to words of its own class.
    """
    last, own = ends[-1] if ends else None, last_own(ends)
    if last and last.joint and sign(last.direction) == side:
        terms = (last.terms - drops) | sets
        if terms == last.terms:
            return terms
    terms = own.terms if own and sign(own.direction) == side else NO_TERMS
    return (terms - drops) | sets


def _first_second(words: Iterable[StatementVersion]) -> int | None:
    begins = [version.earliest for version in words]
    starts = [begin for begin in begins if begin is not None]
    return min(starts) if len(starts) == len(begins) else None
