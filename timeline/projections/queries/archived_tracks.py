"""What edition 2 of the rule finds, for analysis: where each lane stands, and how it changed.

It is what was known at one log position, for the end of any day: each row says from which day on
it holds, and until when. Topics that ask for votes are left out.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count, pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import select

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2.track import number_in_day, tracks
from timeline.projections.queries.tracks import split_votes, topic_evidence
from timeline.projections.tables import schema
from timeline.projections.tables.rows import stance_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Step
    from timeline.domain.position.edition2 import Record

Moves = dict[str, list[tuple["Change", int]]]
"""The changes of each lane, each with its place among those of its day."""
_encode = msgspec.json.Encoder().encode


class RuleRows(NamedTuple):
    """The rows of each table; a proof (``found_words``) names its row by number."""

    tracked: list[Sequence[object]]
    stands: list[Sequence[object]]
    moves: list[Sequence[object]]
    found_words: list[Sequence[object]]


class _DaySpan(NamedTuple):
    """The days at whose end a row holds: from ``begins`` on, and before ``ends`` if that is set."""

    begins: int
    ends: int | None


def rule_rows(conn: Connection, known_at: int, *, is_now: bool) -> RuleRows:
    """Return what the rule finds as known at a log position; ``is_now`` if it is the latest."""
    rows = RuleRows([], [], [], [])
    at = None if is_now else known_at
    opened = schema.topics.c
    query = select(opened.id, opened.opened).where(opened.opened <= known_at)
    numbers = {row.id: int(row.opened) for row in conn.execute(query.order_by(opened.opened))}
    introduced = schema.actors.c
    actors = {
        row.id: int(row.introduced)
        for row in conn.execute(select(introduced.id, introduced.introduced))
    }
    writing = _RowWriter(rows, known_at, actors)
    for topic in split_votes(conn, [*numbers], at)[1]:
        rows.tracked.append((known_at, numbers[topic]))
        writing.topic(numbers[topic], topic_evidence(conn, topic, at).record)
    return rows


class _RowWriter:
    """The rows as they come, topic by topic."""

    def __init__(self, rows: RuleRows, known_at: int, actors: dict[str, int]) -> None:
        self._rows, self._known_at, self._actors = rows, known_at, actors
        self._ids = count(1)

    def topic(self, number: int, record: Record) -> None:
        now = tracks(record)
        for lane, track in now.items():
            self._stands(number, self._actors[lane], track.steps)
        every = {lane: [*number_in_day(track.changes)] for lane, track in now.items()}
        for lane, moves in moves_in_time(record, every).items():
            for (change, place), spans in moves.items():
                for span in spans:
                    self._move(number, lane, change, place, span)

    def _stands(self, topic: int, lane: int, steps: Sequence[Step]) -> None:
        opened: list[Step] = []
        for step, after in zip_longest(steps, steps[1:]):
            standing = step.standing
            if not standing.counted:
                opened = []
                continue
            if opened and opened[0].standing.stance != standing.stance:
                opened = []
            opened.append(step)
            key = next(self._ids)
            self._rows.stands.append(
                (
                    *(self._known_at, key, topic, lane, step.day, after.day if after else None),
                    stance_column(standing.stance),
                    *standing.span,
                    max(version.counts_from for version in standing.counted) // DAY,
                    sum(len(earlier.standing.counted) for earlier in opened),
                    self._actors[standing.counted[-1].speaker],
                    max(version.counts_from for version in standing.counted),
                    max(version.known_from for version in standing.counted),
                )
            )
            proof = ((version.counts_from, version.statement) for version in standing.counted)
            self._prove(key, "counted", proof)
            self._prove(key, "opened", [(0, opened[0].standing.numbers[0])])

    def _move(self, topic: int, lane: str, change: Change, place: int, span: _DaySpan) -> None:
        key = next(self._ids)
        mover = (change.lanes or (lane,))[0]
        self._rows.moves.append(
            (
                *(self._known_at, key, topic, self._actors[lane], *span, change.day, place),
                *(int(mover == lane), change.kind, change.status, int(change.is_visible)),
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
        self._rows.found_words.extend((self._known_at, key, of, *number) for number in numbers)


def moves_in_time(
    record: Record, now: Moves
) -> dict[str, dict[tuple[Change, int], list[_DaySpan]]]:
    """Return the changes of each lane with the spans of days for which the rule finds them.

    A change holds from its own day on. But where a position came back later, the days before that
    read differently: they are derived one by one.
    """
    spans_by_move: dict[str, dict[tuple[Change, int], list[_DaySpan]]] = defaultdict(dict)
    days = _days_apart(record, (change for moves in now.values() for change, _ in moves))
    apart_on = {day: tracks(record, as_of=end_of_day(day)) for day in days}
    spoken = sorted({version.day for version in record.words})
    following = dict(pairwise(spoken))
    ends = {day: following[day] for day in days}
    for lane, moves in now.items():
        for move in moves:
            spans, begins = [], move[0].day
            for day in days:
                if day < begins:
                    continue
                if begins < day:
                    spans.append(_DaySpan(begins, day))
                begins = ends[day]
            spans.append(_DaySpan(begins, None))
            spans_by_move[lane][move] = spans
    for day, tracks_then in apart_on.items():
        for lane, track in tracks_then.items():
            for move in number_in_day(track.changes):
                spans_by_move[lane].setdefault(move, []).append(_DaySpan(day, ends[day]))
    return {
        lane: {move: _joined(spans) for move, spans in moves.items()}
        for lane, moves in spans_by_move.items()
    }


def _joined(spans: list[_DaySpan]) -> list[_DaySpan]:
    """Join spans of days that touch."""
    joined: list[_DaySpan] = []
    for when in sorted(spans, key=lambda item: item.begins):
        if joined and joined[-1].ends == when.begins:
            joined[-1] = _DaySpan(joined[-1].begins, when.ends)
        else:
            joined.append(when)
    return joined


def _days_apart(record: Record, changes: Iterable[Change]) -> list[int]:
    """Return the days with statements at whose end the rule found something else than now."""
    spans = [(change.day, change.back_on) for change in changes if change.back_on is not None]
    days = sorted({version.day for version in record.words})
    return [day for day in days if any(first <= day < last for first, last in spans)]
