"""Lanes of merged actors: whose words stand where, since when that is known, and who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.actor import Actor
from timeline.domain.naming import stable_id
from timeline.domain.position import Reading
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory, log, positions
from timeline.projections.queries.historical_changes import changes_at
from timeline.projections.tables.lanes import roots, unique

if TYPE_CHECKING:
    from tests.projections.record import Record
    from timeline.domain.position import Change

EU = stable_id("topic", "eu-accession")
RUSSIA, UKRAINE, PESKOV = (
    stable_id("actor", slug) for slug in ("russia", "ukraine", "dmitry-peskov")
)
MOSCOW, PESKOW = (stable_id("actor", slug) for slug in ("moscow", "dmitrij-peskow"))


@pytest.fixture
def desk(record: Record) -> Record:
    record.talks()
    record.newsroom.actors.introduce(record.anna(), "Moscow", "state")
    record.newsroom.actors.introduce(record.anna(), "Dmitrij Peskow", "person")
    return record


def merge(desk: Record, actor: str, into: str) -> int:
    return desk.newsroom.actors.merge(desk.anna(), actor, into, "The same.").position


def lanes(desk: Record, known_at: int | None = None) -> dict[str, object]:
    found = desk.ask(positions.positions_at, TwoClocks(known_at=known_at), topic=EU)
    return {one.lane: one.position.stance for one in found}


def version(number: int, known: tuple[int, int | None], speaker: str = "A") -> Reading:
    return Reading(
        statement=number,
        speaker=speaker,
        counts_from=0,
        stance=1,
        known_from=known[0],
        known_until=known[1],
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([(5, None), (5, None)], [(5, None)], id="shared from first to last"),
        pytest.param([(5, 8), (5, None)], [(5, None)], id="one of both corrected"),
        pytest.param([(5, 8), (8, None), (5, None)], [(5, None)], id="corrected in one lane"),
        pytest.param([(5, 8), (6, None)], [(5, 8), (8, None)], id="the other came later"),
        pytest.param([(5, 8), (8, None)], [(5, 8), (8, None)], id="one lane alone"),
    ],
)
def test_a_statement_that_two_members_of_a_lane_share_stands_in_it_once_at_a_time(
    found: list[tuple[int, int | None]], expected: list[tuple[int, int | None]]
) -> None:
    kept = unique([version(1, known) for known in found] + [version(2, (9, None))])
    assert [
        (reading.known_from, reading.known_until) for reading in kept if reading.statement == 1
    ] == expected
    assert [reading.statement for reading in kept].count(2) == 1


def changes(desk: Record, lane: str) -> list[Change]:
    return [one.change for one in desk.ask(changes_at, lane=lane)]


@pytest.mark.parametrize(
    ("merges", "expected"),
    [
        ([("a", "b")], {"a": "b"}),
        ([("a", "b"), ("b", "c")], {"a": "c", "b": "c"}),
        ([("a", "b"), ("b", "a")], {"a": "b"}),
        ([("a", "b"), ("b", "c"), ("c", "a"), ("d", "c")], {"a": "c", "b": "c", "d": "c"}),
    ],
)
def test_of_merges_that_make_a_circle_the_last_does_nothing(
    merges: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    assert roots(merges) == expected


def test_words_of_a_merged_actor_stand_in_the_lane_of_the_other(desk: Record) -> None:
    desk.say(actor="russia", stance="opposes", said_at="2025-12-10")
    desk.say(actor="moscow", stance="supports", said_at="2025-12-12")
    merged = merge(desk, "moscow", "russia")
    assert lanes(desk) == {RUSSIA: 2}
    assert lanes(desk, merged - 1) == {RUSSIA: -2, MOSCOW: 2}
    assert desk.ask(directory.actor, "moscow").id == RUSSIA


def test_a_change_that_a_merge_brings_is_known_since_the_merge(desk: Record) -> None:
    desk.say(actor="russia", stance="opposes", said_at="2025-12-10")
    other = desk.say(actor="moscow", stance="supports", said_at="2025-12-12")
    merged = merge(desk, "moscow", "russia")
    first, reversal = changes(desk, RUSSIA)
    assert (reversal.kind, reversal.after) == ("reversal", (other.position,))
    assert reversal.known_at == merged
    (then,) = desk.ask(changes_at, TwoClocks(known_at=merged - 1), topic=EU, lane=RUSSIA)
    assert then.change == first


def test_one_person_under_two_names_moves_as_one_once_they_are_merged(desk: Record) -> None:
    for name in ("dmitry-peskov", "dmitrij-peskow"):
        desk.newsroom.actors.mandate(desk.anna(), name, "russia", "President")
    desk.say(actor="dmitry-peskov", on_behalf_of="russia", stance="opposes", said_at="2025-12-10")
    desk.say(actor="dmitrij-peskow", on_behalf_of="russia", stance="accepts", said_at="2025-12-12")
    assert [move.kind for move in changes(desk, RUSSIA)] == ["first", "step"]
    merged = merge(desk, "dmitrij-peskow", "dmitry-peskov")
    assert [move.kind for move in changes(desk, RUSSIA)] == ["first", "reversal"]
    before = desk.ask(changes_at, TwoClocks(known_at=merged - 1), topic=EU, lane=RUSSIA)
    assert [move.change.kind for move in before] == ["first", "step"]


def test_a_merge_that_is_undone_leaves_both_lanes_as_they_were(desk: Record) -> None:
    desk.say(actor="russia", stance="opposes")
    desk.say(actor="moscow", stance="supports")
    apart = lanes(desk)
    merged = merge(desk, "moscow", "russia")
    assert lanes(desk) == {RUSSIA: "mixed"}
    desk.newsroom.actors.undo_merge(desk.anna(), "moscow", "Two after all.")
    assert lanes(desk) == apart == {RUSSIA: -2, MOSCOW: 2}
    assert lanes(desk, merged) == {RUSSIA: "mixed"}


def test_a_chain_of_merges_ends_in_one_lane(desk: Record) -> None:
    desk.say(actor="moscow", stance="supports")
    merge(desk, "moscow", "russia")
    assert lanes(desk) == {RUSSIA: 2}
    merge(desk, "russia", "ukraine")
    assert lanes(desk) == {UKRAINE: 2}
    desk.newsroom.actors.undo_merge(desk.anna(), "moscow", "Two after all.")
    assert lanes(desk) == {MOSCOW: 2}


def test_of_two_merges_made_at_once_the_one_that_closes_a_circle_is_reported(desk: Record) -> None:
    desk.say(actor="russia", stance="opposes")
    actor, other = desk.log.load(Actor, RUSSIA), desk.log.load(Actor, MOSCOW)
    assert actor is not None
    assert other is not None
    actor.merge_into(desk.anna(), MOSCOW, "The same.")
    other.merge_into(desk.anna(), RUSSIA, "The same.")
    desk.log.append([*actor.collect_events(), *other.collect_events()])
    assert lanes(desk) == {MOSCOW: -2}
    assert desk.ask(log.inert_merges) == [("moscow", "russia")]


def test_a_statement_by_and_for_one_and_the_same_counts_once(desk: Record) -> None:
    desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "russia", "Spokesperson")
    desk.say(actor="dmitry-peskov", on_behalf_of="russia", stance="opposes")
    merge(desk, "dmitry-peskov", "russia")
    (standing,) = desk.ask(positions.current_positions)
    assert (standing.lane, standing.on_record, standing.position.statements) == (RUSSIA, 1, 1)
