"""The wordings of a lane: its statements in order, and how their words differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.wording.changed_words import reword

if TYPE_CHECKING:
    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.changed_words import Rewording


def in_order(lane: LaneHistory) -> list[int]:
    """Return the numbers of a lane's valid statements, in order of time."""
    standing = (reading.statement for reading in lane.readings if not reading.retracted)
    return list(dict.fromkeys(standing))


def said_around(lane: LaneHistory, number: int) -> tuple[int | None, int | None]:
    """Return the valid statements before and after one in its lane."""
    places = {
        reading.statement: (reading.counts_from, reading.statement) for reading in lane.readings
    }
    numbers, here = in_order(lane), places[number]
    before = [other for other in numbers if places[other] < here]
    after = [other for other in numbers if places[other] > here]
    return before[-1] if before else None, after[0] if after else None


def quoted_pair(earlier: StatementEntry, later: StatementEntry) -> tuple[str, str] | None:
    """Return the quotes of two statements, if they can be compared: verbatim, in one language."""
    old, new = earlier.words.quote, later.words.quote
    if old is None or new is None or earlier.withheld or later.withheld:
        return None
    if old.lang.partition("-")[0] != new.lang.partition("-")[0]:
        return None
    return old.exact, new.exact


def compare_words(earlier: StatementEntry, later: StatementEntry) -> Rewording | None:
    """Compare the words of two statements; ``None`` if they cannot be compared."""
    pair = quoted_pair(earlier, later)
    return reword(*pair) if pair else None
