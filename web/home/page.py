"""The front page: a change followed to its proof, what is new, stories with bars, questions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, month_number, month_start
from timeline.projections.queries import directory, entries, news
from timeline.projections.queries.directory import Story, StoryCounts, Topic
from timeline.projections.queries.news import last_moves, latest_move_days
from timeline.projections.queries.utterances import repeats
from web.home.example import Example, example
from web.home.questions import Move, Questions, by_last_move, by_name, last_move
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.address import TopicAddress
from web.lanes.known_then import recorded_up_to
from web.shell.publisher import publisher
from web.wording.change_sentences import ChangeSentence, ChangeWriter
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.positions import LaneChange
    from web.shell.pagination import ListPlace

SORTS = ("changed", "name")


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the front page reads.

    ``statements`` counts as topics do; one of the ``utterances`` may count on several. ``told`` has
    the sentences of the changes of ``example`` and ``stories``.
    """

    sort: str
    visit: HomeVisit | None
    topics: int
    actors: int
    statements: int
    utterances: int
    example: Example | None
    stories: list[StoryRow]
    told: dict[LaneChange, ChangeSentence]
    questions: Questions


def home_page(
    conn: Connection,
    *,
    sort: str,
    now: int,
    new_after: int | None = None,
    place: ListPlace[str] | None = None,
) -> HomePage:
    """Read everything that the front page shows; entries after a log position are new.

    ``place`` is the one in the list of questions by name, a slug.
    """
    counts, names = directory.count_topics(conn), Names(conn)
    shown, stories = example(conn, names, now), story_rows(conn, names)
    changes = [one.change for one in (shown, *(row.move for row in stories)) if one]
    teller = ChangeWriter(conn, names, changes, own=publisher().language)
    return HomePage(
        sort=sort,
        visit=home_visit(conn, new_after),
        topics=counts.topics,
        actors=directory.count_actors(conn),
        statements=counts.statements,
        utterances=counts.statements - repeats(conn),
        example=shown,
        stories=stories,
        told={change: teller.tell(change) for change in changes},
        questions=by_name(conn, counts, place)
        if sort == "name"
        else by_last_move(conn, counts, names, now),
    )


SHOWN = 4
"""The most topics that the strip names; it counts the others."""


class NewTopic(msgspec.Struct, frozen=True):
    """A topic with news, and the address that marks them."""

    label: str
    href: str
    changes: int
    entries: int


class HomeVisit(msgspec.Struct, frozen=True, kw_only=True):
    """What is new on the whole record: ``when`` it was last seen, in words."""

    when: str
    statements: int
    developments: int
    changes: int
    corrected: int
    retracted: int
    reinstated: int
    topics: list[NewTopic]
    more: int


def home_visit(conn: Connection, since: int | None) -> HomeVisit | None:
    """Return what is new after a log position; ``None`` if nothing is."""
    if since is None:
        return None
    new, amended = news.news(conn, since), news.amended(conn, since)
    if not new and not amended:
        return None
    by_id = directory.topics_by_id(conn, {item.topic for item in new[:SHOWN]})
    return HomeVisit(
        when=recorded_up_to(conn, since),
        statements=sum(item.statements for item in new),
        developments=news.developments(conn, since),
        changes=sum(item.changes for item in new),
        corrected=amended.get("corrected", 0),
        retracted=amended.get("retracted", 0),
        reinstated=amended.get("reinstated", 0),
        topics=[_topic(by_id[item.topic], item, since) for item in new[:SHOWN]],
        more=max(0, len(new) - SHOWN),
    )


def _topic(topic: Topic, item: news.News, since: int) -> NewTopic:
    href = TopicAddress(since=f"@{since}").url(topic.slug)
    return NewTopic(topic.label, href, item.changes, item.statements + item.developments)


DRAWN = 8
"""The most stories that are listed, those that moved last."""

NEVER = -(2**62)


class StoryRow(msgspec.Struct, frozen=True):
    """A story with its last change and the question of that, if any."""

    story: Story
    questions: int
    statements: int
    topic: Topic | None
    move: Move | None
    bars: StoryBars | None


def story_rows(conn: Connection, names: Names) -> list[StoryRow]:
    """Return the stories, the latest to move first."""
    counts = directory.count_topics_by_story(conn)
    rows = [(story, counts.get(story.id, StoryCounts())) for story in directory.stories(conn)]
    rows.sort(key=lambda row: NEVER if row[1].moved is None else row[1].moved, reverse=True)
    return [
        _row(conn, story, counted, names, is_drawn=place < DRAWN)
        for place, (story, counted) in enumerate(rows)
    ]


def _row(
    conn: Connection, story: Story, counted: StoryCounts, names: Names, *, is_drawn: bool
) -> StoryRow:
    moving = directory.last_to_move(conn, QUESTIONS, story=story.id) if is_drawn else []
    latest = moving[0] if moving else None
    return StoryRow(
        story=story,
        questions=counted.topics,
        statements=counted.statements,
        topic=latest,
        move=_move(conn, latest, names) if latest else None,
        bars=story_bars(conn, moving),
    )


def _move(conn: Connection, topic: Topic, names: Names) -> Move:
    changes = last_moves(conn, [topic.id])[topic.id]
    proofs = {n for change in changes for n in (*change.change.before, *change.change.after)}
    said = entries.statements(conn, proofs)
    names.learn(said.values())
    names.topics([topic])
    return last_move(topic, changes, said, names, 0)


QUESTIONS = 12
"""The most questions of a story whose changes are counted, those that moved last."""

CHANGES = 40
"""The most changes of each question that are counted, the latest."""

YEAR = 12
MONTHS = 5 * YEAR
"""The number of months from which bars are by year."""

HEIGHT, GAP = 40, 0.25
"""The greatest height of a bar, and the share of its width that stays free."""


class StoryBars(msgspec.Struct, frozen=True):
    """``(x, width, height)`` of each bar, the first two in percent, and the labels below."""

    bars: tuple[tuple[float, float, float], ...]
    first: str
    last: str
    unit: str


def story_bars(conn: Connection, topics: Sequence[Topic]) -> StoryBars | None:
    """Return bars of the latest changes by month, or by year for a long time."""
    begin, months = None, Counter[int]()
    for topic in topics:
        days = latest_move_days(conn, topic.id, CHANGES)
        months.update(month_number(day) for day, _ in dict.fromkeys(days))
        if len(days) == CHANGES:
            whole = month_number(days[-1][0]) + 1
            begin = whole if begin is None else max(begin, whole)
    counted = {month: count for month, count in months.items() if begin is None or month >= begin}
    return _drawn(counted) if counted else None


def _drawn(months: dict[int, int]) -> StoryBars:
    by_year = max(months) - min(months) >= MONTHS
    unit, name = (YEAR, dates.year) if by_year else (1, dates.month)
    counts: Counter[int] = Counter()
    for month, count in months.items():
        counts[month // unit] += count
    first, last = min(counts), max(counts)
    room, top = 100 / (last - first + 1), max(counts.values())
    bars = tuple(
        (
            round((place - first + GAP / 2) * room, 3),
            round(room * (1 - GAP), 3),
            round(HEIGHT * counts[place] / top, 1),
        )
        for place in sorted(counts)
    )
    text = gettext("latest changes by year") if by_year else gettext("latest changes by month")
    return StoryBars(
        bars, name(month_start(first * unit) * DAY), name(month_start(last * unit) * DAY), text
    )
