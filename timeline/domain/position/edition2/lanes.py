"""The lines of all speakers, and the lanes of the sides that they spoke for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.line import End, Line, draw_line
from timeline.domain.position.edition2.mandates import Offices
from timeline.domain.position.edition2.walk_backs import (
    TakenBack,
    taken_back_by_speaker,
    taken_back_for_side,
)
from timeline.domain.position.edition2.words import BODIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.domain.position.edition2.record import Record, Topic
    from timeline.domain.position.edition2.words import StatementVersion


class Lanes(msgspec.Struct, frozen=True, kw_only=True):
    """All words known and said at both clocks, by speaker.

    ``said`` has all words of a speaker, ``own`` those that may be on a line, ``for_side`` those on
    behalf of a side. ``taken_back`` are words that speakers took back, ``taken_back_for_side``
    words that sides took back; ``lines`` are what remains. ``sides`` are actors that others speak
    for, and states and organisations that speak for themselves.
    """

    topic: Topic
    offices: Offices
    said: dict[str, list[StatementVersion]]
    own: dict[str, list[StatementVersion]]
    for_side: dict[str, list[StatementVersion]]
    sides: tuple[str, ...]
    taken_back: dict[int, TakenBack]
    taken_back_for_side: dict[int, TakenBack]
    lines: dict[str, Line]

    @property
    def every(self) -> list[str]:
        """All lanes, of speakers and sides, sorted."""
        return sorted({*self.said, *self.sides})

    def deciding(self, side: str) -> Iterator[End]:
        """Yield the ends of a side's deciders, in order of time."""
        lines = [self.lines[speaker] for speaker in self.speakers(side) if speaker in self.lines]
        ends = [end for line in lines for end in line.ends if side in end.binds]
        yield from sorted(ends, key=order)

    def speakers(self, side: str) -> list[str]:
        """Return who spoke on behalf of a side."""
        return sorted({version.speaker for version in self.for_side.get(side, ())})

    def speaking(self, side: str) -> dict[str, list[End]]:
        """Return the ends said on behalf of a side, by speaker, without the side itself."""
        by_speaker: dict[str, list[End]] = {}
        for speaker in self.speakers(side):
            line = self.lines.get(speaker, Line())
            ends = [end for end in line.ends if side in end.speaks_for]
            if ends and speaker != side:
                by_speaker[speaker] = ends
        return by_speaker


def order(end: End) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return end.latest, end.words[-1].statement


def lanes_at(live: Record, as_of: int | None) -> Lanes:
    """Return the lanes of a topic as of an instant; ``live`` is known at one log position."""
    offices = Offices(live.mandates, live.standings)
    words = [version for version in live.words if as_of is None or version.counts_from <= as_of]
    said = _grouped((version.speaker, version) for version in words)
    own = _grouped((version.speaker, version) for version in words if version.takes_position)
    bodies = {version.speaker for version in words if version.speaker_kind in BODIES}
    for_side = _grouped((version.side, version) for version in words if version.side)
    taken_back = taken_back_by_speaker(words, live.withdrawals)
    return Lanes(
        topic=live.topic,
        offices=offices,
        said=said,
        own=own,
        for_side=for_side,
        sides=tuple(sorted(bodies | for_side.keys())),
        taken_back=taken_back,
        taken_back_for_side=taken_back_for_side(words, live.withdrawals, offices),
        lines={speaker: draw_line(some, offices, taken_back) for speaker, some in own.items()},
    )


def _grouped(pairs: Iterable[tuple[str, StatementVersion]]) -> dict[str, list[StatementVersion]]:
    groups: dict[str, list[StatementVersion]] = defaultdict(list)
    for key, version in pairs:
        groups[key].append(version)
    return dict(sorted(groups.items()))
