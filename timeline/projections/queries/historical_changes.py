"""Changes at an earlier moment: the stored ones, and the ends of the few lanes that differ.

Up to the first day of which anything became known, or was changed, after the moment, a lane is what
it is now. So the stored changes are read up to that day; what was known after it, mostly nothing,
is derived anew.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Table, and_, case, func, or_, select

from timeline.domain.instants import day_of, end_of_day
from timeline.domain.position import Change, changes
from timeline.domain.position.edition2.votes import as_vote
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.lane_window import LaneWindow
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
from timeline.projections.tables.lanes import (
    Lanes,
    equal,
    known,
    lanes_known,
    up_to,
)
from timeline.projections.tables.prepared import prepared
from timeline.projections.tables.rows import change_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.tables.prepared import Param, Query

AT_ONCE = 500
"""Topics in one query."""

FEW = 200
"""Up to so many lanes are derived from where they differ; where more differ, all are read."""

NEVER = 1 << 40
"""A day after all others."""


class LaneDifference(NamedTuple):
    """The first day from which a lane may differ from now, and its last day with statements."""

    differs_from: int = NEVER
    last: int = -NEVER

    def together(self, other: LaneDifference) -> LaneDifference:
        """Combine the differences of two members of one lane."""
        return LaneDifference(
            min(self.differs_from, other.differs_from), max(self.last, other.last)
        )


def changes_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LaneChange]:
    """Return the changes at both clocks, lane by lane, the oldest first."""
    topics = relevant_topics(conn, topic, lane, clocks.known_at)
    return changes_on(conn, topics, clocks, lane=lane)


def changes_on(
    conn: Connection,
    topics: Sequence[str],
    clocks: TwoClocks = NOW,
    *,
    lane: str | None = None,
    anew: set[str] | None = None,
) -> list[LaneChange]:
    """Return the same on several topics (ids), of one lane or of all.

    Pass ``anew`` where it is known already which of them are `derived_anew`.
    """
    result: list[LaneChange] = []
    votes = vote_topics(conn, topics, clocks.known_at)
    others = {*topics} - votes
    if clocks.known_at is not None:
        anew = others
    else:
        anew = others & (derived_anew(conn, others, clocks) if anew is None else anew)
    moment = _MomentReader(conn, lane, clocks)
    for start in range(0, len(topics), AT_ONCE):
        batch = topics[start : start + AT_ONCE]
        lanes = moment.lanes_on([topic_id for topic_id in batch if topic_id in votes])
        lanes |= moment.kept_on([topic_id for topic_id in batch if topic_id in others - anew])
        for topic in (topic_id for topic_id in batch if topic_id in anew):
            tracks_then = topic_tracks(conn, topic, clocks, actors=lane_set(lane))
            lanes |= {(topic, actor): [*track.changes] for actor, track in tracks_then.items()}
        place = {topic: number for number, topic in enumerate(batch)}
        for key in sorted(lanes, key=lambda pair: (place[pair[0]], pair[1])):
            result += (LaneChange(*key, change) for change in lanes[key])
    return result


def derived_anew(conn: Connection, topics: Iterable[str], clocks: TwoClocks = NOW) -> set[str]:
    """Return the topics (ids) whose changes at a moment cannot be read from the stored ones.

    As known now, somebody came back to a position or took words back after that moment, or spoke
    or changed on its day. As known earlier, they have a merged lane, words taken back, or words
    that came late, or they asked for votes only then or only now.
    """
    wanted = {*topics}
    if not wanted:
        return wanted
    if clocks.known_at is None:
        return set() if clocks.as_of is None else _topics_differing(conn, wanted, clocks.as_of)
    votes = vote_topics(conn, wanted, clocks.known_at) & vote_topics(conn, wanted)
    if not votes or _is_within_day(clocks.as_of):
        return wanted
    votes -= _topics_apart(conn, clocks.known_at)
    table = schema.topics.c
    in_order = select(table.id).where(table.id.in_(votes), table.tangled <= clocks.known_at)
    return wanted - {*conn.execute(in_order).scalars()}


def _topics_differing(conn: Connection, topics: Iterable[str], as_of: int) -> set[str]:
    """Return the topics (ids) whose changes up to an instant were others at that instant.

    Somebody came back to a position, or took earlier words back, only after it: until then the
    first turn was a change of its own, and what has been compared since stood beside the line.
    Unless the instant ends its day, topics with statements or changes on that day are among them.
    """
    params = {"topics": [*topics], "day": day_of(as_of)}
    # Nobody comes back to a vote.
    others = [*{*topics} - vote_topics(conn, topics)]
    result = {*conn.execute(*_back_after(topics=others, day=params["day"])).scalars()}
    result |= {*conn.execute(*_taken_back_after(topics=[*topics], as_of=as_of)).scalars()}
    if _is_within_day(as_of):
        for table in (schema.topic_days, schema.changes):
            result |= {*conn.execute(*_topics_with(table=table, **params)).scalars()}
    return result


@prepared
def _topics_with(*, table: Table, topics: Param, day: Param) -> Query:
    """Select the topics with rows of a day."""
    columns = table.c
    return select(columns.topic).where(columns.topic.in_(topics), columns.day == day).distinct()


@prepared
def _back_after(*, topics: Param, day: Param) -> Query:
    columns = schema.changes.c
    later = columns.back_on.is_not(None), columns.back_on > day
    return select(columns.topic).where(columns.topic.in_(topics), *later).distinct()


@prepared
def _taken_back_after(*, topics: Param, as_of: Param) -> Query:
    links, said = schema.links.c, schema.statements
    by, target = said.alias("by_words"), said.alias("target")
    query = select(by.c.topic).join_from(schema.links, by, by.c.number == links.number)
    query = query.join(target, target.c.number == links.target)
    latest = (columns.known_until.is_(None) for columns in (links, by.c, target.c))
    around = by.c.counts_from > as_of, target.c.counts_from <= as_of
    return query.where(
        links.kind == "withdraws", *latest, by.c.topic.in_(topics), *around
    ).distinct()


def _topics_apart(conn: Connection, known_at: int) -> set[str]:
    """Return the topics with a merged lane, or with words taken back, then or now."""
    then, now = lanes_known(conn, known_at), lanes_known(conn)
    shared = {actor for lanes in (then, now) for pair in lanes.lane.items() for actor in pair}
    topics = {*topics_of(conn, shared | _spoken_for_by(conn, shared))} if shared else set()
    for position, lanes in ((known_at, then), (None, now)):
        topics |= {topic for topic, _ in lanes_with_walk_back(conn, position, lanes)}
    return topics


class LaneEnd(NamedTuple):
    """The instant of a lane's last change, and whether it ever left a position."""

    changed_from: int
    turned: bool


def lane_ends(
    conn: Connection, topics: Sequence[str], lane: str, clocks: TwoClocks = NOW
) -> dict[str, LaneEnd]:
    """Return when an actor's lane (an id) last changed by topic (ids), at a moment, if it did.

    That is the latest instant: a line may move at the first second of a day on which words changed
    it, which count from its end.
    """
    apart = derived_anew(conn, topics, clocks)
    kept = {*topics} - apart
    upto = None if clocks.as_of is None else day_of(clocks.as_of)
    rows = conn.execute(*_kept_ends(lane=lane, upto=upto, known_at=clocks.known_at))
    ends = {topic: LaneEnd(last, bool(turned)) for topic, last, turned in rows if topic in kept}
    rest = [topic_id for topic_id in topics if topic_id in apart]
    for change in changes_on(conn, rest, clocks, lane=lane, anew=apart):
        topic, move = change.topic, change.change
        before = ends.get(topic, LaneEnd(move.counts_from, turned=False))
        last = max(move.counts_from, before.changed_from)
        ends[topic] = LaneEnd(last, move.is_visible or before.turned)
    return ends


def _is_within_day(as_of: int | None) -> bool:
    return as_of is not None and as_of != end_of_day(day_of(as_of))


@prepared
def _kept_ends(*, lane: Param, upto: Param | None, known_at: Param | None) -> Query:
    columns, stands = schema.changes.c, schema.positions.c
    topics = select(interned.key(stands.topic)).where(stands.lane == lane)
    left = func.max(case((is_visible(columns), 1), else_=0))
    query = select(columns.topic, func.max(columns.counts_from), left)
    here = interned.key(columns.topic).in_(topics), columns.lane == lane
    then = *up_to(columns.day, upto), *up_to(columns.known_at, known_at)
    return query.where(*here, *then).group_by(columns.topic)


class _MomentReader:
    """Reads changes at both clocks; merged and walked-back lanes are read as a whole."""

    def __init__(self, conn: Connection, lane: str | None, clocks: TwoClocks) -> None:
        self._conn, self._lane = conn, lane
        self._as_of, self._known_at = clocks.as_of, clocks.known_at

    @cached_property
    def _then(self) -> Lanes:
        return lanes_known(self._conn, self._known_at)

    @cached_property
    def _now(self) -> Lanes:
        return lanes_known(self._conn)

    @cached_property
    def _merged(self) -> set[str]:
        return _merged_between(self._conn, self._then, self._now)

    @cached_property
    def _walked(self) -> set[Lane]:
        then = lanes_with_walk_back(self._conn, self._known_at, self._then)
        return then | lanes_with_walk_back(self._conn, None, self._now)

    def lanes_on(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the changes of the lanes of topics that asked for votes at the moment.

        Of those that no longer do, nothing that is stored holds.
        """
        if not topics:
            return {}
        still = vote_topics(self._conn, topics) if self._known_at is not None else {*topics}
        if len(still) < len(topics):
            no_longer = self._read([topic for topic in topics if topic not in still], self._lane)
            every_lane = no_longer | self.lanes_on([topic for topic in topics if topic in still])
            return {lane: moves for lane, moves in every_lane.items() if moves}
        ends = self._ends(topics)
        late = [lane for lane, end in ends.items() if end.last >= end.differs_from]
        if len(late) > FEW:
            return self._read(topics, self._lane)
        by_lane = self._kept(topics, ends)
        for key in late:
            if not self._is_whole(*key):
                by_lane.setdefault(key, []).extend(self._end(*key, ends[key].differs_from))
        every_lane = by_lane | self._whole(topics)
        return {lane: moves for lane, moves in every_lane.items() if moves}

    def kept_on(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the stored changes of the lanes of topics where those hold."""
        by_lane: dict[Lane, list[Change]] = defaultdict(list)
        for row in self._conn.execute(self._kept_rows(topics)) if topics else ():
            by_lane[row.topic, row.lane].append(change_of(row))
        return by_lane

    def _is_whole(self, topic: str, lane: str) -> bool:
        return lane in self._merged or (topic, lane) in self._walked

    def _is_asked(self, lane: str) -> bool:
        return self._lane in (None, lane)

    def _ends(self, topics: Sequence[str]) -> dict[Lane, LaneDifference]:
        """Return where lanes begin to differ from now; lanes that do not differ may be missing."""
        day = None if self._as_of is None else day_of(self._as_of)
        cut = day if day is not None and self._as_of != end_of_day(day) else None
        if self._known_at is None and cut is None:
            return {}
        ends: dict[Lane, LaneDifference] = defaultdict(LaneDifference)
        for topic, actor, differs, last in self._conn.execute(self._scan(topics, cut)):
            end = LaneDifference(
                NEVER if differs is None else differs, -NEVER if last is None else last
            )
            key = topic, self._then.of(actor)
            ends[key] = ends[key].together(end)
        return dict(ends)

    def _scan(self, topics: Sequence[str], cut: int | None) -> Any:  # noqa: ANN401 - a SQL query
        """Select the same by topic and actor, from the index of lanes alone."""
        columns, known_at = schema.readings.c, self._known_at
        later = columns.day >= cut if cut is not None else columns.day > NEVER
        if known_at is not None:
            later = or_(later, columns.known_from > known_at, columns.known_until > known_at)
        then = and_(*known(columns, known_at), *up_to(columns.counts_from, self._as_of))
        query = select(
            columns.topic,
            columns.actor,
            func.min(case((later, columns.day))),
            func.max(case((then, columns.day))),
        ).where(columns.topic.in_(topics))
        if self._lane is not None:
            query = query.where(columns.actor.in_(self._then.members(self._lane)))
        return query.group_by(columns.topic, columns.actor)

    def _kept(
        self, topics: Sequence[str], ends: dict[Lane, LaneDifference]
    ) -> dict[Lane, list[Change]]:
        """Return the stored changes of each lane before the day from which it differs."""
        by_lane: dict[Lane, list[Change]] = defaultdict(list)
        same = LaneDifference()
        for row in self._conn.execute(self._kept_rows(topics)):
            key = row.topic, row.lane
            if row.day < ends.get(key, same).differs_from and not self._is_whole(*key):
                by_lane[key].append(change_of(row))
        return dict(by_lane)

    def _kept_rows(self, topics: Sequence[str]) -> Any:  # noqa: ANN401 - a SQL query
        table = schema.changes
        query = select(table).where(table.c.topic.in_(topics), *equal(table.c.lane, self._lane))
        if self._as_of is not None:
            query = query.where(table.c.day <= day_of(self._as_of))
        return query.order_by(table.c.topic, table.c.lane, table.c.day, table.c.place)

    def _whole(self, topics: Sequence[str]) -> dict[Lane, list[Change]]:
        """Return the changes of merged and walked-back lanes, read as a whole."""
        asked_topics: dict[str, set[str]] = defaultdict(set)
        for lane in filter(self._is_asked, self._merged):
            asked_topics[lane] |= {*relevant_topics(self._conn, None, lane, self._known_at)}
        for topic, lane in self._walked:
            if self._is_asked(lane):
                asked_topics[lane].add(topic)
        by_lane: dict[Lane, list[Change]] = {}
        for lane, its_topics in sorted(asked_topics.items()):
            by_lane |= self._read([topic_id for topic_id in topics if topic_id in its_topics], lane)
        return by_lane

    def _read(self, topics: Iterable[str], lane: str | None) -> dict[Lane, list[Change]]:
        as_of, known_at = self._as_of, self._known_at
        return {
            key: [
                as_vote(change)
                for change in changes(said_until(readings, as_of), withdrawals, known_at=known_at)
            ]
            for key, readings, withdrawals in lanes_on(
                self._conn, topics, lanes=lane_set(lane), known_at=known_at
            )
        }

    def _end(self, topic: str, lane: str, day: int) -> list[Change]:
        """Return the changes of a lane from a day on, by what was known and said at the moment."""
        clocks = TwoClocks(self._as_of, self._known_at)
        window = LaneWindow(self._conn, topic, lane, clocks, lanes=self._then)
        derived = changes([*window.before(day), *window.between(day)], known_at=self._known_at)
        return [as_vote(change) for change in derived if change.day >= day]


def _merged_between(conn: Connection, then: Lanes, now: Lanes) -> set[str]:
    """Return the lanes of actors whose merges differ between two moments.

    Lanes of those they speak for are among them, since the speaker there differs.
    """
    every = then.lane.keys() | now.lane.keys()
    moved = {actor for actor in every if _place(then, actor) != _place(now, actor)}
    if not moved:
        return set()
    moved |= _spoken_for_by(conn, moved)
    return {lane for actor in moved for lane in (actor, then.of(actor), now.of(actor))}


def _spoken_for_by(conn: Connection, actors: set[str]) -> set[str]:
    """Return the actors on whose behalf these actors ever spoke."""
    said = schema.statements.c
    behalf = select(said.on_behalf_of).where(
        said.speaker.in_([*actors]), said.on_behalf_of.is_not(None)
    )
    return {*conn.execute(behalf.distinct()).scalars()}


def _place(lanes: Lanes, actor: str) -> tuple[str | None, int | None]:
    return lanes.lane.get(actor), lanes.since.get(actor)
