"""Which topics moved last, and which turn in one person's quoted words came quickest."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.projections.histories import histories
from tests.projections.record import Record
from tests.projections.test_queries import EXAMPLES, plans
from timeline.application.commands import Quoted
from timeline.domain.dates import parse_as_of
from timeline.domain.instants import day_of
from timeline.domain.naming import stable_id
from timeline.projections.queries import directory
from timeline.projections.queries.news import last_moves, latest_move_days, quickest_turn
from timeline.projections.queries.positions import current_changes, days_spoken_on
from timeline.projections.queries.story_changes import kind_of
from timeline.projections.tables.kinds import MOVED
from timeline.projections.tables.lanes import reading_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.positions import LaneChange

    FreshStore = Callable[[], AbstractContextManager[str]]

EU, NATO = (stable_id("topic", slug) for slug in ("eu-accession", "nato-membership"))
RUSSIA, UKRAINE = stable_id("actor", "russia"), stable_id("actor", "ukraine")
SINCE = parse_as_of("2025-01-01")


def said(desk: Record, stance: str, day: str, actor: str = "russia", **more: Any) -> int:  # noqa: ANN401
    """Put quoted words on record."""
    quote = Quoted(text=f"On {day} it is so", lang="en", wording="original")
    return desk.say(stance=stance, said_at=day, actor=actor, quote=quote, **more).position


def moved(conn: Connection) -> list[LaneChange]:
    """Return all changes from one position to another."""
    return [change for change in current_changes(conn) if kind_of(change) in MOVED]


def test_a_topic_tells_what_moved_on_its_last_day(desk: Record) -> None:
    for day, stance in (("2025-12-01", "opposes"), ("2025-12-02", "accepts")):
        for actor in ("russia", "ukraine"):
            desk.say(stance=stance, said_at=day, actor=actor)
    desk.say(topic="nato-membership", said_at="2025-12-05")
    assert desk.sign_all() == 2
    found = desk.ask(last_moves, [EU, NATO])
    assert [(topic, {move.lane for move in moves}) for topic, moves in found.items()] == [
        (EU, {RUSSIA, UKRAINE})
    ]
    assert {one.change.day for one in found[EU]} == {day_of(parse_as_of("2025-12-02"))}


@EXAMPLES
@given(events=histories())
def test_the_last_moves_of_any_history_are_its_last_changes(
    fresh_store: FreshStore, events: list[Event]
) -> None:
    with fresh_store() as address, Record.opened(address) as record:
        record.append(events)
        with record.read() as conn:
            expected: dict[str, list[LaneChange]] = {}
            for change in moved(conn):
                expected.setdefault(change.topic, []).append(change)
            topics = directory.topics_by_id(conn)
            found = last_moves(conn, topics)
            assert found.keys() == expected.keys()
            instants = {topic: changes[0].change.counts_from for topic, changes in found.items()}
            assert {
                one.id: one.moved for one in topics.values() if one.moved is not None
            } == instants
            for topic, every in expected.items():
                last = max(one.change.day for one in every)
                on_it = {one for one in every if one.change.day == last}
                assert {*map(repr, found[topic])} == {*map(repr, on_it)}
                days = sorted((one.change.day for one in every), reverse=True)
                assert [day for day, _ in latest_move_days(conn, topic, 3)] == days[:3]


@EXAMPLES
@given(events=histories(), places=st.lists(st.integers(0, 99), max_size=5))
def test_the_usual_gap_of_any_history_is_the_median_between_its_days(
    fresh_store: FreshStore, events: list[Event], places: list[int]
) -> None:
    with fresh_store() as address, Record.opened(address) as record:
        record.append_in_pieces(events, places)
        with record.read() as conn:
            topics = directory.topics_by_id(conn)
            for topic, days in days_spoken_on(conn, topics).items():
                assert days == sorted({row.day for row in reading_rows(conn, topic, None)})
                gaps = [later - earlier for earlier, later in pairwise(days)]
                assert topics[topic].usual_gap == (median(gaps) if gaps else None)


def test_the_quickest_turn_is_one_persons_in_quoted_words_on_both_sides(desk: Record) -> None:
    said(desk, "supports", "2025-12-01")
    slow = said(desk, "opposes", "2025-12-09")
    desk.say(stance="supports", said_at="2025-12-10", paraphrase="In no quoted words.")
    assert numbers(desk) == [slow]
    quick = (
        said(desk, "supports", "2025-12-02", actor="ukraine"),
        said(desk, "doubts", "2025-12-05", actor="ukraine"),
    )
    assert numbers(desk) == [quick[1]]
    assert numbers(desk, since=parse_as_of("2025-12-08")) == [slow]
    assert numbers(desk, since=parse_as_of("2025-12-10")) == []


def test_of_turns_as_quick_the_farthest_wins_and_then_the_latest(desk: Record) -> None:
    said(desk, "supports", "2025-12-01")
    far = said(desk, "opposes", "2025-12-03")
    said(desk, "accepts", "2025-12-05", actor="ukraine")
    said(desk, "opposes", "2025-12-07", actor="ukraine")
    assert numbers(desk) == [far]
    late = said(desk, "supports", "2025-12-05")
    assert numbers(desk) == [late]


def test_words_that_are_withheld_or_differ_on_a_day_turn_nothing(desk: Record) -> None:
    said(desk, "supports", "2025-12-01")
    said(desk, "opposes", "2025-12-02")
    said(desk, "supports", "2025-12-02")
    assert numbers(desk) == []


def numbers(desk: Record, since: int = SINCE) -> list[int]:
    """Return the statements that make the quickest turn, of those that an editor signed."""
    desk.sign_all()
    changes: list[LaneChange] = desk.ask(quickest_turn, since)
    return [number for change in changes for number in change.change.after]


# PostgreSQL decides by statistics that so few rows do not have.
@pytest.mark.parametrize("record", ["sqlite"], indirect=True)
def test_no_question_of_the_front_page_walks_all_that_was_said(desk: Record) -> None:
    said(desk, "supports", "2025-12-01")
    said(desk, "opposes", "2025-12-02")
    asked: list[Callable[[Connection], Any]] = [
        lambda conn: last_moves(conn, [EU]),
        lambda conn: directory.last_to_move(conn, 3),
        lambda conn: directory.last_to_move(conn, 3, story=EU),
        lambda conn: latest_move_days(conn, EU, 3),
        lambda conn: quickest_turn(conn, SINCE),
    ]
    with desk.read() as conn:
        told = [line for ask in asked for line in plans(conn, lambda ask=ask: ask(conn))]  # type: ignore[misc]
    walks = ("SCAN readings", "SCAN statements", "SCAN changes", "SCAN moves")
    assert [line for line in told if line.startswith(walks)] == []
