"""The front page: latest changes as cards, topics with sparks, and the matrix."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from timeline.projections.lanes import lane_of, lane_readings, unique, withdrawals
from timeline.projections.queries import crowds, directory, entries, log
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.positions import (
    LaneChange,
    Standing,
    current_changes,
    current_positions,
)
from web import dating, stances
from web.chart.layout import card, spark
from web.chart.model import ChartInput, Lane, Run
from web.entry_view import Presenter, StatementView
from web.names import Names
from web.sentences import Sentence, of_change, tell
from web.stances import StanceView
from web.topic.address import TopicAddress
from web.topic.history import Hold, holds
from web.topic.window import window

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic
    from web.chart.drawing import LaneDrawing

SORTS = ("changed", "name")
CARDS = 4
SPARKS = 5
ROWS = 24
SPARK_CHANGES = 40
WIDE = 8
"""Topics that fit beside each other."""

LATELY = 30 * DAY
YEARS = 3 * 365 * DAY
MONTHS = 75 * DAY


class Card(msgspec.Struct, frozen=True):
    """One of the latest changes, and whose position on the topic changed on the same day."""

    topic: Topic
    actor: directory.Actor
    before: StanceView
    after: StanceView | None
    first_said: str
    proof: StatementView | None
    lane: LaneDrawing
    also: tuple[directory.Actor, ...] = ()
    sentences: tuple[Sentence, ...] = ()


class Spark(msgspec.Struct, frozen=True):
    """One small lane of a topic."""

    actor: directory.Actor
    stance: StanceView | None
    lane: LaneDrawing


class TopicTeaser(msgspec.Struct, frozen=True):
    """A topic with its latest change and a few lanes."""

    topic: Topic
    actors: int
    sparks: list[Spark]
    latest: Card | None
    axis: list[str]


class Cell(msgspec.Struct, frozen=True):
    """Where one actor stands on one topic; ``came_from`` if that changed lately."""

    stance: StanceView | None
    said: str
    via: str
    came_from: str
    recent: bool
    href: str


class Head(msgspec.Struct, frozen=True):
    """The name at the side or top of the matrix."""

    label: str
    href: str


class Matrix(msgspec.Struct, frozen=True):
    """Actors by topics, or topics by actors where that is the narrower way; ``more`` actors."""

    columns: list[Head]
    rows: list[tuple[Head, list[Cell]]]
    more: int


class StorySection(msgspec.Struct, frozen=True):
    """A running story with its topics."""

    story: Story | None
    topics: list[TopicTeaser]
    matrix: Matrix


class HomePage(msgspec.Struct, frozen=True):
    """Everything that the front page reads."""

    sort: str
    topics: int
    actors: int
    statements: int
    events: int
    cards: list[Card]
    stories: list[StorySection]


def home_page(conn: Connection, *, sort: str, now: int, host: str) -> HomePage:
    """Read everything that the front page shows."""
    builder = _Builder(conn, now, host)
    topics = directory.topics(conn)
    return HomePage(
        sort=sort,
        topics=len(topics),
        actors=len(directory.actors(conn)),
        statements=sum(topic.statements for topic in topics),
        events=log.count(conn),
        cards=builder.cards(),
        stories=builder.sections(topics, sort),
    )


class _Builder:
    """Reads the parts of the page, each thing once."""

    def __init__(self, conn: Connection, now: int, host: str) -> None:
        self._conn, self._now, self._host = conn, now, host
        self._names = Names(conn)
        self._positions: dict[str, list[Standing]] = defaultdict(list)
        self._lanes = lane_of(conn)
        for standing in self._own(current_positions(conn)):
            self._positions[standing.topic].append(standing)
        self._latest: dict[tuple[str, str], LaneChange] = {}
        for change in crowds.latest_changes(conn):
            self._latest[change.topic, change.lane] = change
        self._names.actors({lane for _, lane in self._latest})
        self._said: dict[int, StatementEntry] = {}

    def _own(self, found: list[Standing]) -> list[Standing]:
        numbers = {n for one in found for n in one.position.counted}
        behalf = entries.behalf(self._conn, numbers)
        return [
            one
            for one in found
            if one.position.counted and self._is_own(one.lane, one.position.counted, behalf)
        ]

    def cards(self) -> list[Card]:
        found = current_changes(self._conn, limit=CARDS * 16, mixed=False, firsts=False)
        real = [one for one in found if one.change.from_ is not None]
        together: dict[tuple[str, int], list[LaneChange]] = {}
        for one in self._once(real):
            together.setdefault((one.topic, one.change.day), []).append(one)
        return [self._cards(alike) for alike in list(together.values())[:CARDS]]

    def _cards(self, alike: list[LaneChange]) -> Card:
        """Make one card of what changed on one question on one day."""
        also = tuple(self._names.actor(one.lane) for one in alike[1:])
        return msgspec.structs.replace(
            self._card(alike[0]), also=also, sentences=self._sentences(alike[0])
        )

    def _sentences(self, one: LaneChange) -> tuple[Sentence, ...]:
        numbers = (*one.change.before, *one.change.after)
        told = tell(self._conn, numbers, self._names, self._host)
        return of_change(self._names.actor(one.lane).name, one.change, told)

    def _once(self, found: list[LaneChange]) -> list[LaneChange]:
        """Show a change that one statement makes in two lanes once, for whom it was said."""
        behalf = entries.behalf(self._conn, {n for one in found for n in one.change.after})
        return [one for one in found if self._is_own(one.lane, one.change.after, behalf)]

    def _is_own(self, lane: str, numbers: tuple[int, ...], behalf: dict[int, str]) -> bool:
        """Tell whether a lane says something that does not stand in another's lane as well."""
        return not numbers or any(
            n not in behalf or self._lanes.get(behalf[n], behalf[n]) == lane for n in numbers
        )

    def sections(self, topics: list[Topic], sort: str) -> list[StorySection]:
        stories = {story.id: story for story in directory.stories(self._conn)}
        by_story: dict[str | None, list[Topic]] = defaultdict(list)
        for topic in topics:
            by_story[topic.story].append(topic)
        order = [*stories, None]
        return [
            self._section(stories.get(story or ""), by_story[story], sort)
            for story in order
            if by_story[story]
        ]

    def _section(self, story: Story | None, topics: list[Topic], sort: str) -> StorySection:
        if sort == "name":
            topics = sorted(topics, key=lambda one: one.label)
        else:
            topics = sorted(topics, key=lambda one: (-self._changed(one), one.opened))
        return StorySection(
            story, [self._teaser(one) for one in topics], self._matrix(story, topics)
        )

    def _changed(self, topic: Topic) -> int:
        moved = (c for c in self._latest.values() if c.topic == topic.id)
        return max((one.change.counts_from for one in moved), default=-(2**62))

    def _teaser(self, topic: Topic) -> TopicTeaser:
        standing = sorted(self._positions[topic.id], key=self._by_change)
        latest = next(
            (
                change
                for one in standing
                if (change := self._latest.get((topic.id, one.lane)))
                and change.change.kind != "first"
                and MIXED not in (change.change.from_, change.change.to)
            ),
            None,
        )
        return TopicTeaser(
            topic,
            len(standing),
            [self._spark(topic, one) for one in standing[:SPARKS]],
            self._card(latest) if latest else None,
            self._axis(topic),
        )

    def _axis(self, topic: Topic) -> list[str]:
        start, end = self._span(topic)
        label = dating.year if end - start > YEARS else dating.month
        if end - start < MONTHS:
            label = dating.short_day
        return [label(start), label((start + end) // 2), label(end)]

    def _by_change(self, one: Standing) -> tuple[int, str]:
        change = self._latest.get((one.topic, one.lane))
        return (-change.change.counts_from if change else 2**62, self._names.actor(one.lane).name)

    def _spark(self, topic: Topic, one: Standing) -> Spark:
        start, end = self._span(topic)
        lane = self._lane(topic, one.lane)
        holds_one = one.position.counted
        return Spark(
            self._names.actor(one.lane),
            stances.view(topic.scale, one.position.stance, rank=one.position.rank)
            if holds_one
            else None,
            spark(
                ChartInput(start=start, end=end, now=self._now, scale=topic.scale, lanes=(lane,))
            ),
        )

    def _card(self, one: LaneChange) -> Card:
        topic = self._names.topic(one.topic)
        change = one.change
        proof = entries.statements(self._conn, change.after)
        before = entries.statements(self._conn, change.before[:1])
        shown = list(proof.values())[:1]
        presenter = Presenter(self._conn, self._names, shown)
        start, end = self._span(topic)
        said = next(iter(before.values()), None)
        return Card(
            topic,
            self._names.actor(one.lane),
            stances.view(topic.scale, change.from_),
            None
            if change.to is None
            else stances.view(topic.scale, change.to, rank=shown[0].rank if shown else None),
            dating.said(said.said_at) if said else "",
            presenter.statement(shown[0]) if shown else None,
            card(
                ChartInput(
                    start=start,
                    end=end,
                    now=self._now,
                    scale=topic.scale,
                    lanes=(self._lane(topic, one.lane),),
                ),
                dating.wording(),
            ),
        )

    def _lane(self, topic: Topic, lane: str) -> Lane:
        actor = self._names.actor(lane)
        if topic.statements >= crowds.CROWD:
            moves = crowds.last_changes(self._conn, topic.id, lane, SPARK_CHANGES)
            return Lane(slug=actor.slug, name=actor.name, runs=_turns(moves))
        members = {lane} | {m for m, into in self._lanes.items() if into == lane}
        readings = unique(lane_readings(self._conn, topic.id, members))
        back = withdrawals(self._conn, (reading.statement for reading in readings))
        return Lane(slug=actor.slug, name=actor.name, runs=_runs(holds(readings, back, None)))

    def _span(self, topic: Topic) -> tuple[int, int]:
        ends = crowds if topic.statements >= crowds.CROWD else entries
        first, last = ends.span(self._conn, topic.id) or (self._now, self._now)
        shown = window(TopicAddress(), first, last, self._now)
        return shown.start, shown.end

    def _matrix(self, story: Story | None, topics: list[Topic]) -> Matrix:
        standing = {
            (one.topic, one.lane): one
            for topic in topics
            for one in self._positions[topic.id]
            if one.position.counted
        }
        actors = self._rows(story, standing)
        inside = set(actors[:ROWS])
        self._said |= entries.statements(
            self._conn,
            {
                one.position.last
                for one in standing.values()
                if one.lane in inside and one.position.last
            },
        )
        shown = [self._names.actor(lane) for lane in actors[:ROWS]]
        by_topic = [
            [self._cell(topic, standing.get((topic.id, lane))) for lane in actors[:ROWS]]
            for topic in topics
        ]
        at_topics = [Head(topic.label, f"/t/{topic.slug}") for topic in topics]
        at_actors = [Head(actor.name, f"/a/{actor.slug}") for actor in shown]
        more = max(0, len(actors) - ROWS)
        if len(actors) < len(topics) and len(topics) > WIDE:
            return Matrix(at_actors, list(zip(at_topics, by_topic, strict=True)), more)
        by_actor = [list(cells) for cells in zip(*by_topic, strict=True)]
        return Matrix(at_topics, list(zip(at_actors, by_actor, strict=True)), more)

    def _rows(self, story: Story | None, standing: dict[tuple[str, str], Standing]) -> list[str]:
        arranged = [actor for _, actors in story.sides for actor in actors] if story else []
        place = {actor: n for n, actor in enumerate(arranged)}
        counts: dict[str, int] = defaultdict(int)
        for _, lane in standing:
            counts[lane] += 1
        return sorted(
            counts,
            key=lambda lane: (
                place.get(lane, len(place)),
                -counts[lane],
                self._names.actor(lane).name,
            ),
        )

    def _cell(self, topic: Topic, one: Standing | None) -> Cell:
        if one is None:
            return Cell(None, "", "", "", recent=False, href="")
        change = self._latest.get((topic.id, one.lane))
        moved = change is not None and change.change.from_ is not None
        recent = moved and change is not None and change.change.counts_from > self._now - LATELY
        last = self._said.get(one.position.last or 0)
        came_from = stances.word(topic.scale, change.change.from_) if moved and change else ""
        slug = self._names.actor(one.lane).slug
        return Cell(
            stances.view(topic.scale, one.position.stance, rank=one.position.rank),
            dating.said(last.said_at) if last else "",
            last.words.reported_via if last else "",
            came_from,
            recent=bool(recent),
            href=f"/t/{topic.slug}#lane-{slug}",
        )


def _turns(moves: list[LaneChange]) -> tuple[Run, ...]:
    """Return the runs between the last changes of a lane that nobody reads one by one."""
    return tuple(
        Run(
            start=one.change.counts_from,
            end=moves[place + 1].change.counts_from if place + 1 < len(moves) else None,
            level=one.change.to,
            lowest=one.change.lowest,
            highest=one.change.highest,
            said=(one.change.counts_from,),
            kind=one.change.kind,
        )
        for place, one in enumerate(moves)
    )


def _runs(found: list[Hold]) -> tuple[Run, ...]:
    return tuple(
        Run(
            start=hold.start,
            end=found[place + 1].start if place + 1 < len(found) else None,
            level=hold.stance,
            lowest=hold.lowest,
            highest=hold.highest,
            rank=hold.rank or 0,
            said=hold.said,
            opened_by=hold.opened_by,
            kind="first" if place == 0 else "shift",
        )
        for place, hold in enumerate(found)
    )
