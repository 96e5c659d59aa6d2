"""The lane of a statement, with the statement marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of
from timeline.projections.queries import entries
from timeline.projections.queries.coverage import read_coverage
from timeline.projections.queries.directory import Actor
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.lane_window import BEFORE_ALL, LaneWindow, StatementPlace
from timeline.projections.queries.positions import LaneChange, walked_back
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import vote_topics
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.i18n.dates import wording
from web.lanes.address import TopicAddress
from web.lanes.chart_data import ChartData
from web.lanes.chart_input import MARKS, chart_input
from web.lanes.history import history_on
from web.lanes.long_lane import lane_of
from web.lanes.proof import Note, checks, claims_a_first, said_by
from web.lanes.rhythm import activity, silence_on
from web.lanes.window import Window, window, window_around
from web.wording.changed_words import Rewording, compare_words
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import Entry
    from web.lanes.history import LaneHistory
    from web.wording.names import Names


NEARER = tuple(days * DAY for days in (100, 50, 25, 12, 6, 3, 1))
"""Shorter times around a statement, in seconds, for lanes with many statements."""

AROUND = 150
"""The most statements that are drawn around a statement of a long lane."""

NARROWEST = 340
"""Pixels of the plot on the narrowest page that shows it beside the facts."""


class LaneOfStatement(msgspec.Struct, frozen=True):
    """The chart of one lane, and what the record says about the statement.

    ``before`` and ``after`` are its neighbours in the lane, which has so many valid ``statements``.
    If it changed a position, ``before`` proves the previous position, and ``between`` is a later
    statement, if any. ``changed`` compares its words with those before, if both are verbatim, in
    one language and similar. ``changes`` are those of the lane and of the speaker in person.
    ``named`` has speaker and date of the statements in the notes.
    """

    actor: Actor
    chart: Chart
    notes: list[Note]
    before: StatementEntry | None
    between: StatementEntry | None
    after: StatementEntry | None
    changed: Rewording | None
    changes: tuple[LaneChange, ...]
    statements: int
    named: dict[int, str]


class _LanePart(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a lane that is read for a statement: the window ``shown`` and its ``numbers``.

    ``before`` and ``after`` are its neighbours, ``changes`` are those of all of these statements;
    ``statements`` counts the valid ones of the whole lane.
    """

    history: LaneHistory
    shown: Window
    numbers: set[int]
    before: int | None
    after: int | None
    changes: Sequence[Change]
    statements: int
    notes: list[Note]


def lane_of_statement(
    conn: Connection, entry: Entry, names: Names, known_at: int | None, now: int
) -> LaneOfStatement | None:
    """Return the lane of a statement as known then.

    Developments, and retracted statements that are withheld, have none.
    """
    if not isinstance(entry, entries.StatementEntry) or (entry.retracted and entry.withheld):
        return None
    clocks = Clocks(known_at=known_at)
    part = _part(conn, entry, names, clocks, now)
    if part is None:
        return None
    history, topic = part.history, names.topic(entry.topic)
    left = _left(part.changes, entry.number) or part.before
    neighbours = {number for number in (left, part.before, part.after) if number}
    noted = {number for note in part.notes for number in note.numbers}
    said = entries.statements(conn, part.numbers | neighbours, known_at)
    data = ChartData(
        topic=topic,
        lanes=[history],
        statements=said,
        moment=now,
        silence=silence_on(topic),
        coverage=read_coverage(conn, topic.id, known_at),
    )
    chart = chart_input(data, names, TopicAddress(s=entry.number), clocks, part.shown, now)
    plain = msgspec.structs.replace(chart, proof_href="", as_of=None, known=False, plot=NARROWEST)
    before, after = (said.get(number or 0) for number in (left, part.after))
    return LaneOfStatement(
        actor=names.actor(history.actor),
        chart=draw(plain, wording()),
        notes=part.notes,
        before=before,
        between=said.get(part.before or 0) if left != part.before else None,
        after=after,
        changed=_changed(before, entry),
        changes=(
            *(LaneChange(topic.id, history.actor, change) for change in part.changes),
            *_in_person(conn, entry, names, clocks),
        ),
        statements=part.statements,
        named=said_by(entries.statements(conn, noted, known_at), names) if noted else {},
    )


def _left(changes: Iterable[Change], number: int) -> int | None:
    """Return the last statement that proves the position which these words ended, if they did."""
    ended = (
        change.before for change in changes if number in change.after and change.from_ is not None
    )
    return next((before[-1] for before in ended if before), None)


def _in_person(
    conn: Connection, entry: StatementEntry, names: Names, clocks: Clocks
) -> list[LaneChange]:
    """Return what the words changed for a speaker who spoke for somebody else."""
    speaker = names.lane(entry.speaker).id
    if entry.on_behalf_of is None or speaker == names.lane(entry.on_behalf_of).id:
        return []
    changes = TopicChanges(conn, entry.topic, clocks, lane=speaker)
    return changes.of({speaker}, {day_of(entry.counts_from)})


def _changed(before: StatementEntry | None, entry: StatementEntry) -> Rewording | None:
    changed = compare_words(before, entry) if before else None
    return changed if changed and changed.is_marked and not changed.is_same else None


def _part(
    conn: Connection, entry: StatementEntry, names: Names, clocks: Clocks, now: int
) -> _LanePart | None:
    lane = names.lane(entry.on_behalf_of or entry.speaker).id
    stretch = LaneWindow(conn, entry.topic, lane, clocks)
    if _is_drawn_in_part(conn, entry.topic, lane, stretch):
        changes = TopicChanges(conn, entry.topic, clocks, lane=lane)
        return _stretch(stretch, changes, lane, entry)
    history = history_on(conn, entry.topic, lane, clocks)
    return None if history is None else _whole(history, entry, now)


def _is_drawn_in_part(conn: Connection, topic: str, lane: str, stretch: LaneWindow) -> bool:
    """Tell whether a lane has too many votes to draw, and no withdrawn ones."""
    if not (stretch.has_more_than(MARKS) and vote_topics(conn, [topic])):
        return False
    return topic not in walked_back(conn, lane, stretch.known_at)


def _whole(history: LaneHistory, entry: StatementEntry, now: int) -> _LanePart:
    """Return a whole lane, in the window with most of its statements."""
    first, last = history.readings[0].counts_from, history.readings[-1].counts_from
    address = TopicAddress(s=entry.number)
    shown = window(address, first, last, now, activity([history]).days)
    if not shown.start <= entry.counts_from <= shown.end:
        shown = window_around(entry.counts_from)
    before, after = history.around(entry.number)
    return _LanePart(
        history=history,
        shown=shown,
        numbers=_numbers(history, shown),
        before=before,
        after=after,
        changes=history.changes,
        statements=len(history.in_order),
        notes=checks(entry, history),
    )


def _numbers(history: LaneHistory, shown: Window) -> set[int]:
    """Return the statements that the chart of a lane needs."""
    inside = [
        reading for reading in history.readings if shown.start <= reading.counts_from <= shown.end
    ]
    read = history.readings if len(history.readings) <= MARKS else inside
    numbers = {reading.statement for reading in read} if len(read) <= MARKS else set()
    return numbers | history.decisive


def _stretch(
    stretch: LaneWindow, changes: TopicChanges, lane: str, entry: StatementEntry
) -> _LanePart:
    """Return the part of a long lane around the statement; the window shrinks with many."""
    shown = window_around(entry.counts_from)
    for length in NEARER:
        if not stretch.has_more_than(AROUND, shown.days):
            break
        shown = window_around(entry.counts_from, length)
    before, after = stretch.neighbours(StatementPlace(entry.counts_from, entry.number))
    first, last = shown.days
    moves = changes.last(lane, MARKS, last)
    history = lane_of(lane, stretch, stretch.position(), moves, stretch.between(first, last))
    days = {day_of(place.instant) for place in (before, after) if place}
    changes_nearby = (change.change for change in changes.of({lane}, days))
    notes = []
    if claims_a_first(entry):
        earlier = stretch.between(BEFORE_ALL, day_of(entry.counts_from))
        read = tuple(sorted(earlier, key=lambda reading: (reading.counts_from, reading.statement)))
        notes = checks(entry, msgspec.structs.replace(history, readings=read))
    return _LanePart(
        history=history,
        shown=shown,
        numbers=_numbers(history, shown),
        before=before.number if before else None,
        after=after.number if after else None,
        changes=[*moves, *(change for change in changes_nearby if change not in moves)],
        statements=stretch.on_record(),
        notes=notes,
    )
