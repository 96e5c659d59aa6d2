"""The questions of the record, the latest to move first, with lanes on one axis."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, calendar_date, day_number, day_of
from timeline.projections.queries import crowds, directory, entries
from timeline.projections.queries.coverage import read_coverages
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.news import last_moves
from timeline.projections.queries.positions import LaneChange, lane_counts, positions_on
from timeline.projections.queries.topic_changes import TopicChanges
from web.chart.axis import Window, ticks
from web.chart.drawing import LaneDrawing, Tick
from web.chart.model import ChartInput, Lane, Run
from web.chart.single import strip
from web.home.folds import FEW, NAMED, Fold, earlier, every, unmoved
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.address import to_lane
from web.lanes.chart_input import MARKS, openings, runs_between, runs_of
from web.lanes.coverage import hatched
from web.lanes.history import history_on
from web.lanes.rhythm import silence_on
from web.lanes.single_lane import CHANGES
from web.shell.pagination import ListPart
from web.wording import moves, stances
from web.wording.clocks import Clocks
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import TopicCounts
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LanePosition
    from web.shell.pagination import ListPlace
    from web.wording.names import Names

DRAWN = 24
"""The most questions with a lane, those that moved last."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """The last change on a question, and how many others there were on that day.

    ``speakers`` names who spoke, if not the actor. ``proof`` is 0 if no statement proves it.
    """

    change: LaneChange
    actor: Actor
    before: StanceView
    after: StanceView | None
    date: str
    machine: str
    speakers: str
    also: int
    href: str
    proof: int


class Held(msgspec.Struct, frozen=True):
    """Somebody's position on a question without changes."""

    actor: Actor
    stance: StanceView
    href: str


class Question(msgspec.Struct, frozen=True):
    """A question with the lane that moved last, else with who said most."""

    topic: Topic
    move: Move | None
    held: Held | None
    strip: LaneDrawing


class Group(msgspec.Struct, frozen=True):
    """Questions that moved in one year, or never."""

    heading: str
    questions: tuple[Question, ...]


class Questions(msgspec.Struct, frozen=True):
    """All questions: with lanes on one axis and folds, or with a line each ``by_name``.

    ``part`` is the part of the list by name.
    """

    ticks: tuple[Tick, ...] = ()
    ends_now: bool = True
    groups: tuple[Group, ...] = ()
    folds: tuple[Fold, ...] = ()
    by_name: Fold | None = None
    part: ListPart | None = None

    @property
    def is_hatched(self) -> bool:
        """Tell whether a lane shows a gap in watching."""
        return any(
            question.strip.unwatched for group in self.groups for question in group.questions
        )


def by_name(conn: Connection, counts: TopicCounts, place: ListPlace[str] | None) -> Questions:
    """Return the questions with a line each, sorted by their words, from a place on."""
    lines, part = every(conn, counts.topics, place)
    return Questions(by_name=lines, part=part)


def by_last_move(conn: Connection, counts: TopicCounts, names: Names, now: int) -> Questions:
    """Return the questions, the latest to move first; ``counts`` has their numbers."""
    moving = directory.last_to_move(conn, DRAWN + NAMED)
    recent = _recent(conn, moving[0]) if moving else 0
    with_chart = moving[: min(DRAWN, recent)]
    spoken = directory.unmoved(conn, DRAWN - len(with_chart), more_than=FEW)
    last = moving[0].moved or now if moving else now
    strips = Strips(conn, [*with_chart, *spoken], last, now)
    rows = _Rows(conn, strips, names, with_chart, spoken)
    groups = [
        Group(gettext("Moved in %(year)s", year=year), tuple(map(rows.moved, together)))
        for year, together in groupby(with_chart, key=lambda topic: dates.year(topic.moved or 0))
    ]
    positions_held = tuple(filter(None, map(rows.held, spoken)))
    held_ids = {question.topic.id for question in positions_held}
    still = [topic for topic in directory.unmoved(conn, DRAWN + NAMED) if topic.id not in held_ids]
    if positions_held:
        groups.append(Group(gettext("Not moved yet"), positions_held))
    whole = (
        dates.year(with_chart[-1].moved or 0) if with_chart and len(with_chart) == recent else ""
    )
    folds = (
        earlier(conn, moving[len(with_chart) :], counts.moved - len(with_chart), whole),
        unmoved(conn, still, counts.topics - counts.moved - len(positions_held), names),
    )
    return Questions(strips.ticks, strips.ends_now, tuple(groups), tuple(filter(None, folds)))


def _recent(conn: Connection, latest: Topic) -> int:
    """Count the questions that moved in the year of the last move or in the one before."""
    year = calendar_date(day_of(latest.moved or 0))[0]
    return directory.count_moved_since(conn, day_number(year - 1, 1, 1) * DAY)


class _Rows:
    """Makes the questions with lanes; their data is read once for all."""

    def __init__(
        self,
        conn: Connection,
        strips: Strips,
        names: Names,
        drawn: Sequence[Topic],
        spoken: Sequence[Topic],
    ) -> None:
        self._strips, self._names = strips, names
        self._lanes = lane_counts(conn, [topic.id for topic in (*drawn, *spoken)])
        self._moved = last_moves(conn, [topic.id for topic in drawn])
        changes = [change.change for moves_found in self._moved.values() for change in moves_found]
        proofs = {number for change in changes for number in (*change.before, *change.after)}
        self._held: dict[str, LanePosition] = {}
        for position in positions_on(conn, [topic.id for topic in spoken]):
            most = self._held.get(position.topic)
            if position.position.counted and (most is None or position.on_record > most.on_record):
                self._held[position.topic] = position
        proofs.update(*(held_position.position.counted for held_position in self._held.values()))
        self._said = entries.statements(conn, proofs)
        names.learn(self._said.values())

    def moved(self, topic: Topic) -> Question:
        """Return a question with its last change."""
        lanes = self._lanes[topic.id]
        move = last_move(topic, self._moved[topic.id], self._said, self._names, lanes)
        return Question(topic, move, None, self._strips.draw(topic, move.actor))

    def held(self, topic: Topic) -> Question | None:
        """Return a question without changes, with who said most on it."""
        position = self._held.get(topic.id)
        if position is None:
            return None
        actor = self._names.actor(position.lane)
        held = Held(
            actor,
            stances.of_position(topic.scale, position.position, self._said),
            to_lane(topic, actor.slug, self._lanes[topic.id]),
        )
        return Question(topic, None, held, self._strips.draw(topic, actor))


def last_move(
    topic: Topic,
    changes: Sequence[LaneChange],
    said: dict[int, StatementEntry],
    names: Names,
    lanes: int = 0,
) -> Move:
    """Return the change that represents a topic's last day; ``lanes`` is their number."""
    groups = moves.of_one_day(changes)
    head = moves.head(groups[0], said, names.lanes)
    change, actor = head.change, names.actor(head.lane)
    before = [said[number] for number in change.before if number in said]
    after = [said[number] for number in change.after if number in said]
    proof = after[-1].number if after else 0
    sides = stances.sides(topic.scale, change, said)
    return Move(
        change=head,
        actor=actor,
        before=sides[0],
        after=sides[1],
        date=dates.said(after[-1].said_at) if after else dates.day(change.counts_from),
        machine=dates.machine(change.counts_from),
        speakers=moves.speakers(actor, before, after, names),
        also=len(groups) - 1,
        href=to_lane(topic, actor.slug, lanes, s=proof),
        proof=proof,
    )


YEARS = 4
"""The years before that of the last change which the axis shows."""

QUIET = 2 * 366 * DAY
"""The seconds since the last change after which the axis does not end with now."""


class Strips:
    """The axis, which ends with now or soon after the last change ``moved``, and lanes on it.

    ``topics`` are those of which lanes will be drawn.
    """

    def __init__(self, conn: Connection, topics: Iterable[Topic], moved: int, now: int) -> None:
        self._conn, self._now = conn, now
        self._watched = read_coverages(conn, [topic.id for topic in topics])
        year = calendar_date(day_of(moved))[0]
        self.start = day_number(year - YEARS, 1, 1) * DAY
        self.ends_now = now - moved < QUIET
        self.end = max(now if self.ends_now else moved + QUIET // 2, self.start + DAY)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The years of the axis."""
        return ticks(Window(self.start, self.end), dates.wording())

    def draw(self, topic: Topic, actor: Actor) -> LaneDrawing:
        """Return the lane of an actor on a topic."""
        runs = self._runs(topic, actor)
        lane = Lane(slug=actor.slug, name=actor.name, runs=runs)
        begin = max(self.start, runs[0].start) if runs else self.end
        gaps_found = self._watched[topic.id].gaps_between(begin, self.end, actor.id)
        gaps = [(max(first, begin), after) for first, after in gaps_found]
        chart = ChartInput(
            start=self.start,
            end=self.end,
            now=self._now,
            scale=topic.scale,
            lanes=(hatched(lane, gaps, begin, self.end),),
            restated=silence_on(topic),
            links=False,
        )
        return strip(chart, dates.wording())

    def _runs(self, topic: Topic, actor: Actor) -> tuple[Run, ...]:
        if crowds.words_of(self._conn, topic.id, actor.id) > MARKS:
            return runs_between(TopicChanges(self._conn, topic.id).last(actor.id, CHANGES))
        lane = history_on(self._conn, topic.id, actor.id, Clocks())
        return runs_of(lane.holds, openings(lane)) if lane else ()
