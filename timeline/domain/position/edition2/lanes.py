"""The lines of all who spoke, and the lanes of the sides that they spoke for."""

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
    from collections.abc import Iterator

    from timeline.domain.position.edition2.record import Record, Topic
    from timeline.domain.position.edition2.words import Words


class Lanes(msgspec.Struct, frozen=True, kw_only=True):
    """What was known and said at both clocks, by who said it.

    ``said`` has all words of a speaker, ``own`` those that may stand on a line, ``taken_back``
    what speakers, ``taken_back_for_side`` what sides took back. ``lines`` are as they stand after
    all of it.
    """

    topic: Topic
    offices: Offices
    said: dict[str, list[Words]]
    own: dict[str, list[Words]]
    taken_back: dict[int, TakenBack]
    taken_back_for_side: dict[int, TakenBack]
    lines: dict[str, Line]

    @property
    def sides(self) -> list[str]:
        """Who is spoken for: by others, or as a state or an organisation by itself."""
        every = [one for some in self.said.values() for one in some]
        spoken_for = {one.side for one in every if one.side}
        return sorted(spoken_for | {one.speaker for one in every if one.speaker_kind in BODIES})

    def deciding(self, side: str) -> Iterator[End]:
        """Yield the ends of those who decide for a side, in order of time."""
        ends = (end for line in self.lines.values() for end in line.ends if side in end.binds)
        yield from sorted(ends, key=order)

    def speaking(self, side: str) -> dict[str, list[End]]:
        """Return by speaker, the side itself left out, the ends said on behalf of a side."""
        found: dict[str, list[End]] = {}
        for speaker, line in sorted(self.lines.items()):
            ends = [end for end in line.ends if side in end.speaks_for]
            if ends and speaker != side:
                found[speaker] = ends
        return found


def order(end: End) -> tuple[int, int]:
    """Sort key: by counting instant, then by number."""
    return end.latest, end.words[-1].statement


def lanes_at(record: Record, as_of: int | None, known_at: int | None) -> Lanes:
    """Return the lanes of a topic as of an instant, as known at a log position."""
    live = record.known(known_at)
    offices = Offices(live.mandates, live.standings)
    words = [one for one in live.words if as_of is None or one.counts_from <= as_of]
    said, own = _by_speaker(words), _by_speaker([one for one in words if one.takes_position])
    taken_back = taken_back_by_speaker(words, live.withdrawals)
    return Lanes(
        topic=record.topic,
        offices=offices,
        said=said,
        own=own,
        taken_back=taken_back,
        taken_back_for_side=taken_back_for_side(words, live.withdrawals, offices),
        lines={
            speaker: draw_line((one for one in some if one.statement not in taken_back), offices)
            for speaker, some in own.items()
        },
    )


def _by_speaker(words: list[Words]) -> dict[str, list[Words]]:
    found: dict[str, list[Words]] = defaultdict(list)
    for one in words:
        found[one.speaker].append(one)
    return dict(sorted(found.items()))
