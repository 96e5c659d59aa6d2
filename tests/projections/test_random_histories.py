"""Random histories: the read models say what the log says, whichever way they came about."""

from __future__ import annotations

import random
from collections import Counter
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.projections.histories import DAYS, History, Past, histories
from tests.projections.record import Record
from tests.projections.slow_reading import SlowReading
from tests.support.tiers import scaled
from timeline.domain.dates import parse_date
from timeline.domain.event import Byline
from timeline.domain.instants import NEWEST, OLDEST, month_number
from timeline.domain.position import Reading, changes, position, steps
from timeline.domain.position.edition2.track import Track
from timeline.domain.position.edition2.votes import as_vote
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import directory, positions
from timeline.projections.queries.historical_changes import (
    changes_at,
    changes_on,
    lane_ends,
)
from timeline.projections.queries.lane_window import LaneWindow, StatementPlace
from timeline.projections.queries.story_changes import (
    DEFAULT_KINDS,
    StoryChanges,
    StoryFilter,
    group_by_words,
    is_move,
    kind_of,
)
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import topic_tracks, vote_topics
from timeline.projections.tables.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.domain.position import Position, Step

    FreshStore = Callable[[], AbstractContextManager[str]]
    Examples = Callable[[settings], settings]

GOLDEN = Path(__file__).parents[2] / "fixtures" / "events"
"""A file for every kind of event, by its name."""

EXAMPLES = settings(
    max_examples=scaled(25),
    phases=[__import__("hypothesis").Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


LATER = Byline(NEWEST, "anna", "form")


def test_histories_hold_every_kind_of_event() -> None:
    chance = random.Random(1)  # noqa: S311 - the same history in every run
    four = range(100)
    choices = [(*chance.choices(four, k=4),) for _ in range(4_000)]
    held = {event.TOPIC for event in Past().take(choices).events}  # type: ignore[arg-type]
    assert held == {file.name.partition(".v")[0] for file in GOLDEN.glob("*.json")}


def test_most_histories_hold_changes_that_readers_see(fresh_store: FreshStore) -> None:
    moved = []
    for number in range(6):
        with fresh_store() as address, Record.opened(address) as record:
            record.append(History(number))
            moved.append(record.ask(kinds_of_change))
    for kind in ("vote", "reversal", "terms"):
        assert sum(kind in kinds for kinds in moved) > 2, kind


def kinds_of_change(conn: Connection) -> set[str]:
    topics = [topic.id for topic in directory.topics(conn)]
    return {one.change.kind for one in changes_on(conn, topics, NOW)}


@pytest.mark.scaled
def test_a_rebuilt_read_model_equals_the_one_that_grew(
    fresh_store: FreshStore, examples: Examples
) -> None:
    @examples(EXAMPLES)
    @given(events=histories(), places=st.lists(st.integers(0, 99), max_size=12))
    def it_does(events: list[Event], places: list[int]) -> None:
        with fresh_store() as address, Record.opened(address) as record:
            record.append_in_pieces(events, places)
            grown = record.digests()
            record.models.rebuild()
            assert record.digests() == grown
            assert record.models.check() == ()

    it_does()


@pytest.mark.scaled
def test_any_moment_equals_a_replay_of_the_log_up_to_there_without_what_is_withheld(
    fresh_store: FreshStore, examples: Examples
) -> None:
    @examples(EXAMPLES)
    @given(
        events=histories(),
        places=st.lists(st.integers(0, 99), max_size=5),
        moments=st.lists(
            st.tuples(st.integers(0, 99), st.sampled_from((None, *DAYS))), min_size=1, max_size=4
        ),
    )
    def it_does(
        events: list[Event], places: list[int], moments: list[tuple[int, str | None]]
    ) -> None:
        with fresh_store() as address, Record.opened(address) as record:
            record.append_in_pieces(events, places)
            with record.read() as conn:
                now = SlowReading(record.log.stream())
                check_now(conn, Expected(now, conn))
                for place, day in moments:
                    known_at = len(events) - place % (len(events) + 1)
                    as_of = parse_date(day).latest if day else None
                    then = [one for position, one in record.log.stream() if position <= known_at]
                    slow = SlowReading(record.log.stream(upto=known_at), now.withheld())
                    with fresh_store() as other, Record.opened(other) as ended:
                        ended.log.append([*then, *slow.withhold(now.withheld(), LATER)])
                        with ended.read() as there:
                            check_moment(conn, Expected(slow, there), as_of, known_at)

    it_does()


class Expected:
    """Every lane of a moment: of votes by a slow reading of the log, of others by a store.

    The store holds what had been recorded by then, and after it that an entry is withheld.
    """

    def __init__(self, slow: SlowReading, there: Connection) -> None:
        self._there = there
        votes = vote_topics(there, [one.id for one in directory.topics(there)])
        self.votes = {lane: said for lane, said in slow.lanes().items() if lane[0] in votes}
        self._others = [one.id for one in directory.topics(there) if one.id not in votes]

    def tracks(self, as_of: int | None = None) -> dict[tuple[str, str], Track]:
        """Return the lanes as of an instant, those with nothing on them left out."""
        found = {}
        for lane, (readings, links) in self.votes.items():
            said = said_by(readings, as_of)
            stood = msgspec.structs.replace(position(said, links), rule=2)
            moves = tuple(map(as_vote, changes(said, links)))
            found[lane] = Track(tuple(said), (), moves, stood)
        for topic in self._others:
            for actor, track in topic_tracks(self._there, topic, TwoClocks(as_of=as_of)).items():
                found[topic, actor] = track
        return {lane: track for lane, track in found.items() if track.readings}


def check_now(conn: Connection, slow: Expected) -> None:
    lanes = slow.tracks()
    stored = {(one.topic, one.lane): one for one in positions.current_positions(conn)}
    assert stored.keys() == lanes.keys()
    for lane, track in lanes.items():
        assert stored[lane].position == unexplained(track.position)
        standing = [one for one in track.readings if not one.retracted]
        assert stored[lane].on_record == len(standing)
    assert by_lane(positions.current_changes(conn)) == {
        lane: sorted(found, key=lambda one: (one.counts_from, one.known_at), reverse=True)
        for lane, track in lanes.items()
        if (found := [one for one in track.changes if one.is_visible or one.kind == "first"])
    }
    for mixed, firsts, limit in product((True, False), (True, False), (1, 2, 3, 5, 99)):
        latest = positions.current_changes(conn, mixed=mixed, firsts=firsts, limit=limit)
        every = positions.current_changes(conn, mixed=mixed, firsts=firsts)
        assert latest == every[:limit]
    check_moment(conn, slow, None, None)


def check_moment(conn: Connection, slow: Expected, as_of: int | None, known_at: int | None) -> None:
    clocks = TwoClocks(as_of, known_at)
    lanes = slow.tracks(as_of)
    expected = {lane: one.position for lane, one in lanes.items() if one.position.counted}
    full = {
        (one.topic, one.lane): one.position
        for one in positions.positions_at(conn, clocks)
        if one.position.counted
    }
    assert {lane: unexplained(stood) for lane, stood in full.items()} == {
        lane: unexplained(stood) for lane, stood in expected.items()
    }
    quick = {(one.topic, one.lane): one.position for one in positions.standing_at(conn, clocks)}
    assert {lane: held(stood) for lane, stood in quick.items()} == {
        lane: held(stood) for lane, stood in expected.items()
    }
    told = {
        (one.topic, one.lane): one.position
        for one in positions.explained(conn, clocks)
        if one.position.counted
    }
    assert {lane: held(stood) for lane, stood in told.items()} == {
        lane: held(stood) for lane, stood in expected.items()
    }
    check_stretches(conn, slow, as_of, known_at)
    check_story(conn, as_of, known_at)
    check_ends(conn, clocks)
    assert by_lane(changes_at(conn, clocks)) == {
        lane: [*track.changes] for lane, track in lanes.items() if track.changes
    }


def check_stretches(
    conn: Connection, slow: Expected, as_of: int | None, known_at: int | None
) -> None:
    """What is read of a part of a lane is what the whole lane says of that part."""
    for (topic, lane), (readings, links) in slow.votes.items():
        if any(link.target in {one.statement for one in readings} for link in links):
            continue
        said = said_by(readings, as_of)
        part = LaneWindow(conn, topic, lane, TwoClocks(as_of, known_at))
        assert part.position() == unexplained(position(said))
        assert part.on_record() == len([one for one in said if not one.retracted])
        standing = [*steps(said)]
        for day in [*{one.day for one in readings}][:3]:
            assert part.has_more_than(0, (day, day)) == any(one.day == day for one in said)
            read = [*part.before(day), *part.between(day)]
            told = [one for one in steps(read, known_at=known_at) if one.day >= day]
            assert [*map(stood_on, told)] == [stood_on(one) for one in standing if one.day >= day]
        if as_of is None:
            check_neighbours(part, readings)


def check_neighbours(part: LaneWindow, readings: list[Reading]) -> None:
    places = sorted((one.counts_from, one.statement) for one in readings if not one.retracted)
    for one in readings:
        here = one.counts_from, one.statement
        before = [place for place in places if place < here]
        after = [place for place in places if place > here]
        assert part.neighbours(StatementPlace(*here)) == ([None, *before][-1], [*after, None][0])


def stood_on(step: Step) -> tuple[Any, ...]:
    return step.day, step.standing.stance, step.standing.rank, step.standing.numbers


def said_by(readings: list[Reading], as_of: int | None) -> list[Reading]:
    return [one for one in readings if as_of is None or one.counts_from <= as_of]


def by_lane(found: Sequence[positions.LaneChange]) -> dict[tuple[str, str], list[Any]]:
    lanes: dict[tuple[str, str], list[Any]] = {}
    for one in found:
        lanes.setdefault((one.topic, one.lane), []).append(one.change)
    return lanes


def check_ends(conn: Connection, clocks: TwoClocks) -> None:
    """Compare how lanes ended with their changes one by one."""
    moved = by_lane(changes_at(conn, clocks))
    topics = [one.id for one in directory.topics(conn)]
    for lane in {lane for _, lane in moved}:
        ends = lane_ends(conn, topics, lane, clocks)
        assert ends == {
            topic: (max(one.counts_from for one in moves), any(one.is_visible for one in moves))
            for (topic, one), moves in moved.items()
            if one == lane
        }
        for topic in topics:
            moves = moved.get((topic, lane), [])
            for of in (lane, None):
                part = TopicChanges(conn, topic, clocks, lane=of)
                assert part.last(lane, 2) == moves[-2:]
                day = moves[0].day if moves else 0
                assert part.last(lane, 2, day) == [one for one in moves if one.day <= day][-2:]
                told = [one for one in moves if one.is_visible and one.day >= day]
                assert part.count(lane, day, 1 << 40) == len(told)


def check_story(conn: Connection, as_of: int | None, known_at: int | None) -> None:
    """Compare what is counted of a story, and kept of it, with its changes one by one."""
    topics = [one for one in directory.topics(conn) if known_at is None or one.opened <= known_at]
    every = changes_on(conn, [one.id for one in topics], TwoClocks(as_of, known_at))
    for kinds in (DEFAULT_KINDS, frozenset(KINDS)):
        asked = StoryChanges(
            conn, StoryFilter(topics=tuple(topics), kinds=kinds, as_of=as_of, known_at=known_at)
        )
        told = [one for one in every if kind_of(one) in kinds]
        assert by_lane(asked.changes(OLDEST, NEWEST)) == by_lane(told)
        days: Counter[int] = Counter(alike[0].change.day for alike in group_by_words(told))
        found = {one.day: one.changes + one.others for one in asked.days()}
        assert {day: count for day, count in found.items() if count} == days
        months: Counter[int] = Counter()
        for day, count in days.items():
            months[month_number(day)] += count
        held = {one.month: one.changes + one.others for one in asked.months()}
        assert {month: count for month, count in held.items() if count} == months
        moves = sum(is_move(alike) for alike in group_by_words(told))
        assert sum(one.changes for one in asked.months()) == moves
        moved = [alike[0].topic for alike in group_by_words(told) if is_move(alike)]
        assert Counter(asked.moved_by_topic()) == Counter(moved)
        assert asked.counts("topic") == Counter(alike[0].topic for alike in group_by_words(told))
        assert asked.counts("lane") == Counter(one.lane for one in told)
        kinds_of = ({*map(kind_of, alike)} for alike in group_by_words(told))
        assert asked.counts("kind") == Counter(chain.from_iterable(kinds_of))


def unexplained(stood: Position) -> Position:
    """Leave out why others do not count: a replay knows nothing of what came later."""
    return msgspec.structs.replace(stood, ignored=(), rule=2)


def held(stood: Position) -> tuple[Any, ...]:
    return stood.stance, stood.rank, stood.counted, stood.reported, stood.lowest, stood.highest
