"""What is kept of an actor now is what is read of it at the same moment, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.histories import histories
from tests.projections.record import Record
from tests.projections.test_random_histories import EXAMPLES
from timeline.projections.tables import schema
from web.actor.lanes import LanesNow, LanesThen
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.projections.test_random_histories import FreshStore
    from timeline.domain.event import Event
    from timeline.projections.queries.speaking import KeptLane
    from web.actor.lanes import ActorLanes


def in_short(lanes: ActorLanes) -> dict[str, KeptLane]:
    """Return the lanes by topic, without what is kept of no position: why words do not count."""
    return {
        one.topic: msgspec.structs.replace(
            one, position=msgspec.structs.replace(one.position, ignored=())
        )
        for one in lanes.some("all", 0, 99)
    }


@settings(EXAMPLES, max_examples=12)
@given(events=histories(), places=st.lists(st.integers(0, 99), max_size=5))
def test_an_actor_is_told_from_what_is_kept_as_from_all_words(
    fresh_store: FreshStore, events: list[Event], places: list[int]
) -> None:
    with fresh_store() as address, Record.opened(address) as record:
        record.append_in_pieces(events, places)
        with record.read() as conn:
            for actor in everybody(conn):
                kept = LanesNow(conn, actor, Clocks())
                read = LanesThen(conn, actor, Clocks(known_at=record.log.head()))
                assert in_short(kept) == in_short(read)
                assert kept.counts == read.counts
                for which in ("all", "turned", "held"):
                    shown = [one.topic for one in read.some(which, 0, 99)]
                    assert [one.topic for one in kept.some(which, 0, 99)] == shown
                    assert [one.topic for one in kept.some(which, 1, 2)] == shown[1:3]
                assert kept.span == read.span
                assert kept.latest(3) == read.latest(3)
                assert kept.latest(99) == read.latest(99)
                assert [*map(repr, kept.spoken_for)] == [*map(repr, read.spoken_for)]
                assert kept.repeated == read.repeated


def everybody(conn: Connection) -> list[str]:
    """Return the ids of all lanes that anything is said in."""
    columns = schema.positions.c
    return [*conn.execute(schema.positions.select().with_only_columns(columns.lane)).scalars()]
