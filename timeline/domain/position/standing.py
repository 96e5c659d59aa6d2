"""The stance at the end of a day: highest rank, latest day, ties as `mixed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from timeline.domain.position.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Collection

MIXED: Final = "mixed"
Stance: TypeAlias = int | Literal["mixed"] | None


class ProvenStance(msgspec.Struct, frozen=True):
    """A stance and the words of one day that prove it, earliest first; both may be missing."""

    stance: Stance = None
    counted: tuple[Reading, ...] = ()

    @property
    def rank(self) -> int | None:
        """The rank of the words that prove it."""
        return self.counted[0].rank if self.counted else None

    @property
    def day(self) -> int | None:
        """The UTC day of the words that prove it."""
        return self.counted[0].day if self.counted else None

    @property
    def span(self) -> tuple[int, int] | tuple[None, None]:
        """The lowest and the highest stance of a mixed position."""
        said = [reading.stance for reading in self.counted if reading.stance is not None]
        return (min(said), max(said)) if self.stance == MIXED else (None, None)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The statements that prove it."""
        return tuple([reading.statement for reading in self.counted])

    def outdoes(self, other: ProvenStance) -> bool:
        """Whether these words decide the position even if the others are still valid."""
        if not self.counted or not other.counted:
            return bool(self.counted)
        mine, theirs = self.counted[0], other.counted[0]
        return (mine.rank, -mine.day) < (theirs.rank, -theirs.day)


NOTHING_SAID = ProvenStance()


def settle(said: Collection[Reading]) -> ProvenStance:
    """Return the stance of the words of one rank and day, of which there must be some."""
    if len(said) == 1:
        (only,) = said
        return ProvenStance(only.stance, (only,))
    own = [reading for reading in said if not reading.joint] or said
    latest = max((reading.counts_from for reading in own if reading.timed), default=None)
    counted = sorted(
        (reading for reading in own if not reading.timed or reading.counts_from == latest),
        key=in_order,
    )
    stances = {reading.stance for reading in counted}
    return ProvenStance(stances.pop() if len(stances) == 1 else MIXED, tuple(counted))


def in_order(reading: Reading) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return reading.counts_from, reading.statement
