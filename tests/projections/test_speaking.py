"""What is kept of an actor now is what is read of it at the same moment, word by word."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.histories import DAYS, histories
from tests.projections.read_lanes import ReadLanes
from tests.projections.record import Record
from tests.projections.test_random_histories import EXAMPLES
from tests.support.tiers import scaled
from timeline.domain.dates import parse_date
from timeline.projections.queries import directory, speaking
from timeline.projections.queries.utterances import repeats_by_lane
from timeline.projections.tables import schema
from web.actor.lanes import ActorLanes, LanesThen
from web.lanes import history
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.projections.test_random_histories import FreshStore
    from timeline.domain.event import Event
    from timeline.projections.queries.speaking import KeptLane, SpokenFor


def in_short(lanes: ActorLanes | ReadLanes) -> dict[str, KeptLane]:
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


def in_one_breath(one: SpokenFor) -> SpokenFor:
    """Leave out of what is retracted what it was said with: nobody asks."""
    return msgspec.structs.replace(one, utterance=None) if one.retracted else one


def everybody(conn: Connection) -> list[str]:
    """Return the ids of all lanes that anything is said in."""
    columns = schema.positions.c
    return [*conn.execute(schema.positions.select().with_only_columns(columns.lane)).scalars()]
