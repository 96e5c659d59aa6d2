"""Lists that grow with the record: an index leads to any place of them, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from timeline.domain.naming import stable_id
from timeline.projections.queries import directory, speaking
from timeline.projections.queries.speaking import LanePlace, RankPlace
from timeline.projections.writing.batch import Batch
from timeline.projections.writing.statements import touch_topics_naming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from tests.projections.record import Record

RUSSIA, EU = stable_id("actor", "russia"), stable_id("topic", "eu-accession")

TO_POSTGRES = (
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
    "SET enable_sort = off",
)
"""Few rows are read and sorted as fast without an index: what there is an index for shows so."""


NONE = 0
"""Lanes after which those that never changed are not asked for: these few are sorted."""


@pytest.fixture
def conn(record: Record) -> Iterator[Connection]:
    record.talks()
    record.say(actor="russia")
    with record.read() as conn:
        yield conn


def plan_of(conn: Connection, read: Callable[[], object]) -> str:
    """Return how the database goes about what is asked, line by line."""
    is_sqlite = conn.dialect.name == "sqlite"
    plans: list[str] = []

    def explain(_: Any, cursor: Any, query: str, values: Any, *__: Any) -> None:  # noqa: ANN401
        how = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        other = cursor.connection.cursor()
        other.execute(f"{how} {query}", values)
        plans.extend(str(row[-1]) for row in other.fetchall())

    if not is_sqlite:
        for setting in TO_POSTGRES:
            conn.execute(text(setting))
    event.listen(conn, "before_cursor_execute", explain)
    read()
    assert plans
    return "\n".join(plans)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    "read",
    [
        lambda conn, back: directory.actors(conn, limit=2, beyond="russia", back=back),
        lambda conn, back: directory.topics_by_name(conn, 2, beyond="eu-accession", back=back),
        lambda conn, back: speaking.actors_with_most(
            conn, "topics", 2, beyond=RankPlace(1, "russia"), back=back
        ),
        lambda conn, back: speaking.actors_with_most(
            conn, "statements", 2, beyond=RankPlace(1, "russia"), back=back
        ),
        lambda conn, back: speaking.actors_with_most(
            conn, "turned", 2, beyond=RankPlace(1, "russia"), back=back
        ),
        lambda conn, back: speaking.lanes_in_order(
            conn, RUSSIA, "all", NONE, beyond=LanePlace(10**9, EU), back=back
        ),
        lambda conn, back: speaking.lanes_in_order(
            conn, RUSSIA, "turned", NONE, beyond=LanePlace(10**9, EU), back=back
        ),
        lambda conn, back: speaking.lanes_in_order(
            conn, RUSSIA, "held", NONE, beyond=LanePlace(10**9, EU), back=back
        ),
    ],
    ids=["names", "questions", "topics", "statements", "turned", "lanes", "changed", "held"],
)
def test_an_index_leads_to_any_place_of_a_list_and_has_its_order(
    conn: Connection,
    read: Callable[[Connection, bool], object],
    back: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    plan = plan_of(conn, lambda: read(conn, back))
    lines = [line.strip().removeprefix("->").strip() for line in plan.splitlines()]
    assert not [line for line in lines if line.startswith(("SCAN", "Seq Scan", "Sort  "))], plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
    begins = ("SEARCH", "Index Cond:")
    assert sum(line.startswith(begins) for line in lines) >= 2, plan


def ranked(record: Record) -> dict[str, int]:
    """Return how many statements each listed actor has, in their order."""
    found = record.ask(speaking.actors_with_most, "statements", 99)
    return {place.slug: place.amount for place, _ in found}


def test_who_is_merged_leaves_the_list_and_comes_back_to_it(record: Record) -> None:
    record.talks()
    record.say(actor="russia")
    record.say(actor="dmitry-peskov", said_at="2025-12-09")
    before = ranked(record)
    assert before["russia"] == before["dmitry-peskov"] == 1
    assert before["ukraine"] == 0
    actors = record.newsroom.actors
    actors.merge(record.anna(), "dmitry-peskov", "russia", "The same.")
    actors.merge(record.anna(), "ukraine", "russia", "The same, too.")
    assert ranked(record)["russia"] == 2
    assert not {"dmitry-peskov", "ukraine"} & ranked(record).keys()
    assert record.ask(directory.count_actors) == len(before) - 2
    assert not {"dmitry-peskov", "ukraine"} & {one.slug for one in record.ask(directory.actors)}
    for slug in ("dmitry-peskov", "ukraine"):
        actors.undo_merge(record.anna(), slug, "Two after all.")
    assert ranked(record) == before


def test_who_says_more_moves_up(record: Record) -> None:
    record.talks()
    record.say(actor="russia")
    assert next(iter(ranked(record))) == "russia"
    for day in (9, 10):
        record.say(actor="ukraine", said_at=f"2025-12-{day:02}")
    assert [*ranked(record).items()][:2] == [("ukraine", 2), ("russia", 1)]


def test_words_that_were_not_said_in_one_breath_after_all_count_by_themselves(
    record: Record,
) -> None:
    record.talks()
    record.newsroom.topics.open(record.anna(), "Is there another?", "position", slug="second")
    record.say(actor="russia", utterance="u1")
    said = record.say(actor="russia", utterance="u1", topic="second")
    assert ranked(record)["russia"] == 1
    apart = {"utterance": "u2"}
    record.newsroom.statements.correct(record.anna(), said.position, apart, "Said later.")
    assert ranked(record)["russia"] == 2


def test_nobody_has_a_place_in_a_list_by_a_slug_that_is_none(record: Record) -> None:
    record.talks()
    with pytest.raises(LookupError, match="nobody"):
        record.ask(directory.actors, beyond="nobody")
    with pytest.raises(LookupError, match="nothing"):
        record.ask(directory.topics_by_name, 3, beyond="nothing")


def test_those_of_the_same_name_stand_by_their_slug(record: Record) -> None:
    for slug in ("c", "a", "b"):
        record.newsroom.actors.introduce(record.anna(), "Same Name", "person", slug=slug)
        record.newsroom.topics.open(record.anna(), "Same words?", "position", slug=slug)
    with record.read() as conn:
        for read in (directory.actors, directory.topics_by_name):
            slugs = [one.slug for one in read(conn, limit=9)]
            assert slugs == ["a", "b", "c"]
            assert [one.slug for one in read(conn, limit=1, beyond="a")] == ["b"]
            assert [one.slug for one in read(conn, limit=9, beyond="c", back=True)] == ["a", "b"]


def test_lanes_that_never_changed_stand_last_in_both_directions(record: Record) -> None:
    record.talks()
    record.say(actor="russia", said_at="2025-12-08")
    for topic in ("one", "two"):
        record.newsroom.topics.open(record.anna(), f"Is it {topic}?", "position", slug=topic)
        said = record.say(actor="russia", topic=topic, said_at="2025-12-09")
        record.newsroom.statements.retract(record.anna(), said.position, "Not said.")
    with record.read() as conn:
        every = speaking.lanes_in_order(conn, RUSSIA, "all", 9)
        assert [one.changed_from is None for one in every] == [False, True, True]
        for at, place in enumerate(every):
            for limit in (1, 9):
                after = speaking.lanes_in_order(conn, RUSSIA, "all", limit, beyond=place)
                assert after == every[at + 1 :][:limit]
                before = speaking.lanes_in_order(
                    conn, RUSSIA, "all", limit, beyond=place, back=True
                )
                assert before == every[:at][-limit:]


def test_an_index_has_the_few_statements_that_name_or_drop_a_condition(conn: Connection) -> None:
    plan = plan_of(conn, lambda: touch_topics_naming(Batch(conn, {}), EU))
    assert "statements_terms" in plan
