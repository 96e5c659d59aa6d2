"""The track of one side: statements that changed something in full, the rest in short.

It is shown below the chart when a lane is opened, on phones in place of the lane.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of
from web.chart.levels import step
from web.chart.track import Rail, RailMark, RailPosition, rail, x
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.lanes.chart_input import drawn_kind
from web.lanes.company import short_name
from web.lanes.coverage import gap_in_words
from web.wording import answers, stances
from web.wording.when import changed_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Reading, Step
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from web.lanes.chart_data import ChartData
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names
    from web.wording.stances import StanceView

MOST = 40
"""The most statements of a track, the latest; earlier ones are counted."""

SHOWN = 3
"""The most statements of one day that a row shows in full."""

NAMED = 6
"""The most dates that a row of repeated statements names."""


class Repeat(msgspec.Struct, frozen=True):
    """One statement that changed nothing: its date is a link."""

    number: int
    said: str


class TrackRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: ``kind`` is said, again, gap or happened; ``rail`` is at its left.

    Statements that changed something have ``views``; ``before`` is the previous stance. There are
    ``more`` repeats than the named ``repeats``.
    """

    kind: str
    rail: Rail
    text: str = ""
    who: str = ""
    views: tuple[StatementView, ...] = ()
    before: str = ""
    repeats: tuple[Repeat, ...] = ()
    more: int = 0
    number: int = 0
    when: str = ""


class Track(msgspec.Struct, frozen=True):
    """The rows of a side, oldest first; ``earlier`` counts the statements left out before."""

    lane: str
    rows: tuple[TrackRow, ...]
    earlier: int
    ends: tuple[StanceView, ...]


class TrackSummary(msgspec.Struct, frozen=True):
    """The summary of a lane that opens its track.

    ``moved`` if the lane has changed by now, at any moment shown: a replay must not move anything.
    """

    text: str
    before: StanceView | None
    after: StanceView | None
    moved: bool
    is_open: bool


def track_summary(lane: LaneHistory, data: ChartData, *, is_open: bool) -> TrackSummary:
    """Return how often a lane changed, and how the last time."""
    moves = lane.moves
    moved = bool(data.present.get(lane.actor, lane).moves)
    if not moves:
        text_now = gettext("no change")
        if lane.last_word:
            text_now = _unchanged(lane, data)
        return TrackSummary(text_now, None, None, moved=moved, is_open=is_open)
    last = moves[-1]
    text = ngettext(
        "%(num)d change, %(date)s",
        "%(num)d changes, last %(date)s",
        lane.turns,
        date=changed_on(last, data.statements),
    )
    before, after = (
        None if stance is None else stances.view(data.topic.scale, stance)
        for stance in (last.from_, last.to)
    )
    return TrackSummary(text, before, after, moved=moved, is_open=is_open)


def _unchanged(lane: LaneHistory, data: ChartData) -> str:
    """Say when a lane without a change was last heard, as exactly as that is known."""
    number = lane.position.last
    if lane.totals is None:
        number = max(
            ((reading.counts_from, reading.statement) for reading in lane.readings), default=(0, 0)
        )[1]
    entry = data.statements.get(number or 0)
    date = dates.said(entry.said_at) if entry else dates.day(lane.last_word)
    if entry and entry.attribution == "voted":
        return gettext("no change, last vote %(date)s", date=date)
    return gettext("no change, last said %(date)s", date=date)


def track(
    conn: Connection, lane: LaneHistory, data: ChartData, names: Names, clocks: Clocks
) -> Track:
    """Return the track of one lane, up to the moment of the page."""
    known = [reading for reading in lane.readings if reading.statement in data.statements]
    readings = sorted(
        known, key=lambda reading: (reading.day, not _opens(lane, reading.statement))
    )[-MOST:]
    numbers = [reading.statement for reading in readings]
    shown = [data.statements[number] for number in numbers if _opens(lane, number)]
    presenter = Presenter(conn, names, shown, known_at=clocks.known_at)
    views = {entry.number: presenter.statement(entry) for entry in shown}
    rows = tuple(_RowWriter(lane, data, names, views).rows(readings)) if readings else ()
    scale = data.topic.scale
    ends = tuple(stances.view(scale, value) for value in (scale.steps[0], scale.steps[-1]))
    return Track(
        lane.actor, rows, len({r.statement for r in lane.readings}) - len({*numbers}), ends
    )


def _opens(lane: LaneHistory, number: int) -> bool:
    """Tell whether a position begins with a statement."""
    return any(number in change.after for change in lane.changes)


class _RowWriter:
    """Writes the rows of a lane from its readings, keeping track of its position."""

    def __init__(
        self,
        lane: LaneHistory,
        data: ChartData,
        names: Names,
        views: dict[int, StatementView],
    ) -> None:
        self._lane, self._data, self._names, self._views = lane, data, names, views
        self._topic, self._scale = data.topic, data.topic.scale
        self._standing = {step.day: step for step in lane.days}
        self._position = RailPosition()

    def rows(self, said: Sequence[Reading]) -> Iterator[TrackRow]:
        """Yield rows for statements, for developments in between, and for long silences."""
        self._position = self._before(said[0].day)
        happened = [
            entry for entry in self._data.developments if entry.counts_from >= said[0].counts_from
        ]
        last = said[0].day
        for readings in self._grouped(said):
            day = readings[0].day
            while happened and day_of(happened[0].counts_from) < day:
                yield self._happened(happened.pop(0))
            yield from self._after(last, day)
            yield self._row(readings)
            last = readings[-1].day
        yield from self._after_last(last, happened)

    def _grouped(self, said: Sequence[Reading]) -> Iterator[list[Reading]]:
        """Group statements into rows: those of a change, or successive repeats."""
        groups = groupby(said, key=self._key)
        for (_, changed, _), readings in groups:
            row = list(readings)
            if changed:
                yield row
                continue
            yield from self._unbroken(row)

    def _key(self, reading: Reading) -> tuple[object, bool, object]:
        change = self._lane.change_on(reading.day)
        moved = change is not None and reading.statement in change.after
        if moved:
            return (reading.day, True, None)
        return (None, False, (reading.stance, reading.rank > 0, reading.retracted))

    def _unbroken(self, readings: list[Reading]) -> Iterator[list[Reading]]:
        """Split repeats at developments, changes and long silences."""
        row: list[Reading] = []
        for reading in readings:
            if row and self._is_parted(row[-1].day, reading.day):
                yield row
                row = []
            row.append(reading)
        yield row

    def _is_parted(self, first: int, last: int) -> bool:
        if (last - first) * DAY > self._data.silence or self._unwatched(first, last * DAY):
            return True
        happened = (day_of(entry.counts_from) for entry in self._data.developments)
        moved = (change.day for change in self._lane.changes)
        return any(first < day <= last for day in (*happened, *moved))

    def _before(self, day: int) -> RailPosition:
        steps_before = [step for step in self._lane.days if step.day < day]
        return _position_after(steps_before[-1]) if steps_before else RailPosition()

    def _row(self, readings: list[Reading]) -> TrackRow:
        first = readings[0]
        before, step = self._position, self._standing.get(readings[-1].day)
        after = _position_after(step) if step else before
        self._position = after
        change = self._lane.change_on(first.day)
        if change is not None and first.statement in change.after:
            return self._said(readings, change, before, after)
        line = rail(self._scale, after, after, [self._mark(readings[-1])])
        entries = [self._data.statements[reading.statement] for reading in readings]
        speakers = (self._names.actor(entry.speaker) for entry in entries)
        repeats = [Repeat(entry.number, dates.said(entry.said_at)) for entry in entries]
        return TrackRow(
            kind="again",
            rail=line,
            text=self._manner(entries[-1], after),
            who=", ".join(dict.fromkeys(map(short_name, speakers))),
            repeats=tuple(repeats[-NAMED:]),
            more=max(len(repeats) - NAMED, 0),
        )

    def _said(
        self, readings: list[Reading], change: Change, before: RailPosition, after: RailPosition
    ) -> TrackRow:
        marks = [self._mark(reading, ringed=change.is_visible) for reading in readings]
        kind = drawn_kind(change)
        across = {"first": "first", "changed": ""}.get(kind, "step")
        return TrackRow(
            kind="said",
            rail=rail(self._scale, before, after, marks, across),
            views=tuple(self._views[reading.statement] for reading in readings[-SHOWN:]),
            before=answers.left(self._scale, change, self._data.statements)
            if change.is_visible
            else "",
            more=max(len(readings) - SHOWN, 0),
        )

    def _mark(self, reading: Reading, *, ringed: bool = False) -> RailMark:
        entry = self._data.statements[reading.statement]
        return RailMark(
            x(reading.stance),
            step(self._scale, reading.stance),
            ringed=ringed and reading.rank == 0,
            second=reading.rank > 0,
            condition=bool(entry.words.condition),
            retracted=reading.retracted,
        )

    def _manner(self, entry: StatementEntry, position: RailPosition) -> str:
        """Describe statements that changed nothing: repeated, no position, or second-hand."""
        if entry.retracted:
            return gettext("retracted")
        if entry.stance is None:
            return stances.word(self._scale, None)
        view = stances.of(self._scale, entry)
        if entry.stance != position.level:
            return view.with_manner
        return gettext("again") if not view.manner else view.with_manner

    def _after(self, last: int, day: int) -> Iterator[TrackRow]:
        """Yield a row for the silence between two days, if it is long or nobody watched."""
        days, unwatched = day - last, self._unwatched(last, day * DAY)
        if days * DAY <= self._data.silence and not unwatched:
            return
        text = ngettext(
            "%(num)d day without words of this side",
            "%(num)d days without words of this side",
            days,
        )
        yield self._gap(text, unwatched)

    def _unwatched(self, last: int, end: int) -> list[str]:
        """Say when nobody watched between the end of a day and an instant."""
        gaps = self._data.gaps_between(self._lane, (last + 1) * DAY, end)
        return [gap_in_words(gap) for gap in gaps]

    def _happened(self, entry: DevelopmentEntry) -> TrackRow:
        return TrackRow(
            kind="happened",
            rail=rail(self._scale, self._position, self._position),
            text=entry.title,
            number=entry.number,
            when=dates.said(entry.happened_at),
        )

    def _after_last(self, last: int, happened: list[DevelopmentEntry]) -> Iterator[TrackRow]:
        for entry in happened:
            yield self._happened(entry)
        days = day_of(self._data.moment) - last
        unwatched = self._unwatched(last, self._data.moment)
        if days * DAY > self._data.silence or (unwatched and days > 0):
            text = ngettext(
                "nothing since, for %(num)d day", "nothing since, for %(num)d days", days
            )
            yield self._gap(text, unwatched)

    def _gap(self, text: str, unwatched: list[str]) -> TrackRow:
        """Return the row of a silence; from it on, the position was not said again for long."""
        self._position = msgspec.structs.replace(self._position, stale=True)
        line = rail(self._scale, self._position, self._position)
        return TrackRow(kind="gap", rail=line, text="; ".join((text, *unwatched)))


def _position_after(step: Step) -> RailPosition:
    standing = step.standing
    lowest, highest = standing.span
    return RailPosition(standing.stance, lowest, highest, standing.rank or 0)
