"""The valid words on one lane, by rank and day: the fold behind every answer of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.position.standing import NOTHING_SAID, ProvenStance, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.position.reading import Reading

RANKS = range(3)


class Day:
    """The words of one day and rank; their stance is computed on demand and cached."""

    __slots__ = ("_said", "_standing")

    def __init__(self) -> None:
        self._said: dict[int, Reading] = {}
        self._standing: ProvenStance | None = None

    def __bool__(self) -> bool:
        return bool(self._said)

    def put(self, reading: Reading) -> None:
        self._said[reading.statement] = reading
        self._standing = None

    def drop(self, reading: Reading) -> None:
        del self._said[reading.statement]
        self._standing = None

    def standing(self) -> ProvenStance:
        if self._standing is None:
            self._standing = settle(self._said.values())
        return self._standing

    def standing_after(self, instant: int) -> ProvenStance:
        """Return the stance of the words that count after an instant."""
        later = [reading for reading in self._said.values() if reading.counts_from > instant]
        return settle(later) if later else NOTHING_SAID


class Rank:
    """The days with valid words of one rank."""

    def __init__(self) -> None:
        self._days: dict[int, Day] = {}
        self._order: list[int] = []

    def put(self, reading: Reading) -> None:
        day = reading.day
        said = self._days.get(day)
        if said is None:
            said = self._days[day] = Day()
            self._order.append(day)
        said.put(reading)

    def drop(self, reading: Reading) -> None:
        day = self._days[reading.day]
        day.drop(reading)
        if not day:
            del self._days[reading.day]

    def latest(self) -> Day | None:
        while self._order and self._order[-1] not in self._days:
            self._order.pop()
        return self._days[self._order[-1]] if self._order else None

    def back(self) -> Iterator[Day]:
        """Yield the days, the latest first."""
        return (self._days[day] for day in reversed(self._order) if day in self._days)


class Lane:
    """All ranks of a lane. Words are added in order of days, and may be removed at any time."""

    def __init__(self) -> None:
        self._ranks = [Rank() for _ in RANKS]

    def put(self, reading: Reading) -> None:
        self._ranks[reading.rank].put(reading)

    def drop(self, reading: Reading) -> None:
        self._ranks[reading.rank].drop(reading)

    def standing(self) -> ProvenStance:
        """Return the position: the latest day of the highest rank present."""
        for rank in self._ranks:
            day = rank.latest()
            if day is not None:
                return day.standing()
        return NOTHING_SAID

    def run(self, standing: ProvenStance) -> list[ProvenStance]:
        """Return the last days with this stance in its rank, latest first."""
        run: list[ProvenStance] = []
        if standing.rank is None:
            return run
        for day in self._ranks[standing.rank].back():
            if day.standing().stance != standing.stance:
                break
            run.append(day.standing())
        return run

    def beside(self, standing: ProvenStance) -> ProvenStance:
        """Return the stance of later words of a lower rank, taking the highest such rank."""
        if standing.rank is None:
            return NOTHING_SAID
        instant = standing.counted[-1].counts_from
        for rank in self._ranks[standing.rank + 1 :]:
            day = rank.latest()
            later = day.standing_after(instant) if day is not None else NOTHING_SAID
            if later.counted:
                return later
        return NOTHING_SAID
