"""What is kept of an actor now is what is read of it at the same moment, word by word."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.projections.histories import DAYS, histories
from tests.projections.record import Record
from tests.projections.test_random_histories import EXAMPLES
from tests.support.tiers import scaled
from timeline.domain.dates import parse_date
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory, positions, speaking
from timeline.projections.queries.speaking import (
    LanePlace,
    SpokenCounts,
    StatementOnBehalf,
    StoredLane,
)
from timeline.projections.queries.tracks import topic_tracks, vote_topics
from timeline.projections.queries.utterances import repeats_by_lane
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from web.actor.lanes import ActorLanes, LanesThen
from web.lanes import history
from web.lanes.history import history_of, lane_history
from web.lanes.long_lane import last_turn
from web.lanes.rhythm import Activity, activity
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from tests.projections.test_random_histories import FreshStore
    from timeline.domain.event import Event
    from timeline.projections.queries.speaking import Which
    from web.lanes.history import LaneHistory


def in_short(lanes: ActorLanes | ReadLanes) -> dict[str, StoredLane]:
    """Return the lanes by topic, without what is kept of no position: why words do not count.

    Votes are told alike by both editions of the rule, so it is not compared which one a lane that
    is read word by word was told by.
    """
    return {
        one.topic: msgspec.structs.replace(
            one, position=msgspec.structs.replace(one.position, ignored=(), rule=2)
        )
        for one in lanes.on([place.topic for place in lanes.some("all", 99)])
    }


@settings(EXAMPLES, max_examples=scaled(6))
@given(
    events=histories(),
    places=st.lists(st.integers(0, 99), max_size=5),
    moments=st.lists(st.tuples(st.integers(0, 99), st.sampled_from((None, *DAYS))), max_size=2),
)
def test_an_actor_is_told_from_what_is_kept_as_from_all_words(
    fresh_store: FreshStore,
    events: list[Event],
    places: list[int],
    moments: list[tuple[int, str | None]],
) -> None:
    with fresh_store() as address, Record.opened(address) as record:
        record.append_in_pieces(events, places)
        with record.read() as conn, pytest.MonkeyPatch.context() as patch:
            # Nobody asks: ages are counted to the latest words, in both ways.
            patch.setattr(history, "this_request", lambda: SimpleNamespace(now=None))
            check_orders(conn)
            for actor in everybody(conn):
                now = ReadLanes(conn, actor, Clocks(known_at=record.log.head()))
                check(ActorLanes(conn, actor, Clocks()), now)
                for place, day in moments:
                    as_of = parse_date(day).latest if day else None
                    then = Clocks(as_of=as_of, known_at=place % (len(events) + 1))
                    check(LanesThen(conn, actor, then), ReadLanes(conn, actor, then))


def check_orders(conn: Connection) -> None:
    """Look whether the orders of all actors are those of what is counted of each."""
    every = directory.actors(conn)
    slugs = {one.id: one.slug for one in every}
    named = [*slugs]
    counts, again = speaking.counts_of(conn, named), repeats_by_lane(conn, named)
    amounts: dict[speaking.Most, dict[str, int]] = {
        "topics": {one: told.topics for one, told in counts.items()},
        "statements": {one: told.statements - again.get(one, 0) for one, told in counts.items()},
        "turned": {one: told.turned for one, told in counts.items()},
    }
    for what, amount in amounts.items():
        expected = sorted(named, key=lambda one: (-amount.get(one, 0), slugs[one]))
        found = speaking.actors_with_most(conn, what, 99)
        assert [actor for _, actor in found] == expected
        for at, (place, _) in enumerate(found):
            after = speaking.actors_with_most(conn, what, 2, beyond=place)
            assert after == found[at + 1 :][:2]
            assert (
                speaking.actors_with_most(conn, what, 2, beyond=place, back=True)
                == (found[:at][-2:])
            )
    for at, one in enumerate(every):
        assert directory.actors(conn, limit=2, beyond=one.slug) == every[at + 1 :][:2]
        assert directory.actors(conn, limit=2, beyond=one.slug, back=True) == every[:at][-2:]


def check(kept: ActorLanes, read: ReadLanes) -> None:
    assert in_short(kept) == in_short(read)
    assert kept.counts == read.counts
    for which in ("all", "turned", "held"):
        shown = read.some(which, 99)
        assert kept.some(which, 99) == shown
        for place in shown:
            for back in (False, True):
                found = kept.some(which, 2, beyond=place, back=back)
                assert found == read.some(which, 2, beyond=place, back=back)
    assert kept.span == read.span
    assert kept.latest(3) == read.latest(3)
    assert kept.latest(99) == read.latest(99)
    assert [*map(in_one_breath, kept.spoken_for)] == [*map(in_one_breath, read.spoken_for)]
    assert kept.repeated == read.repeated
    assert kept.activity.days == read.activity.days


def in_one_breath(one: StatementOnBehalf) -> StatementOnBehalf:
    """Leave out of what is retracted what it was said with: nobody asks."""
    return msgspec.structs.replace(one, utterance=None) if one.retracted else one


def everybody(conn: Connection) -> list[str]:
    """Return the ids of all lanes that anything is said in."""
    columns = schema.positions.c
    return [*conn.execute(schema.positions.select().with_only_columns(columns.lane)).scalars()]


class ReadLanes:
    """The lanes of an actor (an id) as of and as known at a moment, each read as a whole."""

    def __init__(self, conn: Connection, actor: str, clocks: Clocks) -> None:
        self._conn, self._actor, self._clocks = conn, actor, clocks

    @cached_property
    def counts(self) -> SpokenCounts:
        """What was said altogether."""
        return SpokenCounts(
            topics=len(self._kept["all"]),
            turned=len(self._kept["turned"]),
            held=len(self._kept["held"]),
            known=sum(one.known for one in self._kept["all"]),
            statements=sum(one.on_record for one in self._kept["all"]),
        )

    def some(
        self, which: Which, limit: int, *, beyond: LanePlace | None = None, back: bool = False
    ) -> Sequence[LanePlace]:
        """Return so many lanes behind one, or the last before it, the latest to change first."""
        places = [LanePlace(one.changed_from, one.topic) for one in self._kept[which]]
        if beyond is None:
            return places[:limit]
        at = places.index(beyond)
        return places[:at][-limit:] if back else places[at + 1 :][:limit]

    def on(self, topics: Collection[str]) -> list[StoredLane]:
        """Return the lanes on these topics in the same order."""
        return [one for one in self._kept["all"] if one.topic in topics]

    @cached_property
    def _kept(self) -> dict[Which, list[StoredLane]]:
        every = [_in_short(topic, lane) for topic, lane in self._lanes.items()]
        every.sort(key=lambda one: (one.changed_from is None, -(one.changed_from or 0)))
        held = [one for one in every if not one.turned and one.position.counted]
        return {"all": every, "turned": [one for one in every if one.turned], "held": held}

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""
        instants = [r.counts_from for lane in self._lanes.values() for r in lane.readings]
        return (min(instants), max(instants)) if instants else None

    @cached_property
    def activity(self) -> Activity:
        """How much was said and changed by day."""
        return activity([*self._lanes.values()])

    @cached_property
    def spoken_for(self) -> list[StatementOnBehalf]:
        """What others said for the actor, in the order in which it counts."""
        every = [
            StatementOnBehalf(
                topic=topic,
                speaker=one.speaker,
                number=one.statement,
                counts_from=one.counts_from,
                stance=one.stance,
                retracted=one.retracted,
                utterance=self._uttered.get(one.statement, one.statement),
            )
            for topic, lane in self._lanes.items()
            for one in lane.readings
            if one.speaker != self._actor
        ]
        return sorted(every, key=lambda one: (one.counts_from, one.number))

    def latest(self, limit: int) -> list[int]:
        """Return the numbers of so many statements, the latest first."""
        read = {(-r.counts_from, r.statement) for one in self._lanes.values() for r in one.readings}
        return [number for _, number in sorted(read)[:limit]]

    @cached_property
    def repeated(self) -> int:
        """How many of them were made in the utterance of an earlier one."""
        said = {
            (r.statement, uttered)
            for one in self._lanes.values()
            for r in one.readings
            if not r.retracted and (uttered := self._uttered.get(r.statement))
        }
        return len(said) - len({uttered for _, uttered in said})

    @cached_property
    def _uttered(self) -> dict[int, tuple[str, int]]:
        known_at, said = self._clocks.known_at, schema.statements.c
        rows = self._conn.execute(
            select(said.number, said.document, said.utterance).where(
                said.utterance.is_not(None), said.retracted == 0, *known(said, known_at)
            )
        )
        return {number: (document, utterance) for number, document, utterance in rows}

    @cached_property
    def _lanes(self) -> Mapping[str, LaneHistory]:
        as_of, known_at = self._clocks.as_of, self._clocks.known_at
        every = positions.lanes_at(self._conn, lane=self._actor, known_at=known_at)
        read = {topic: (readings, back) for (topic, _), readings, back in every}
        votes = vote_topics(self._conn, read, known_at)
        found = {}
        for topic, (readings, back) in read.items():
            if topic in votes:
                found[topic] = lane_history(self._actor, readings, back, self._clocks)
                continue
            lanes = topic_tracks(self._conn, topic, TwoClocks(as_of, known_at))
            track = lanes.get(self._actor)
            found[topic] = history_of(self._actor, track) if track and track.readings else None
        return {topic: lane for topic, lane in found.items() if lane is not None}


def _in_short(topic: str, lane: LaneHistory) -> StoredLane:
    return StoredLane(
        topic=topic,
        position=lane.position,
        changed_from=lane.changes[-1].counts_from if lane.changes else None,
        turned=last_turn(lane.changes) is not None,
        known=len({r.statement for r in lane.readings}),
        on_record=len({r.statement for r in lane.readings if not r.retracted}),
    )
