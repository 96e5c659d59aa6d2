"""Mandates and their standing: who held which office, and for whom they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from timeline.domain.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.domain.position.edition2.words import StatementVersion

Span: TypeAlias = tuple[int | None, int]
"""The first and the last second in which something was said; an open start is ``None``."""


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """``person`` may speak for ``side`` as ``role``, from and until instants, open if ``None``.

    ``begins_by`` is the last instant at which it may have begun: by then it was held.
    """

    mandate: str
    person: str
    side: str
    role: str = ""
    begins: int | None = None
    begins_by: int | None = None
    ends: int | None = None
    known_from: int
    known_until: int | None = None

    def covers(self, span: Span) -> bool:
        """Tell whether it was held at any instant of the span."""
        return _covers(self.begins, self.ends, span)


class MandateStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A mandate ``decides`` or ``speaks``, from and until instants.

    ``for_topic`` is true if it holds for this topic alone, ``proposed`` if nobody recorded it and
    it follows from the words of the role.
    """

    mandate: str
    standing: Standing
    for_topic: bool = False
    proposed: bool = False
    begins: int | None = None
    ends: int | None = None
    known_from: int
    known_until: int | None = None

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """Sort key: the topic's own standing counts first, then recorded ones, then the latest."""
        return self.for_topic, not self.proposed, self.known_from


class Offices:
    """The mandates and standings known at one log position."""

    def __init__(self, mandates: Iterable[Mandate], standings: Iterable[MandateStanding]) -> None:
        self._held: dict[str, list[Mandate]] = {}
        self._standings: dict[str, list[MandateStanding]] = {}
        for mandate in _without_doubles(list(mandates)):
            self._held.setdefault(mandate.person, []).append(mandate)
        for standing in standings:
            self._standings.setdefault(standing.mandate, []).append(standing)

    def roles(self, person: str, span: Span) -> frozenset[tuple[str, str]]:
        """Return the offices that a person may have held in a span, each as side and role."""
        mandates = [mandate for mandate in self._held.get(person, ()) if mandate.covers(span)]
        return frozenset((mandate.side, mandate.role) for mandate in mandates)

    def left(self, person: str, side: str) -> int | None:
        """Return when a person left their last office for a side; ``None`` if they hold one."""
        ends = [mandate.ends for mandate in self._held.get(person, ()) if mandate.side == side]
        dates = [end for end in ends if end is not None]
        return max(dates) if dates and len(dates) == len(ends) else None

    def decides(self, person: str, side: str, span: Span) -> bool:
        """Tell whether a person could bind the side on this topic in a span."""
        mandates = self._held.get(person, ())
        return any(
            mandate.side == side
            and mandate.covers(span)
            and self._standing(mandate, span) == "decides"
            for mandate in mandates
        )

    def decided_sides(self, words: StatementVersion) -> list[str]:
        """Return the sides that these words bind, if their speaker decides for them."""
        side, span = words.side, (words.earliest, words.counts_from)
        return [side] if side and self.decides(words.speaker, side, span) else []

    def _standing(self, mandate: Mandate, span: Span) -> Standing:
        said = self._standings.get(mandate.mandate, ())
        here = [standing for standing in said if _covers(standing.begins, standing.ends, span)]
        return max(here, key=lambda standing: standing.weight).standing if here else "speaks"


def _covers(begins: int | None, ends: int | None, span: Span) -> bool:
    earliest, latest = span
    too_early = begins is not None and latest < begins
    too_late = ends is not None and earliest is not None and earliest > ends
    return not (too_early or too_late)


def _without_doubles(mandates: list[Mandate]) -> list[Mandate]:
    """Drop a mandate with an open start if another one says when the same mandate began.

    "In office by December 2025" says nothing of 2023 once "in office since May 2025" is known.
    """
    return [
        mandate for mandate in mandates if not any(_dates(other, mandate) for other in mandates)
    ]


def _dates(other: Mandate, mandate: Mandate) -> bool:
    same = (other.person, other.side) == (mandate.person, mandate.side)
    if not same or mandate.begins is not None or other.begins is None:
        return False
    by = mandate.begins_by
    return by is not None and other.covers((by, by))
