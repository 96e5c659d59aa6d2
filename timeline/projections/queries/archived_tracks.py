"""What edition 2 of the rule finds, for analysis: where each lane stands, and how it changed.

It holds as known at one log position, for the end of any day: each row says from which day on it
is what the rule says, and until when. Topics that ask for votes are not among it.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count, pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import select

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2.track import placed, tracks
from timeline.projections.queries.tracks import apart, gathered
from timeline.projections.tables import schema
from timeline.projections.tables.position_rows import stance_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Step
    from timeline.domain.position.edition2 import Record

Moves = dict[str, list[tuple["Change", int]]]
"""The changes of each lane, each with its place among those of its day."""
_encode = msgspec.json.Encoder().encode


class FoundRows(NamedTuple):
    """The rows of each table; a proof names the row that it belongs to by its number."""

    tracked: list[Sequence[object]]
    stands: list[Sequence[object]]
    moves: list[Sequence[object]]
    found_words: list[Sequence[object]]


class _When(NamedTuple):
    """The days at the end of which a row holds: from one on, and before another if there is one."""

    begins: int
    ends: int | None


def found_rows(conn: Connection, known_at: int, *, is_now: bool) -> FoundRows:
    """Return what the rule finds as known at a log position; ``is_now`` says it is the latest."""
    rows = FoundRows([], [], [], [])
    at = None if is_now else known_at
    opened = schema.topics.c
    query = select(opened.id, opened.opened).where(opened.opened <= known_at)
    numbers = {row.id: int(row.opened) for row in conn.execute(query.order_by(opened.opened))}
    introduced = schema.actors.c
    actors = {
        row.id: int(row.introduced)
        for row in conn.execute(select(introduced.id, introduced.introduced))
    }
    writing = _Writing(rows, known_at, actors)
    for topic in apart(conn, [*numbers], at)[1]:
        rows.tracked.append((known_at, numbers[topic]))
        writing.topic(numbers[topic], gathered(conn, topic, at).record)
    return rows


class _Writing:
    """The rows as they come, topic by topic."""

    def __init__(self, rows: FoundRows, known_at: int, actors: dict[str, int]) -> None:
        self._found, self._known_at, self._actors = rows, known_at, actors
        self._ids = count(1)

    def topic(self, number: int, record: Record) -> None:
        now = tracks(record)
        for lane, track in now.items():
            self._stands(number, self._actors[lane], track.steps)
        every = {lane: [*placed(track.changes)] for lane, track in now.items()}
        for lane, moves in moves_in_time(record, every).items():
            for (change, place), spans in moves.items():
                for when in spans:
                    self._move(number, lane, change, place, when)

    def _stands(self, topic: int, lane: int, steps: Sequence[Step]) -> None:
        opened: list[Step] = []
        for step, after in zip_longest(steps, steps[1:]):
            stood = step.standing
            if not stood.counted:
                opened = []
                continue
            if opened and opened[0].standing.stance != stood.stance:
                opened = []
            opened.append(step)
            key = next(self._ids)
            self._found.stands.append(
                (
                    *(self._known_at, key, topic, lane, step.day, after.day if after else None),
                    stance_column(stood.stance),
                    *stood.span,
                    max(one.counts_from for one in stood.counted) // DAY,
                    sum(len(one.standing.counted) for one in opened),
                    self._actors[stood.counted[-1].speaker],
                    max(one.counts_from for one in stood.counted),
                    max(one.known_from for one in stood.counted),
                )
            )
            self._prove(key, "counted", ((one.counts_from, one.statement) for one in stood.counted))
            self._prove(key, "opened", [(0, opened[0].standing.numbers[0])])

    def _move(self, topic: int, lane: str, change: Change, place: int, when: _When) -> None:
        key = next(self._ids)
        mover = (change.lanes or (lane,))[0]
        self._found.moves.append(
            (
                *(self._known_at, key, topic, self._actors[lane], *when, change.day, place),
                *(int(mover == lane), change.kind, change.status, int(change.is_told)),
                *(
                    stance_column(change.from_),
                    stance_column(change.to),
                    change.lowest,
                    change.highest,
                ),
                *(change.counts_from, change.known_at),
                *(self._actors.get(change.before_by), self._actors.get(change.after_by)),
                change.back_on,
                *map(int, (change.certain, change.old, change.joint, change.uncoded)),
                *map(int, (change.new_office, change.other_speaker, change.other_wording)),
                *(len(change.appeared), len(change.gone), _encode(change.because).decode()),
            )
        )
        for name in ("before", "after", "withdrawn_by", "between", "returns_to", "back"):
            self._prove(key, name, enumerate(getattr(change, name)))

    def _prove(self, key: int, of: str, numbers: Iterable[tuple[int, int]]) -> None:
        self._found.found_words.extend((self._known_at, key, of, *number) for number in numbers)


def moves_in_time(record: Record, now: Moves) -> dict[str, dict[tuple[Change, int], list[_When]]]:
    """Return the changes of each lane with the days at the end of which they are what is found.

    They are from their own day on; but before a position came back, it was another story: such
    days are derived one by one.
    """
    found: dict[str, dict[tuple[Change, int], list[_When]]] = defaultdict(dict)
    days = _days_apart(record, (change for moves in now.values() for change, _ in moves))
    apart_on = {day: tracks(record, as_of=end_of_day(day)) for day in days}
    spoken = sorted({version.day for version in record.words})
    following = dict(pairwise(spoken))
    ends = {day: following[day] for day in days}
    for lane, moves in now.items():
        for one in moves:
            spans, begins = [], one[0].day
            for day in days:
                if day < begins:
                    continue
                if begins < day:
                    spans.append(_When(begins, day))
                begins = ends[day]
            spans.append(_When(begins, None))
            found[lane][one] = spans
    for day, then in apart_on.items():
        for lane, track in then.items():
            for one in placed(track.changes):
                found[lane].setdefault(one, []).append(_When(day, ends[day]))
    return {
        lane: {one: _joined(spans) for one, spans in moves.items()} for lane, moves in found.items()
    }


def _joined(spans: list[_When]) -> list[_When]:
    """Join spans of days that touch."""
    joined: list[_When] = []
    for when in sorted(spans, key=lambda span: span.begins):
        if joined and joined[-1].ends == when.begins:
            joined[-1] = _When(joined[-1].begins, when.ends)
        else:
            joined.append(when)
    return joined


def _days_apart(record: Record, changes: Iterable[Change]) -> list[int]:
    """Return the days on which something was said, and at whose end it was another story."""
    spans = [(change.day, change.back_on) for change in changes if change.back_on is not None]
    days = sorted({version.day for version in record.words})
    return [day for day in days if any(first <= day < last for first, last in spans)]
