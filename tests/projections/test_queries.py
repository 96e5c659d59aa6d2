"""What pages ask: runs of entries, counts at both clocks, moments, crowds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from tests.projections.histories import DAYS, Past, histories
from tests.projections.record import Record
from tests.support.tiers import scaled
from timeline.domain.dates import parse_as_of, parse_date
from timeline.domain.instants import day_of
from timeline.domain.naming import stable_id
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import (
    answers,
    crowds,
    directory,
    entries,
    extent,
    log,
    paging,
    positions,
    steps,
)
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.positions import LaneChange
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.whose_side import sides_on
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.rows import change_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.answers import PositionAnswer
    from timeline.projections.queries.positions import LanePosition

    FreshStore = Callable[[], AbstractContextManager[str]]

EU = stable_id("topic", "eu-accession")
RUSSIA, UKRAINE = stable_id("actor", "russia"), stable_id("actor", "ukraine")
PESKOV = stable_id("actor", "dmitry-peskov")
EXAMPLES = settings(max_examples=scaled(7), suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def desk(record: Record) -> Record:
    """Seven statements of two actors on six days, and a development."""
    record.talks()
    for day, actor in enumerate(("russia", "ukraine", "russia", "russia", "ukraine", "russia"), 8):
        record.say(actor=actor, stance=("accepts", "opposes")[day % 2], said_at=f"2025-12-{day:02}")
    record.say(stance="no_position", no_position_reason="unstated", said_at="2025-12-10")
    record.happen(happened_at="2025-12-09")
    return record


def numbers(page: paging.Page) -> list[int]:
    return [one.number for one in page.entries]


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    desk: Record,
    newest_first: bool,  # noqa: FBT001 - a case
) -> None:
    with desk.read() as conn:
        whole = paging.page(conn, EU, Filter(), newest_first=newest_first)
        assert paging.count(conn, EU, Filter()) == len(whole.entries) == 8
        assert whole.following is None
        instants = [one.counts_from for one in whole.entries]
        assert instants == sorted(instants, reverse=newest_first)
        found: list[int] = []
        after = None
        while True:
            part = paging.page(conn, EU, Filter(), newest_first=newest_first, after=after, limit=3)
            found += numbers(part)
            after = part.following
            if after is None:
                break
        assert found == numbers(whole)


def test_a_filter_lets_through_what_it_names(desk: Record) -> None:
    with desk.read() as conn:
        whole = paging.page(conn, EU, Filter(), newest_first=False).entries
        said = [one for one in whole if isinstance(one, entries.StatementEntry)]
        some = said[0]
        for wanted, expected in (
            (Filter(actors=frozenset({UKRAINE})), [o for o in said if o.speaker == UKRAINE]),
            (Filter(stances=frozenset({1})), [one for one in said if one.stance == 1]),
            (Filter(stances=frozenset({-2, None})), [o for o in said if o.stance in (-2, None)]),
            (Filter(documents=frozenset({some.document})), said),
            (Filter(documents=frozenset({"another"})), []),
            (Filter(kinds=frozenset({"development"})), [o for o in whole if o not in said]),
            (Filter(kinds=frozenset({"statement"})), said),
            (Filter(numbers=frozenset({some.number})), [some]),
            (Filter(begin=some.counts_from + 1), [o for o in whole if o is not some]),
            (Filter(end=some.counts_from), [some]),
            (Filter(recorded_after=some.number), [o for o in whole if o.number > some.number]),
        ):
            found = paging.page(conn, EU, wanted, newest_first=False)
            assert numbers(found) == [one.number for one in expected]
            assert paging.count(conn, EU, wanted) == len(expected)


def test_entries_of_all_topics_are_one_run(desk: Record) -> None:
    desk.say(topic="nato-membership", stance="supports")
    page = desk.ask(paging.page, None, Filter(actors=frozenset({RUSSIA})))
    assert len(page.entries) == 6
    assert {one.topic for one in page.entries} == {EU, stable_id("topic", "nato-membership")}


def test_moments_are_those_at_which_something_comes_or_changes(desk: Record) -> None:
    said = desk.ask(steps.said_days, EU)
    assert day_of(parse_as_of("2025-12-08") or 0) in said
    assert len(said) == 6
    known = desk.ask(steps.known_places, EU)
    assert len(known) == 8
    gone = desk.newsroom.statements.retract(desk.anna(), known[0], "Wrong.").position
    assert desk.ask(steps.known_places, EU) == [*known, gone]


def test_more_positions_than_a_slider_has_places_are_stepped_through_one_by_one(
    desk: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = desk.ask(steps.known_places, EU)
    monkeypatch.setattr(steps, "MOST_PLACES", 3)
    places = desk.ask(steps.known_places, EU)
    assert (places[0], places[-1]) == (every[0], every[-1])
    assert len(places) < len(every)
    forth, back, at = [0], [desk.log.head() + 1], None
    while (following := desk.ask(steps.next_known, EU, forth[-1])) is not None:
        forth.append(following)
    while (at := desk.ask(steps.previous_known, EU, back[-1])) is not None:
        back.append(at)
    assert forth[1:] == back[:0:-1] == every


def test_a_time_of_our_clock_is_a_position_of_the_log(desk: Record) -> None:
    with desk.read() as conn:
        stamps = [(event.recorded_at, position) for position, event in desk.log.stream()]
        for stamp, position in stamps:
            assert log.known_at(conn, stamp) == max(at for when, at in stamps if when <= stamp)
            assert log.known_at(conn, stamp - 1) < position
        assert log.known_at(conn, 0) == 0
        assert log.read_known(conn, "@3") == 3


def test_the_log_is_listed_by_type_and_by_hand(desk: Record) -> None:
    with desk.read() as conn:
        assert [one.position for one in log.lines(conn, limit=2)] == [
            desk.log.head(),
            desk.log.head() - 1,
        ]
        opened = log.lines(conn, types=["topic.opened"])
        assert [one.type for one in opened] == ["topic.opened"] * 3
        assert log.lines(conn, by="nobody") == []
        assert log.handles(conn) == ["anna"]
        assert log.count(conn) == desk.log.count()


@EXAMPLES
@given(
    events=histories(),
    place=st.integers(0, 99),
    day=st.sampled_from((None, *DAYS)),
)
@example(events=Past().take([(0, 0, 0, 0), (0, 0, 1, 0)]).events, place=0, day=None)
def test_counts_agree_with_the_entries_themselves(
    fresh_store: FreshStore, events: list[Event], place: int, day: str | None
) -> None:
    with fresh_store() as address, Record.opened(address) as record:
        record.append(events)
        as_of = parse_date(day).latest if day else None
        clocks = TwoClocks(as_of, place % (len(events) + 1))
        with record.read() as conn:
            for topic in directory.topics(conn):
                check_facts(conn, topic.id, TwoClocks())
                check_facts(conn, topic.id, clocks)
                check_crowd(conn, topic.id)


def check_facts(conn: Connection, topic: str, clocks: TwoClocks) -> None:
    page = paging.page(conn, topic, Filter(), clocks, limit=1_000)
    assert paging.count(conn, topic, Filter(), clocks) == len(page.entries)
    said = [one for one in page.entries if isinstance(one, entries.StatementEntry)]
    standing = [one for one in said if not one.retracted]
    into = lanes_known(conn, clocks.known_at)
    happened = {
        one.number
        for one in page.entries
        if isinstance(one, entries.DevelopmentEntry) and not one.retracted
    }
    assert extent.facts(conn, topic, clocks) == extent.Facts(
        actors=len({into.of(who) for who in map(for_whom, standing)}),
        statements=len(standing),
        developments=len(happened),
        sources=len({one.document for one in standing}),
        retracted=len(said) - len(standing),
    )


def for_whom(said: entries.StatementEntry) -> str:
    return said.on_behalf_of or said.speaker


def check_crowd(conn: Connection, topic: str) -> None:
    table = schema.changes
    rows = conn.execute(select(table).where(table.c.topic == topic)).all()
    of_lane: dict[str, list[LaneChange]] = {}
    for row in sorted(rows, key=lambda one: (one.day, one.place)):
        of_lane.setdefault(row.lane, []).append(LaneChange(row.topic, row.lane, change_of(row)))
    found = {one.lane: one for one in crowds.latest_changes(conn, topic=topic)}
    assert found == {lane: moves[-1] for lane, moves in of_lane.items()}
    for lane, moves in of_lane.items():
        assert TopicChanges(conn, topic).last(lane, 2) == [one.change for one in moves[-2:]]
    told = {one.lane: one for one in crowds.latest_changes(conn, topic=topic, visible_only=True)}
    read = positions.current_changes(conn, topic=topic, firsts=False)
    assert told == {one.lane: one for one in reversed(read)}
    expected: dict[str, dict[int, list[int]]] = {}
    for one in paging.page(conn, topic, Filter(), limit=1_000).entries:
        if isinstance(one, entries.StatementEntry) and one.stance is not None and not one.retracted:
            for actor in one.actors:
                days = expected.setdefault(actor, {})
                days.setdefault(day_of(one.counts_from), [0] * 5)[one.stance + 2] += 1
    counted = crowds.daily(conn, topic, expected)
    assert counted == {
        actor: {day: tuple(counts) for day, counts in days.items()}
        for actor, days in expected.items()
    }


def test_days_are_stepped_through_one_by_one_before_1970_too(desk: Record) -> None:
    days = ("1946-01-01", "1946-01-01", "1969-12-31", "1970-01-01", "1970-01-02")
    for day in days:
        desk.say(topic="nato-membership", said_at=day)
    topic = stable_id("topic", "nato-membership")
    moments = desk.ask(steps.said_days, topic)
    assert moments == sorted({day_of(parse_as_of(day) or 0) for day in days})
    assert desk.ask(steps.said_days, topic, desk.log.head()) == moments


def test_what_happened_is_a_step_on_both_clocks(desk: Record) -> None:
    slug = "nato-membership"
    topic = stable_id("topic", slug)
    first = desk.say(topic=slug, said_at="2025-12-01").position
    happened = desk.happen(topics=(slug,), happened_at="2025-12-05").position
    last = desk.say(topic=slug, said_at="2025-12-10").position
    days = [day_of(parse_as_of(day) or 0) for day in ("2025-12-01", "2025-12-05", "2025-12-10")]
    assert desk.ask(steps.said_days, topic) == days
    assert desk.ask(steps.said_days, topic, happened) == days[:2]
    assert desk.ask(steps.next_known, topic, first) == happened
    assert desk.ask(steps.next_known, topic, happened) == last
    assert desk.ask(steps.previous_known, topic, last) == happened
    assert desk.ask(steps.previous_known, topic, first) is None


# PostgreSQL decides by statistics that so few rows do not have.
@pytest.mark.parametrize("record", ["sqlite"], indirect=True)
def test_no_question_of_a_moment_walks_all_that_was_said(desk: Record) -> None:
    with desk.read() as conn:
        moment = parse_as_of("2025-12-12")
        told = plans(conn, lambda: positions.standing_at(conn, TwoClocks(as_of=moment)))
        told += plans(conn, lambda: extent.facts(conn, EU))
        told += plans(conn, lambda: steps.said_days(conn, EU))
        told += plans(conn, lambda: extent.amended_after(conn, EU, 3))
        told += plans(conn, lambda: extent.count_after(conn, EU, 3))
        told += plans(conn, lambda: crowds.latest_changes(conn))
        told += plans(conn, lambda: positions.current_changes(conn, limit=3, firsts=False))
    walks = ("SCAN readings", "SCAN statements", "SCAN changes")
    walked = {line for line in told if line.startswith(walks)}
    # From the end of the one as many as are asked for; the other has only what is kept aside.
    assert walked <= {
        "SCAN changes USING INDEX changes_recent",
        "SCAN statements USING INDEX statements_withheld",
    }


@pytest.mark.parametrize("record", ["sqlite"], indirect=True)
def test_whose_side_a_lane_stands_on_is_told_by_what_was_said_for_others(desk: Record) -> None:
    with desk.read() as conn:
        told = plans(conn, lambda: sides_on(conn, {(EU, PESKOV)}))
    assert [line for line in told if "readings" in line] == [
        "SEARCH readings USING INDEX readings_spoken_for (topic=? AND speaker=?)"
    ]


def test_positions_are_the_same_in_batches_of_any_size(
    desk: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.say(topic="nato-membership", said_at="2025-12-01")
    every = desk.ask(lambda conn: [*answers.ask_positions(conn)])
    assert len({one.topic for one in every}) == 2
    for size in (1, 2, 1_000):
        monkeypatch.setattr(answers, "AT_FIRST", size)
        assert desk.ask(lambda conn: [*answers.ask_positions(conn)]) == every


def test_whoever_wants_the_first_positions_pays_for_no_others(
    desk: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    def counted(
        conn: Connection,
        found: list[LanePosition],
        clocks: TwoClocks,
        **how: Any,  # noqa: ANN401
    ) -> list[PositionAnswer]:
        told.append(len(found))
        return answer_positions(conn, found, clocks, **how)

    desk.say(topic="nato-membership", said_at="2025-12-01")
    answer_positions = answers.answer_positions
    monkeypatch.setattr(answers, "AT_FIRST", 1)
    monkeypatch.setattr(answers, "answer_positions", counted)
    desk.ask(lambda conn: next(iter(answers.ask_positions(conn))))
    (first,) = told
    assert 0 < first < len(desk.ask(positions.current_positions))


def plans(conn: Connection, ask: Callable[[], object]) -> list[str]:
    """Return how SQLite answers each query of a question."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(conn, "before_cursor_execute")
    def note(*told: Any) -> None:  # noqa: ANN401 - connection, cursor, statement, values and more
        asked.append((told[2], told[3]))

    ask()
    event.remove(conn, "before_cursor_execute", note)
    rows = (conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values) for query, values in asked)
    return [str(row[-1]) for found in rows for row in found]


def test_a_position_counts_at_any_moment_what_stood_then(desk: Record) -> None:
    first = desk.say(actor="russia", stance="opposes", said_at="2025-12-01").position
    last = desk.say(actor="russia", stance="opposes", said_at="2025-12-15").position
    desk.newsroom.statements.retract(desk.anna(), first, "Misheard")

    def on_record(**moment: int) -> int:
        (found,) = desk.ask(positions.positions_at, TwoClocks(**moment), topic=EU, lane=RUSSIA)
        return int(found.on_record)

    now = on_record()
    head = desk.log.head()
    assert on_record(known_at=head) == now
    assert on_record(known_at=last) == now + 1
    assert on_record(known_at=head, as_of=parse_as_of("2025-12-14")) == now - 1
