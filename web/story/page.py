"""The page of a story: its months, links to others, filters, and what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of
from timeline.projections.queries.change_answers import ChangeFilter, count_waiting
from timeline.projections.queries.directory import Story, Topic
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.known_then import NothingKnown, known_moment, nothing_known, recorded_up_to
from web.lanes.turning_points import TurningPoint, turning_points
from web.shell.publisher import publisher
from web.story.address import StoryAddress
from web.story.bars import Bars, YearLink, bars, years
from web.story.filters import QUESTIONS, StoryFilters, story_filters
from web.story.ledes import (
    LONG,
    Fold,
    lede_of,
    months_in_short,
    title_of,
    years_in_short,
)
from web.story.month_views import Gap, MonthView, folded, month_views
from web.story.months import YEAR, Span, bounds_of, month_of, name_of, start_of
from web.story.reading import MOST
from web.story.turns import ShownChange, developments, shown_changes
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from web.story.parts import Part
    from web.story.reading import StoryReading

NEW_SHOWN = 4
"""The most changes that the strip of news names; it counts the others."""


class Facts(msgspec.Struct, frozen=True):
    """The counts of the whole story; ``recorded`` says up to when, in words.

    ``waiting`` counts changes that no editor has judged yet.
    """

    topics: int
    statements: int
    changes: int
    developments: int
    recorded: str
    waiting: int = 0


class News(msgspec.Struct, frozen=True):
    """What is new to the reader: ``when`` the story was last seen, in words."""

    since: int
    when: str
    turns: list[ShownChange]
    more: int
    developments: int


class Question(msgspec.Struct, frozen=True):
    """A question of the story, how much is on record of it, and how often somebody changed."""

    topic: Topic
    statements: int
    changes: int


class PartLink(msgspec.Struct, frozen=True):
    """The link to another part of full months, with its first day."""

    label: str
    href: str


class StoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page of a story reads.

    ``lede`` says who moved in the chosen months, or in the whole story. ``more_questions`` counts
    those that are not in ``questions``, which come by number of changes. ``back`` and ``onward``
    lead to other parts of full months. ``silence`` names the empty months at the end;
    ``ends_unwatched`` if nobody watched in any of them.
    """

    story: Story
    address: StoryAddress
    clocks: Clocks
    order: str
    facts: Facts
    news: News | None
    bars: Bars | None
    shown: str
    is_latest: bool
    is_folded: bool
    lede: str
    turning_points: list[TurningPoint]
    years: list[YearLink]
    filters: StoryFilters
    months: list[MonthView | Fold | Gap]
    back: PartLink | None
    onward: PartLink | None
    silence: str
    ends_unwatched: bool
    questions: list[Question]
    more_questions: int
    said: str
    known: str
    unknown: NothingKnown | None
    is_today: bool = False

    @property
    def was_silent(self) -> bool:
        """Whether nothing at all was on record of the whole story."""
        return not (self.facts.statements or self.facts.developments)


def story_page(reading: StoryReading, *, order: str, new_after: int | None) -> StoryPage:
    """Read everything that the page of a story shows."""
    address, span = reading.address, reading.span
    newest_first = order == "new"
    part, questions = reading.part(newest_first=newest_first), _questions(reading)
    points = _turning_points(reading)
    clocks, silent = reading.clocks, _silent(reading, span) if span else None
    return StoryPage(
        story=reading.story,
        address=address,
        clocks=clocks,
        order=order,
        facts=_facts(reading),
        news=_news(reading, new_after),
        bars=bars(reading.story.slug, address, reading.months, span),
        shown=title_of(span) if span else "",
        is_latest=_is_latest(reading),
        is_folded=reading.is_folded,
        lede=_lede(reading),
        turning_points=points,
        years=years(reading),
        filters=story_filters(reading),
        months=_months(reading, part, points, newest_first=newest_first),
        back=_link(reading, part, later=newest_first),
        onward=_link(reading, part, later=not newest_first),
        silence=name_of(*silent) if silent else "",
        ends_unwatched=silent is not None
        and reading.is_unwatched(start_of(silent[0]), start_of(silent[1] + 1)),
        questions=questions,
        more_questions=len(reading.topics) - len(questions),
        said=dates.day(clocks.as_of) if clocks.as_of is not None else "",
        known=known_moment(reading.conn, clocks),
        unknown=nothing_known(reading.conn, clocks, is_empty=reading.is_empty),
        is_today=clocks.is_today(reading.now),
    )


def _link(reading: StoryReading, part: Part | None, *, later: bool) -> PartLink | None:
    """Return the link to what is later than a part, or earlier, if there is anything."""
    place = part and (part.later if later else part.earlier)
    if not place:
        return None
    day = dates.day(place.day * DAY)
    label = gettext("After %(day)s", day=day) if later else gettext("Before %(day)s", day=day)
    return PartLink(label, reading.address.url(reading.story.slug, part=place.written))


def _lede(reading: StoryReading) -> str:
    """Return the lede of the chosen months, or of the whole story."""
    months = reading.months
    if reading.span is None or not months:
        return ""
    if reading.address.begin or reading.address.end:
        return lede_of(reading, reading.span)
    return lede_of(reading, Span(months[0].number, months[-1].number))


def _is_latest(reading: StoryReading) -> bool:
    """Tell whether the page shows only the latest months, because the reader chose none."""
    address, span = reading.address, reading.span
    is_chosen = address.begin or address.end
    return not is_chosen and span is not None and span.first > reading.months[0].number


def _turning_points(reading: StoryReading) -> list[TurningPoint]:
    """Return the turning points of the months shown, if these are folded."""
    span = reading.span
    if span is None or not reading.is_folded or not reading.moves:
        return []
    changes = [change for group in reading.moves_in(span) for change in group]
    happened = reading.story_changes.developments(*bounds_of(span), limit=MOST)
    return turning_points(
        reading.conn,
        reading.names,
        changes,
        [entry.counts_from for entry in happened],
        own=publisher().language,
        known_at=reading.clocks.known_at,
    )


def _months(
    reading: StoryReading,
    part: Part | None,
    points: list[TurningPoint],
    *,
    newest_first: bool,
) -> list[MonthView | Fold | Gap]:
    span, opened = reading.span, reading.opened
    days: list[MonthView | Gap] = []
    if opened and part:
        days = month_views(
            reading,
            opened,
            part,
            shown_changes(reading, reading.changes(part)),
            developments(reading, reading.developments(part)),
            newest_first=newest_first,
        )
    if span is None or not reading.is_folded or reading.address.open == "all":
        return [*days]
    is_long = span.last - span.first >= LONG and not opened
    step = YEAR if is_long else 1
    folds = years_in_short(reading, span) if is_long else months_in_short(reading, span, points)
    return folded(reading, span, folds, days, step=step, newest_first=newest_first)


def _facts(reading: StoryReading) -> Facts:
    months = reading.everything.months()
    return Facts(
        len(reading.topics),
        sum(reading.statements.values()),
        sum(month.changes for month in months),
        sum(month.developments for month in months),
        recorded_up_to(reading.conn, None),
        _waiting(reading),
    )


def _waiting(reading: StoryReading) -> int:
    """Count what waits for an editor now; 0 at a past moment."""
    if not reading.clocks.is_now or not reading.topics:
        return 0
    topics = tuple(topic.id for topic in reading.topics)
    return count_waiting(reading.conn, ChangeFilter(topics=topics))


def _news(reading: StoryReading, since: int | None) -> News | None:
    """Return what came after the reader's last visit; ``None`` if nothing did."""
    if since is None or not reading.clocks.is_now:
        return None
    story_changes = reading.new()
    days = story_changes.days()
    changes, happened = (
        sum(day.changes for day in days),
        sum(day.developments for day in days),
    )
    if not changes and not happened:
        return None
    shown = [
        turn for turn in shown_changes(reading, story_changes.latest(NEW_SHOWN * 3)) if turn.is_move
    ]
    return News(
        since=since,
        when=recorded_up_to(reading.conn, since),
        turns=shown[:NEW_SHOWN],
        more=changes - len(shown[:NEW_SHOWN]),
        developments=happened,
    )


def _silent(reading: StoryReading, span: Span) -> tuple[int, int] | None:
    """Return the empty months after the last entry, up to the moment shown."""
    last, now = (
        reading.months[-1].number if reading.months else span.last,
        month_of(day_of(reading.moment)),
    )
    if span.last < last or now <= max(last, span.last):
        return None
    return max(last, span.last) + 1, now


def _questions(reading: StoryReading) -> list[Question]:
    """Return the questions by number of changes, limited unless all are asked for."""
    counts = reading.everything.moved_by_topic()
    questions = [
        Question(topic, reading.statements.get(topic.id, 0), counts.get(topic.id, 0))
        for topic in reading.topics
    ]
    questions.sort(
        key=lambda question: (-question.changes, -question.statements, question.topic.opened)
    )
    return questions if reading.address.questions else questions[:QUESTIONS]
