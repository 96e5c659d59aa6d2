"""The months of a story: dense ones with a summary and every line, quiet ones, and empty ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, calendar_date
from timeline.projections.queries.directory import Actor, Topic
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.chart.model import ChartInput, Lane, Run
from web.entries.views import DevelopmentView
from web.i18n import dates
from web.i18n.translate import gettext
from web.story.months import Month, key_of, month_of, start_of
from web.story.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.story.months import Span
    from web.story.reading import Part, StoryReading

DENSE = 6
"""Changes above which a month is summed up and drawn before its days."""

SPARSE = 2
"""Changes up to which a month shows the words of both sides of each."""

ALIKE = 3
"""Changes of a day from and to the same up to which each stands by itself."""

LINES = 12
"""Lines of a dense month that are drawn unasked."""


class Group(msgspec.Struct, frozen=True):
    """A change, and those of others on that day and question from and to the same."""

    turn: Turn
    alike: list[Turn]


class DayView(msgspec.Struct, frozen=True):
    """One day: who changed, and what happened."""

    number: str
    date: str
    machine: str
    groups: list[Group]
    developments: list[DevelopmentView]

    @property
    def turns(self) -> list[Turn]:
        """Every change of the day."""
        return [turn for group in self.groups for turn in (group.turn, *group.alike)]


class Line(msgspec.Struct, frozen=True):
    """A lane as it moved within a month."""

    actor: Actor
    topic: Topic
    href: str
    drawing: LaneDrawing


class Most(msgspec.Struct, frozen=True):
    """What most changes of a dense month were on, and who changed most often."""

    topic: Topic
    on_topic: int
    actor: Actor
    by_actor: int


class MonthView(msgspec.Struct, frozen=True, kw_only=True):
    """A month; ``is_whole`` where no other part of the page shows the rest of it."""

    key: str
    name: str
    year: str
    counts: Month
    days: list[DayView]
    most: Most | None
    lines: list[Line]
    more_lines: int
    is_whole: bool
    is_gap: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether so much changed that it is drawn first."""
        return self.counts.changes > DENSE

    @property
    def is_quiet(self) -> bool:
        """Whether something happened and nobody changed."""
        return not self.counts.changes and not self.counts.others

    @property
    def shows_words(self) -> bool:
        """Whether there is room for the words of both sides."""
        return self.counts.changes <= SPARSE


class Gap(msgspec.Struct, frozen=True):
    """Months in a row in which nothing is on record; ``last`` is empty for one alone."""

    first: str
    last: str
    is_gap: bool = True


def month_views(
    reading: StoryReading,
    span: Span,
    part: Part,
    turns: Sequence[Turn],
    happened: Sequence[DevelopmentView],
    *,
    newest_first: bool,
) -> list[MonthView | Gap]:
    """Return the months of a part in order, those without anything put together."""
    days = _by_month(turns, happened, newest_first=newest_first)
    counts = {one.number: one for one in reading.months}
    items: list[MonthView | Gap] = []
    first, last = month_of(part.first), month_of(part.last)
    waiting: list[int] = []
    for number in range(max(first, span.first), min(last, span.last) + 1):
        if number not in days:
            waiting.append(number)
            continue
        items += _gap(waiting)
        waiting = []
        whole = part.first * DAY <= start_of(number) and start_of(number + 1) <= (part.last + 1) * DAY
        is_whole = whole or part.of == 1
        items.append(_month(reading, counts[number], days[number], is_whole=is_whole))
    items += _gap(waiting)
    return items[::-1] if newest_first else items


def _by_month(
    turns: Sequence[Turn], happened: Sequence[DevelopmentView], *, newest_first: bool
) -> dict[int, list[DayView]]:
    changed: dict[int, list[Turn]] = defaultdict(list)
    beside: dict[int, list[DevelopmentView]] = defaultdict(list)
    for turn in turns:
        changed[turn.day].append(turn)
    for development in happened:
        beside[development.day].append(development)
    found: dict[int, list[DayView]] = defaultdict(list)
    for day in sorted(changed.keys() | beside.keys(), reverse=newest_first):
        instant = day * DAY
        found[month_of(day)].append(
            DayView(
                str(calendar_date(day)[2]),
                dates.day(instant),
                dates.machine(instant)[:10],
                _grouped(changed[day]),
                beside[day],
            )
        )
    return found


def _grouped(turns: Sequence[Turn]) -> list[Group]:
    """Put many changes that are alike together; a few stand one by one."""
    found: dict[tuple[object, ...], list[Turn]] = defaultdict(list)
    for turn in turns:
        change = turn.change.change
        found[turn.topic.id, turn.kind, change.from_, change.to].append(turn)
    groups = []
    for alike in found.values():
        if len(alike) > ALIKE:
            groups.append(Group(alike[0], alike[1:]))
        else:
            groups += [Group(turn, []) for turn in alike]
    return groups


def _gap(numbers: Sequence[int]) -> list[MonthView | Gap]:
    if not numbers:
        return []
    first, last = (dates.month(start_of(one)) for one in (numbers[0], numbers[-1]))
    return [Gap(first, last if len(numbers) > 1 else "")]


def _month(
    reading: StoryReading, counts: Month, days: list[DayView], *, is_whole: bool
) -> MonthView:
    turns = [turn for day in days for turn in day.turns if turn.is_move]
    is_dense = is_whole and counts.changes > DENSE
    lines = _lines(reading, counts.number, turns) if is_dense else []
    shown = lines if reading.address.lines else lines[:LINES]
    start = start_of(counts.number)
    return MonthView(
        key=key_of(counts.number),
        name=dates.month_name(start),
        year=dates.year(start),
        counts=counts,
        days=days,
        most=_most(turns) if is_dense else None,
        lines=[_line(reading, counts.number, one) for one in shown],
        more_lines=len(lines) - len(shown),
        is_whole=is_whole,
    )


def _most(turns: Sequence[Turn]) -> Most | None:
    if not turns:
        return None
    (topic, on_topic), (actor, by_actor) = (
        Counter(found).most_common(1)[0]
        for found in ([one.topic.id for one in turns], [one.actor.id for one in turns])
    )
    topics, actors = ({one.topic.id: one.topic for one in turns}, {one.actor.id: one.actor for one in turns})
    return Most(topics[topic], on_topic, actors[actor], by_actor)


def _lines(reading: StoryReading, number: int, turns: Iterable[Turn]) -> list[list[Turn]]:
    """Return the changes of each lane that moved: of many, first those that moved most."""
    lanes: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    for turn in sorted(turns, key=lambda one: one.change.change.counts_from):
        lanes[turn.topic.id, turn.actor.id].append(turn)
    return sorted(lanes.values(), key=lambda found: (-len(found), found[0].day))


def _line(reading: StoryReading, number: int, turns: list[Turn]) -> Line:
    start, end = start_of(number), start_of(number + 1) - 1
    first = turns[0]
    given = ChartInput(
        start=start,
        end=end,
        now=max(start, min(end, reading.moment)),
        scale=first.topic.scale,
        lanes=(Lane(slug=first.actor.slug, name=first.actor.name, runs=_runs(start, turns)),),
    )
    return Line(first.actor, first.topic, first.href, layout.spark(given, dates.wording()))


def _runs(start: int, turns: Sequence[Turn]) -> tuple[Run, ...]:
    """Return the positions that a lane held within a month, the one that it came with first."""
    moves = [turn.change.change for turn in turns]
    came_with = Run(
        start=start - DAY, end=moves[0].counts_from, level=moves[0].from_, said=(start,)
    )
    ends = [*(one.counts_from for one in moves[1:]), None]
    return came_with, *(
        Run(
            start=one.counts_from,
            end=end,
            level=one.to,
            lowest=one.lowest,
            highest=one.highest,
            said=(one.counts_from,),
            kind=one.kind,
        )
        for one, end in zip(moves, ends, strict=True)
    )


def gap_text(first: int, last: int) -> str:
    """Name months in a row: "Aug 2026 – Nov 2026"."""
    names = [dates.month(start_of(one)) for one in (first, last)]
    if first == last:
        return names[0]
    return gettext("%(first)s – %(last)s", first=names[0], last=names[1])
