"""The front page: one change followed to its proof, what is new, the stories, the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries import directory, entries, log, news
from timeline.projections.queries.directory import Story, StoryCounts, Topic
from timeline.projections.queries.moves import last_moves
from timeline.projections.queries.utterances import repeats
from web.home.example import Example, example
from web.home.questions import Move, Questions, by_last_move, by_name, last_move
from web.home.story_bars import QUESTIONS, StoryBars, story_bars
from web.i18n import dates
from web.lanes.address import TopicAddress
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.shell.pagination import ListPlace


SORTS = ("changed", "name")


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the front page reads.

    ``statements`` counts as topics do; they were said in so many ``utterances``, some on several.
    """

    sort: str
    visit: HomeVisit | None
    topics: int
    actors: int
    statements: int
    utterances: int
    example: Example | None
    stories: list[StoryRow]
    questions: Questions


def home_page(
    conn: Connection,
    *,
    sort: str,
    now: int,
    new_after: int | None = None,
    place: ListPlace[str] | None = None,
) -> HomePage:
    """Read everything that the front page shows; what came after a log position is new.

    ``place`` is the one in the list of questions by name, a slug.
    """
    counts, names = directory.count_topics(conn), Names(conn)
    return HomePage(
        sort=sort,
        visit=home_visit(conn, new_after),
        topics=counts.topics,
        actors=directory.count_actors(conn),
        statements=counts.statements,
        utterances=counts.statements - repeats(conn),
        example=example(conn, names, now),
        stories=story_rows(conn, names),
        questions=by_name(conn, counts, place)
        if sort == "name"
        else by_last_move(conn, counts, names, now),
    )


SHOWN = 4
"""Topics that the strip names; it counts the others."""


class NewTopic(msgspec.Struct, frozen=True):
    """A topic on which something is new, and where that is marked."""

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
    by_id = directory.topics_by_id(conn, {one.topic for one in new[:SHOWN]})
    last = log.lines(conn, before=since + 1, limit=1)
    return HomeVisit(
        when=dates.moment(last[0].recorded_at // MICROSECONDS) if last else "",
        statements=sum(one.statements for one in new),
        developments=news.developments(conn, since),
        changes=sum(one.changes for one in new),
        corrected=amended.get("corrected", 0),
        retracted=amended.get("retracted", 0),
        reinstated=amended.get("reinstated", 0),
        topics=[_topic(by_id[one.topic], one, since) for one in new[:SHOWN]],
        more=max(0, len(new) - SHOWN),
    )


def _topic(topic: Topic, one: news.News, since: int) -> NewTopic:
    href = TopicAddress(since=f"@{since}").url(topic.slug)
    return NewTopic(topic.label, href, one.changes, one.statements + one.developments)


DRAWN = 8
"""Stories that stand with their last change; of more, those that moved last."""

NEVER = -(2**62)


class StoryRow(msgspec.Struct, frozen=True):
    """A story with its last change and the question that it was on, if there was any."""

    story: Story
    questions: int
    statements: int
    topic: Topic | None
    move: Move | None
    bars: StoryBars | None


def story_rows(conn: Connection, names: Names) -> list[StoryRow]:
    """Return the stories, those first that moved last."""
    counts = directory.count_topics_by_story(conn)
    found = [(story, counts.get(story.id, StoryCounts())) for story in directory.stories(conn)]
    found.sort(key=lambda one: NEVER if one[1].moved is None else one[1].moved, reverse=True)
    return [
        _row(conn, story, counted, names, is_drawn=place < DRAWN)
        for place, (story, counted) in enumerate(found)
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
    found = last_moves(conn, [topic.id])[topic.id]
    proofs = {n for one in found for n in (*one.change.before, *one.change.after)}
    said = entries.statements(conn, proofs)
    names.learn(said.values())
    return last_move(topic, found, said, names, 0)
