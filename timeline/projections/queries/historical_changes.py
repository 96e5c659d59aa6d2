"""Changes at an earlier moment: those that are kept, and the ends of the few lanes that differ.

What a lane was before the first day on which anything said of it came to be known later, or has
been changed since, is what it is now. So the changes kept of now are read up to that day, and what
was known after it, mostly nothing, is derived anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, case, func, or_, select

from timeline.domain.instants import day_of, end_of_day
from timeline.domain.position import Change, changes
from timeline.domain.position.edition2.votes import as_vote
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.positions import (
    Lane,
    LaneChange,
    lane_set,
    lanes_on,
    lanes_with_walk_back,
    relevant_topics,
    said_until,
    topics_of,
)
from timeline.projections.queries.tracks import topic_tracks, vote_topics
from timeline.projections.tables import interned, schema
from timeline.projections.tables.kinds import is_visible
from timeline.projections.tables.lanes import Lanes, known, lanes_known, reading_rows, unique
from timeline.projections.tables.position_rows import change_of
from timeline.projections.tables.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.tables.prepared import Given, Query

RANKS = range(3)
AT_ONCE = 500
"""Topics that are asked for by one question."""

FEW = 200
"""Lanes of these topics whose ends are derived one by one; where more differ, all are read."""

NEVER = 1 << 40
"""A day after all others."""


class End(NamedTuple):
    """The first day from which on a lane may differ, and the last on which it was spoken on."""

    differs_from: int = NEVER
    last: int = -NEVER

    def together(self, other: End) -> End:
        """Return the same of two members of one lane."""
        return End(min(self.differs_from, other.differs_from), max(self.last, other.last))


def changes_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LaneChange]:
    """Return the changes by what had been said by an instant and was known at a log position.

    They come lane by lane, the oldest first.
    """
    topics = relevant_topics(conn, topic, lane, clocks.known_at)
    return changes_on(conn, topics, clocks, lane=lane)


def changes_on(
    conn: Connection, topics: Sequence[str], clocks: TwoClocks = NOW, *, lane: str | None = None
) -> list[LaneChange]:
    """Return the same on several topics (ids), of one lane or of all."""
    found: list[LaneChange] = []
    votes = vote_topics(conn, topics, clocks.known_at)
    others = {*topics} - votes
    anew = derived_anew(conn, others, clocks)
    moment = _Moment(conn, lane, clocks)
    for start in range(0, len(topics), AT_ONCE):
        some = topics[start : start + AT_ONCE]
        lanes = moment.lanes_on([one for one in some if one in votes])
        lanes |= moment.kept_on([one for one in some if one in others - anew])
        for topic in (one for one in some if one in anew):
            then = topic_tracks(conn, topic, clocks)
            wanted = then if lane is None else {lane} & then.keys()
            lanes |= {(topic, actor): [*then[actor].changes] for actor in wanted}
        place = {topic: number for number, topic in enumerate(some)}
        for key in sorted(lanes, key=lambda one: (place[one[0]], one[1])):
            found += (LaneChange(*key, change) for change in lanes[key])
    return found


def derived_anew(conn: Connection, topics: Iterable[str], clocks: TwoClocks = NOW) -> set[str]:
    """Return the topics (ids) whose changes at a moment are not those kept that were known by then.

    As known now somebody came back after that moment, or spoke or changed on its very day, of which
    it may be any second. As known earlier they have a lane of several actors, words that are taken
    back, or words that came late.
    """
    wanted = {*topics}
    if not wanted:
        return wanted
    if clocks.known_at is None:
        return set() if clocks.as_of is None else _differing(conn, wanted, clocks.as_of)
    if _is_within_day(clocks.as_of):
        return wanted
    apart = _topics_apart(conn, clocks.known_at) & wanted
    apart |= wanted - vote_topics(conn, wanted, clocks.known_at)
    table = schema.topics.c
    late = select(table.id).where(table.id.in_(wanted - apart), table.tangled > clocks.known_at)
    return apart | {*conn.execute(late).scalars()}


def _differing(conn: Connection, topics: Iterable[str], as_of: int) -> set[str]:
    """Return the topics (ids) on which somebody came back only after an instant.

    Until then the way there was told as a change of its own. Those are among them on which anything
    happened on its day, unless that has ended.
    """
    asked = {"topics": [*topics], "day": day_of(as_of)}
    found = {*conn.execute(*_back_after(**asked)).scalars()}
    if _is_within_day(as_of):
        for query in (_spoken_on, _changed_on):
            found |= {*conn.execute(*query(**asked)).scalars()}
    return found


@prepared
def _spoken_on(*, topics: Given, day: Given) -> Query:
    columns = schema.topic_days.c
    return select(columns.topic).where(columns.topic.in_(topics), columns.day == day).distinct()


@prepared
def _changed_on(*, topics: Given, day: Given) -> Query:
    columns = schema.changes.c
    return select(columns.topic).where(columns.topic.in_(topics), columns.day == day).distinct()


@prepared
def _back_after(*, topics: Given, day: Given) -> Query:
    columns = schema.changes.c
    later = columns.back_on.is_not(None), columns.back_on > day
    return select(columns.topic).where(columns.topic.in_(topics), *later).distinct()


def _topics_apart(conn: Connection, known_at: int) -> set[str]:
    """Return the topics with a lane of several actors, or with words taken back, then or now."""
    then, now = lanes_known(conn, known_at), lanes_known(conn)
    shared = {one for lanes in (then, now) for pair in lanes.lane.items() for one in pair}
    found = {*topics_of(conn, shared | _spoken_for_by(conn, shared))} if shared else set()
    for position, lanes in ((known_at, then), (None, now)):
        found |= {topic for topic, _ in lanes_with_walk_back(conn, position, lanes)}
    return found


class LaneEnd(NamedTuple):
    """When a lane changed last, an instant, and whether it ever left a position."""

    changed_from: int
    turned: bool


def lane_ends(
    conn: Connection, topics: Sequence[str], lane: str, clocks: TwoClocks = NOW
) -> dict[str, LaneEnd]:
    """Return how the lane of an actor (an id) ended on topics (ids) at a moment, if it changed."""
    apart = derived_anew(conn, topics, clocks)
    kept = {*topics} - apart
    upto = None if clocks.as_of is None else day_of(clocks.as_of)
    rows = conn.execute(*_kept_ends(lane=lane, upto=upto, known_at=clocks.known_at))
    ends = {topic: LaneEnd(last, bool(turned)) for topic, last, turned in rows if topic in kept}
    rest = [one for one in topics if one in apart]
    for change in changes_on(conn, rest, clocks, lane=lane):
        topic, move = change.topic, change.change
        before = ends.get(topic)
        turned = move.is_visible or (before is not None and before.turned)
        ends[topic] = LaneEnd(move.counts_from, turned)
    return ends


def _is_within_day(as_of: int | None) -> bool:
    return as_of is not None and as_of != end_of_day(day_of(as_of))


@prepared
def _kept_ends(*, lane: Given, upto: Given | None, known_at: Given | None) -> Query:
    columns, stands = schema.changes.c, schema.positions.c
    topics = select(interned.key(stands.topic)).where(stands.lane == lane)
    left = func.max(case((is_visible(columns), 1), else_=0))
    query = select(columns.topic, func.max(columns.counts_from), left)
    query = query.where(interned.key(columns.topic).in_(topics), columns.lane == lane)
    if upto is not None:
        query = query.where(columns.day <= upto)
    if known_at is not None:
        query = query.where(columns.known_at <= known_at)
    return query.group_by(columns.topic)


class _Moment:
    """Both clocks, and which lanes are read as a whole there: those merged or walked back."""

    def __init__(self, conn: Connection, lane: str | None, clocks: TwoClocks) -> None:
        self._conn, self._lane = conn, lane
        self._as_of, self._known_at = clocks.as_of, clocks.known_at
        self._then, self._now = lanes_known(conn, clocks.known_at), lanes_known(conn)
        self._merged = _merged_between(conn, self._then, self._now)
        self._walked = lanes_with_walk_back(conn, clocks.known_at, self._then)
        self._walked |= lanes_with_walk_back(conn, None, self._now)

    def lanes_on(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the changes of the lanes of some topics."""
        ends = self._ends(topics)
        late = [one for one, end in ends.items() if end.last >= end.differs_from]
        if len(late) > FEW:
            return self._read(topics, self._lane)
        found = self._kept(topics, ends)
        for key in late:
            if not self._is_whole(*key):
                found[key] = found.get(key, []) + self._end(*key, ends[key].differs_from)
        return {one: moves for one, moves in (found | self._whole(topics)).items() if moves}

    def kept_on(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the changes of the lanes of topics on which they are those that are kept."""
        found: dict[Lane, list[Change]] = defaultdict(list)
        for row in self._conn.execute(self._kept_rows(topics)):
            found[row.topic, row.lane].append(change_of(row))
        return found

    def _is_whole(self, topic: str, lane: str) -> bool:
        return lane in self._merged or (topic, lane) in self._walked

    def _is_asked(self, lane: str) -> bool:
        return self._lane in (None, lane)

    def _ends(self, topics: Sequence[str]) -> dict[Lane, End]:
        """Return where lanes begin to differ from now; those that differ nowhere may be missing."""
        day = None if self._as_of is None else day_of(self._as_of)
        cut = day if day is not None and self._as_of != end_of_day(day) else None
        if self._known_at is None and cut is None:
            return {}
        ends: dict[Lane, End] = defaultdict(End)
        for topic, actor, differs, last in self._conn.execute(self._scan(topics, cut)):
            end = End(NEVER if differs is None else differs, -NEVER if last is None else last)
            key = topic, self._then.of(actor)
            ends[key] = ends[key].together(end)
        return dict(ends)

    def _scan(self, topics: Sequence[str], cut: int | None) -> Any:  # noqa: ANN401 - a SQL query
        """Select the same by topic and actor, from the index of lanes alone."""
        columns, known_at = schema.readings.c, self._known_at
        later = columns.day >= cut if cut is not None else columns.day > NEVER
        if known_at is not None:
            later = or_(later, columns.known_from > known_at, columns.known_until > known_at)
        then = and_(*known(columns, known_at), *self._said(columns))
        query = select(
            columns.topic,
            columns.actor,
            func.min(case((later, columns.day))),
            func.max(case((then, columns.day))),
        ).where(columns.topic.in_(topics))
        if self._lane is not None:
            query = query.where(columns.actor.in_(self._then.members(self._lane)))
        return query.group_by(columns.topic, columns.actor)

    def _said(self, columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
        return () if self._as_of is None else (columns.counts_from <= self._as_of,)

    def _kept(self, topics: Sequence[str], ends: dict[Lane, End]) -> dict[Lane, list[Change]]:
        """Return the changes as they are known now, of each lane before the day it differs."""
        found: dict[Lane, list[Change]] = defaultdict(list)
        same = End()
        for row in self._conn.execute(self._kept_rows(topics)):
            key = row.topic, row.lane
            if row.day < ends.get(key, same).differs_from and not self._is_whole(*key):
                found[key].append(change_of(row))
        return dict(found)

    def _kept_rows(self, topics: Sequence[str]) -> Any:  # noqa: ANN401 - a SQL query
        table = schema.changes
        query = select(table).where(table.c.topic.in_(topics))
        if self._lane is not None:
            query = query.where(table.c.lane == self._lane)
        if self._as_of is not None:
            query = query.where(table.c.day <= day_of(self._as_of))
        return query.order_by(table.c.topic, table.c.lane, table.c.day, table.c.place)

    def _whole(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the changes of the lanes that were merged or walked back, read as a whole."""
        asked: dict[str, set[str]] = defaultdict(set)
        for lane in filter(self._is_asked, self._merged):
            asked[lane] |= {*relevant_topics(self._conn, None, lane, self._known_at)}
        for topic, lane in self._walked:
            if self._is_asked(lane):
                asked[lane].add(topic)
        found: dict[Lane, list[Change]] = {}
        for lane, wanted in sorted(asked.items()):
            found |= self._read([one for one in topics if one in wanted], lane)
        return found

    def _read(self, topics: Iterable[str], lane: str | None) -> dict[Lane, list[Change]]:
        as_of, known_at = self._as_of, self._known_at
        return {
            key: [
                as_vote(change)
                for change in changes(said_until(readings, as_of), back, known_at=known_at)
            ]
            for key, readings, back in lanes_on(
                self._conn, topics, lanes=lane_set(lane), known_at=known_at
            )
        }

    def _end(self, topic: str, lane: str, day: int) -> list[Change]:
        """Return the changes of a lane from a day on, by what was known and said then.

        What stood before depends on the latest day of each rank and on nothing else.
        """
        columns, members = schema.readings.c, self._then.members(lane)
        said = self._said(columns)
        standing = columns.retracted == 0, columns.stance.is_not(None), *said
        where = [(columns.rank.in_(RANKS), columns.day >= day, *said)]
        for rank in RANKS:
            here = columns.topic == topic, columns.actor.in_(members), columns.rank == rank
            before = *here, *known(columns, self._known_at), *standing, columns.day < day
            latest = self._conn.execute(select(func.max(columns.day)).where(*before)).scalar()
            if latest is not None:
                where.append((columns.rank == rank, columns.day == latest, *standing))
        rows = (
            row
            for clauses in where
            for row in reading_rows(self._conn, topic, members, self._known_at, *clauses)
        )
        found = changes(unique(map(self._then.reading, rows)), known_at=self._known_at)
        return [as_vote(change) for change in found if change.day >= day]


def _merged_between(conn: Connection, then: Lanes, now: Lanes) -> set[str]:
    """Return the lanes of actors who are merged at one of two moments and not so at the other.

    Those of whom they speak for are among them: who speaks there is another, or is not.
    """
    every = then.lane.keys() | now.lane.keys()
    moved = {one for one in every if _place(then, one) != _place(now, one)}
    if not moved:
        return set()
    moved |= _spoken_for_by(conn, moved)
    return {lane for one in moved for lane in (one, then.of(one), now.of(one))}


def _spoken_for_by(conn: Connection, actors: set[str]) -> set[str]:
    """Return for whom these actors ever spoke."""
    said = schema.statements.c
    behalf = select(said.on_behalf_of).where(
        said.speaker.in_([*actors]), said.on_behalf_of.is_not(None)
    )
    return {*conn.execute(behalf.distinct()).scalars()}


def _place(lanes: Lanes, actor: str) -> tuple[str | None, int | None]:
    return lanes.lane.get(actor), lanes.since.get(actor)
