"""The months of a story: dense ones with a summary and every line, quiet ones, and empty ones."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.instants import DAY, calendar_date
from timeline.projections.queries.directory import Actor, Topic
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.chart.model import ChartInput, Lane, Run
from web.entries.views import DevelopmentView
from web.i18n import dates
from web.lanes.chart_input import runs_between
from web.lanes.coverage import hatched
from web.story.ledes import Fold, summary
from web.story.months import YEAR, Month, key_of, month_of, start_of
from web.story.turns import ShownChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from web.story.months import Span
    from web.story.parts import Part
    from web.story.reading import StoryReading

DENSE = 6
"""The most changes of a month without a summary and chart before its days."""

SPARSE = 2
"""The most changes of a month that shows the words of both sides of each."""

ALIKE = 3
"""The most equal changes of a day that are listed one by one."""

EXACT = ("time", "day")
"""Precisions of dates that name a day."""

LINES = 12
"""The most lines of a dense month that are drawn by default."""


class Group(msgspec.Struct, frozen=True):
    """A change, and those of others on that day and question from and to the same stance."""

    turn: ShownChange
    alike: list[ShownChange]


class DayView(msgspec.Struct, frozen=True):
    """One day with changes and developments; without a ``number`` if the day is unknown."""

    number: str
    date: str
    machine: str
    groups: list[Group]
    developments: list[DevelopmentView]

    @property
    def turns(self) -> list[ShownChange]:
        """Every change of the day."""
        return [turn for group in self.groups for turn in (group.turn, *group.alike)]


class MonthView(msgspec.Struct, frozen=True, kw_only=True):
    """A month; ``is_whole`` if no other part of the page shows the rest of it."""

    key: str
    name: str
    year: str
    counts: Month
    days: list[DayView]
    summary: str
    lines: list[Line]
    more_lines: int
    is_whole: bool
    shape: ClassVar[str] = "days"

    @property
    def is_dense(self) -> bool:
        """Whether it has a summary and a chart before its days."""
        return self.counts.changes > DENSE

    @property
    def is_quiet(self) -> bool:
        """Whether it has developments and no changes."""
        return not self.counts.changes and not self.counts.others

    @property
    def shows_words(self) -> bool:
        """Whether there is room for the words of both sides."""
        return self.counts.changes <= SPARSE


class Gap(msgspec.Struct, frozen=True):
    """Successive months with nothing on record; ``last`` is empty for a single one.

    ``is_unwatched`` if nobody watched in any of them.
    """

    first: str
    last: str
    is_unwatched: bool
    shape: ClassVar[str] = "gap"


def month_views(
    reading: StoryReading,
    span: Span,
    part: Part,
    turns: Sequence[ShownChange],
    happened: Sequence[DevelopmentView],
    *,
    newest_first: bool,
) -> list[MonthView | Gap]:
    """Return the months of a part in order, empty ones joined."""
    days = _by_month(turns, happened, newest_first=newest_first)
    counts = {month.number: month for month in reading.months}
    items: list[MonthView | Gap] = []
    first, last = month_of(part.first), month_of(part.last)
    waiting: list[int] = []
    for number in range(max(first, span.first), min(last, span.last) + 1):
        if number not in days:
            waiting.append(number)
            continue
        items += _gap(reading, waiting)
        waiting = []
        whole = (
            part.first * DAY <= start_of(number) and start_of(number + 1) <= (part.last + 1) * DAY
        )
        is_whole = whole or part.is_whole
        items.append(_month(reading, counts[number], days[number], is_whole=is_whole))
    items += _gap(reading, waiting)
    return items[::-1] if newest_first else items


def folded(
    reading: StoryReading,
    span: Span,
    folds: Mapping[int, Fold],
    opened: Sequence[MonthView | Gap],
    *,
    step: int = 1,
    newest_first: bool,
) -> list[MonthView | Fold | Gap]:
    """Return folded months (years for a ``step`` of 12) in order; open ones are in full."""
    open_at = {view.counts.number: view for view in opened if isinstance(view, MonthView)}
    items: list[MonthView | Fold | Gap] = []
    waiting: list[int] = []
    for number in range(span.first - span.first % step, span.last + 1, step):
        if number not in folds:
            waiting.append(number)
            continue
        items += _gap(reading, waiting, step)
        waiting = []
        items.append(open_at.get(number, folds[number]))
    items += _gap(reading, waiting, step)
    return items[::-1] if newest_first else items


def _by_month(
    turns: Sequence[ShownChange], happened: Sequence[DevelopmentView], *, newest_first: bool
) -> dict[int, list[DayView]]:
    changed: dict[tuple[int, str], list[ShownChange]] = defaultdict(list)
    developments_of: dict[tuple[int, str], list[DevelopmentView]] = defaultdict(list)
    for turn in turns:
        changed[turn.day, _vague(turn.when, turn.day)].append(turn)
    for development in happened:
        vague = _vague(development.happened_at, development.day)
        developments_of[development.day, vague].append(development)
    days: dict[int, list[DayView]] = defaultdict(list)
    for day, vague in sorted(changed.keys() | developments_of.keys(), reverse=newest_first):
        instant = day * DAY
        days[month_of(day)].append(
            DayView(
                "" if vague else str(calendar_date(day)[2]),
                vague or dates.day(instant),
                "" if vague else dates.machine(instant)[:10],
                _group_by_day(changed[day, vague]),
                developments_of[day, vague],
            )
        )
    return days


def _vague(text: str, day: int) -> str:
    """Return a date without a day in words; empty for other dates."""
    exact = parse_date(text).precision in EXACT
    return "" if exact else dates.said_within(text, calendar_date(day)[0])


def _group_by_day(turns: Sequence[ShownChange]) -> list[Group]:
    """Group equal changes if there are many."""
    day_groups: dict[tuple[object, ...], list[ShownChange]] = defaultdict(list)
    for turn in turns:
        change = turn.change.change
        day_groups[turn.topic.id, turn.kind, change.from_, change.to].append(turn)
    groups = []
    for group in day_groups.values():
        if len(group) > ALIKE:
            groups.append(Group(group[0], group[1:]))
        else:
            groups += [Group(turn, []) for turn in group]
    return groups


def _gap(reading: StoryReading, numbers: Sequence[int], step: int = 1) -> list[Gap]:
    if not numbers:
        return []
    name = dates.year if step == YEAR else dates.month
    first, last = (name(start_of(month)) for month in (numbers[0], numbers[-1]))
    unwatched = reading.is_unwatched(start_of(numbers[0]), start_of(numbers[-1] + step))
    return [Gap(first, last if len(numbers) > 1 else "", unwatched)]


def _month(
    reading: StoryReading, counts: Month, days: list[DayView], *, is_whole: bool
) -> MonthView:
    turns = [turn for day in days for turn in day.turns if turn.is_move]
    is_dense = is_whole and counts.changes > DENSE
    lines = lines_of(turns) if is_dense else []
    shown = lines if reading.address.lines else lines[:LINES]
    start = start_of(counts.number)
    return MonthView(
        key=key_of(counts.number),
        name=dates.month_name(start),
        year=dates.year(start),
        counts=counts,
        days=days,
        summary=summary(reading.names, [turn.alike for turn in turns], counts.changes)
        if is_dense
        else "",
        lines=[draw_line(reading, counts.number, line) for line in shown],
        more_lines=len(lines) - len(shown),
        is_whole=is_whole,
    )


class Line(msgspec.Struct, frozen=True):
    """A lane as it moved within a month."""

    actor: Actor
    topic: Topic
    href: str
    drawing: LaneDrawing


def lines_of(turns: Iterable[ShownChange]) -> list[list[ShownChange]]:
    """Return the changes of each lane that moved, the most changes first."""
    lanes: dict[tuple[str, str], list[ShownChange]] = defaultdict(list)
    for turn in sorted(turns, key=lambda turn: turn.change.change.counts_from):
        lanes[turn.topic.id, turn.actor.id].append(turn)
    return sorted(lanes.values(), key=lambda line: (-len(line), line[0].day))


def draw_line(reading: StoryReading, number: int, turns: list[ShownChange]) -> Line:
    """Draw a lane within a month from its changes, oldest first."""
    start, end = start_of(number), start_of(number + 1) - 1
    first = turns[0]
    lane = Lane(slug=first.actor.slug, name=first.actor.name, runs=_runs(start, turns))
    gaps = reading.watched[first.topic.id].gaps(first.actor.id)
    chart = ChartInput(
        start=start,
        end=end,
        now=max(start, min(end, reading.moment)),
        scale=first.topic.scale,
        lanes=(hatched(lane, gaps, start, end),),
    )
    return Line(first.actor, first.topic, first.href, layout.spark(chart, dates.wording()))


def _runs(start: int, turns: Sequence[ShownChange]) -> tuple[Run, ...]:
    """Return the positions of a lane within a month, beginning with the one before it."""
    moves = [turn.change.change for turn in turns]
    before = Run(start=start - DAY, end=moves[0].counts_from, level=moves[0].from_, said=(start,))
    return before, *runs_between(moves)
