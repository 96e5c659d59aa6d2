"""The questions of the record by what moved last, each with the lane that moved on one axis."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import calendar_date
from timeline.projections.queries import entries
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.positions import lane_counts, positions_on
from web.chart.drawing import LaneDrawing, Tick
from web.home.folds import FEW, Fold, earlier, every, unmoved
from web.home.strips import Strips
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.lane_links import to_lane
from web.wording import moves, stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange, Standing
    from web.wording.names import Names

    Moved = Mapping[str, Sequence[LaneChange]]

DRAWN = 24
"""Questions that stand with their lane; of more, those that moved last."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """The last change on a question, and how many others there were on that day.

    ``sentence`` tells it whole; ``speakers`` names who spoke where it was not the actor. No words
    prove a change whose ``proof`` is 0.
    """

    actor: Actor
    before: StanceView
    after: StanceView | None
    date: str
    machine: str
    sentence: str
    speakers: str
    also: int
    href: str
    proof: int


class Held(msgspec.Struct, frozen=True):
    """Where somebody stands on a question on which nothing moved."""

    actor: Actor
    stance: StanceView
    href: str


class Question(msgspec.Struct, frozen=True):
    """A question with the lane that moved last, or with whoever said most if none did."""

    topic: Topic
    move: Move | None
    held: Held | None
    strip: LaneDrawing


class Group(msgspec.Struct, frozen=True):
    """Questions that moved in one year, or not yet."""

    heading: str
    questions: tuple[Question, ...]


class Questions(msgspec.Struct, frozen=True):
    """All questions: with lanes on one axis and folded, or each in a line ``by_name``."""

    ticks: tuple[Tick, ...] = ()
    ends_now: bool = True
    groups: tuple[Group, ...] = ()
    folds: tuple[Fold, ...] = ()
    by_name: Fold | None = None


def by_name(topics: Sequence[Topic], moved: Moved) -> Questions:
    """Return every question in a line; ``moved`` are the last changes of each."""
    return Questions(by_name=every(topics, moved))


def by_last_move(
    conn: Connection, topics: Sequence[Topic], moved: Moved, names: Names, now: int
) -> Questions:
    """Return the questions, latest to move first; ``moved`` are the last changes of each."""
    ordered = [one for one in topics if one.id in moved]
    ordered.sort(key=lambda one: (-_last(moved, one).counts_from, one.opened))
    since = _year(moved, ordered[0]) - 1 if ordered else 0
    recent = [one for one in ordered if _year(moved, one) >= since]
    drawn = recent[:DRAWN]
    still = [one for one in topics if one.id not in moved]
    spoken = [one for one in still if one.statements > FEW][: DRAWN - len(drawn)]
    shown = [*drawn, *spoken]
    last = _last(moved, ordered[0]).counts_from if ordered else now
    strips = Strips(conn, shown, last, now)
    rows = _Rows(conn, strips, moved, names, shown)
    groups = [
        Group(gettext("Moved in %(year)s", year=year), tuple(map(rows.moved, together)))
        for year, together in groupby(drawn, key=lambda one: _year_name(moved, one))
    ]
    held = tuple(filter(None, map(rows.held, spoken)))
    if held:
        groups.append(Group(gettext("Not moved yet"), held))
    whole = _year_name(moved, drawn[-1]) if len(drawn) == len(recent) and drawn else ""
    folds = (
        earlier(ordered[len(drawn) :], moved, whole),
        unmoved(conn, [one for one in still if one not in spoken], names),
    )
    return Questions(strips.ticks, strips.ends_now, tuple(groups), tuple(filter(None, folds)))


class _Rows:
    """The questions that are drawn, with what all of them need read in one go."""

    def __init__(
        self,
        conn: Connection,
        strips: Strips,
        moved: Moved,
        names: Names,
        drawn: Sequence[Topic],
    ) -> None:
        self._strips, self._moved, self._names = strips, moved, names
        ids = [one.id for one in drawn]
        self._lanes = lane_counts(conn, ids)
        changes = [one.change for topic in ids for one in moved.get(topic, ())]
        proofs = {number for one in changes for number in (*one.before, *one.after)}
        self._standing: dict[str, list[Standing]] = {}
        for one in positions_on(conn, [topic for topic in ids if topic not in moved]):
            self._standing.setdefault(one.topic, []).append(one)
            proofs |= {*one.position.counted}
        self._said = entries.statements(conn, proofs)
        names.learn(self._said.values())

    def moved(self, topic: Topic) -> Question:
        """Return a question with its last change."""
        lanes = self._lanes[topic.id]
        move = last_move(topic, self._moved[topic.id], self._said, self._names, lanes)
        return Question(topic, move, None, self._strips.draw(topic, move.actor))

    def held(self, topic: Topic) -> Question | None:
        """Return a question on which nothing moved, with whoever said most on it."""
        found = [one for one in self._standing.get(topic.id, ()) if one.position.counted]
        if not found:
            return None
        one = max(found, key=lambda one: one.on_record)
        actor = self._names.actor(one.lane)
        held = Held(
            actor,
            stances.held(topic.scale, one.position, self._said),
            to_lane(topic, actor.slug, self._lanes[topic.id]),
        )
        return Question(topic, None, held, self._strips.draw(topic, actor))


def last_move(
    topic: Topic,
    found: Sequence[LaneChange],
    said: dict[int, StatementEntry],
    names: Names,
    lanes: int = 0,
) -> Move:
    """Return the change that stands for those of a topic's last day; ``lanes`` it has in all."""
    groups = moves.of_one_day(found)
    head = moves.head(groups[0], said, names.lanes)
    change, actor = head.change, names.actor(head.lane)
    before = [said[number] for number in change.before if number in said]
    after = [said[number] for number in change.after if number in said]
    proof = after[-1].number if after else 0
    sides = stances.sides(topic.scale, change, said)
    return Move(
        actor=actor,
        before=sides[0],
        after=sides[1],
        date=dates.said(after[-1].said_at) if after else dates.day(change.counts_from),
        machine=dates.machine(change.counts_from),
        sentence=moves.of_change(topic, actor, change, said, names),
        speakers=moves.speakers(actor, before, after, names),
        also=len(groups) - 1,
        href=to_lane(topic, actor.slug, lanes, s=proof),
        proof=proof,
    )


def _last(moved: Moved, topic: Topic) -> Change:
    return moved[topic.id][0].change


def _year(moved: Moved, topic: Topic) -> int:
    return calendar_date(_last(moved, topic).day)[0]


def _year_name(moved: Moved, topic: Topic) -> str:
    return dates.year(_last(moved, topic).counts_from)
