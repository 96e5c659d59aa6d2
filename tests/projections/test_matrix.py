"""Positions at several moments at once, and questions to the whole record, topic by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.answers import ask_positions
from timeline.projections.queries.matrix import (
    Matrix,
    Moment,
    cells,
    read_moments,
    usual_actors,
    usual_moments,
    usual_topics,
    wide_columns,
    wide_rows,
)
from timeline.projections.queries.positions import positions_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tests.projections.record import Record

EU, RUSSIA = stable_id("topic", "eu-accession"), stable_id("actor", "russia")


@pytest.fixture
def desk(record: Record) -> Record:
    """Two actors over four years: Russia turns in 2023, Ukraine speaks once."""
    record.talks()
    record.say(actor="russia", stance="opposes", said_at="2021-03-02")
    record.say(actor="ukraine", stance="supports", said_at="2022-05")
    record.say(actor="russia", stance="accepts", said_at="2023-07-01")
    record.say(actor="russia", stance="accepts", said_at="2024-07-01")
    return record


def told(conn: Connection, *dates: str, known_at: int | None = None) -> list[tuple[object, ...]]:
    topics = [directory.topic(conn, "eu-accession")]
    actors = usual_actors(conn, {EU}, None)
    asked = Matrix(topics, actors, read_moments(dates), known_at)
    return [(cell.actor, cell.as_of, cell.stance, cell.value) for cell in cells(conn, asked)]


def test_each_cell_is_where_an_actor_stood_at_the_end_of_a_moment(desk: Record) -> None:
    assert desk.ask(told, "2021", "2022", "2023-06-30", "2023") == [
        ("russia", "2021", "opposes", -2),
        ("russia", "2022", "opposes", -2),
        ("russia", "2023-06-30", "opposes", -2),
        ("russia", "2023", "accepts", 1),
        ("ukraine", "2021", None, None),
        ("ukraine", "2022", "supports", 2),
        ("ukraine", "2023-06-30", "supports", 2),
        ("ukraine", "2023", "supports", 2),
    ]


def test_a_matrix_knows_what_was_known_then(desk: Record) -> None:
    head = desk.log.head()
    desk.say(actor="russia", stance="supports", said_at="2021-06-01")
    assert ("russia", "2021", "supports", 2) in desk.ask(told, "2021")
    assert ("russia", "2021", "opposes", -2) in desk.ask(told, "2021", known_at=head)


def test_each_column_is_what_was_held_at_its_moment(desk: Record) -> None:
    with desk.read() as conn:
        topics, actors = directory.topics(conn), directory.actors(conn)
        for date in ("2021", "2022-05", "2024-12"):
            found = Matrix(topics, actors, read_moments([date])).cells_at_moments(conn, topics)[0]
            stood = positions_at(conn, TwoClocks(as_of=parse_as_of(date)))
            assert {lane: cell.position.stance for lane, cell in found.items()} == {
                (position.topic, position.lane): position.position.stance for position in stood
            }


def test_a_wide_row_has_a_column_for_each_moment(desk: Record) -> None:
    with desk.read() as conn:
        moments = [*read_moments(["2022", "2021"]), Moment()]
        topics = [directory.topic(conn, "eu-accession")]
        asked = Matrix(topics, [directory.actor(conn, "russia")], moments)
        (row,) = wide_rows(cells(conn, asked), moments)
    assert tuple(row) == wide_columns(moments) == ("topic", "actor", "2021", "2022", "now")
    assert (row["2021"], row["now"]) == ("opposes", "accepts")


def test_moments_are_the_days_of_words_or_of_many_the_last_month_or_year_of_a_period(
    desk: Record,
) -> None:
    def dates(every: str = "") -> list[str]:
        return [one.text for one in desk.ask(usual_moments, {EU}, every)]

    assert dates() == ["2021-03-02", "2022-05-31", "2023-07-01", "2024-07-01"]
    assert dates("month") == ["2021-03", "2022-05", "2023-07", "2024-07"]
    assert dates("year") == ["2021", "2022", "2023", "2024"]
    assert dates("five-years") == ["2024"]
    for day in range(1, 29):
        desk.say(actor="ukraine", stance="supports", said_at=f"2024-02-{day:02}")
    assert dates() == ["2021-03", "2022-05", "2023-07", "2024-02", "2024-07"]


def test_an_unknown_period_is_refused_with_those_that_there_are(desk: Record) -> None:
    with pytest.raises(Refused, match=r"'fortnight' is no step of time.*month, quarter, year"):
        desk.ask(usual_moments, {EU}, "fortnight")


def test_a_topic_without_words_has_no_moment_but_now(record: Record) -> None:
    record.talks()
    assert record.ask(usual_moments, {EU}) == [Moment()]


def test_actors_with_most_statements_and_topics_of_most_actors_come_first(desk: Record) -> None:
    with desk.read() as conn:
        assert [actor.slug for actor in usual_actors(conn, {EU}, None)] == ["russia", "ukraine"]
        assert [topic.slug for topic in usual_topics(conn, {RUSSIA}, None)] == ["eu-accession"]


def queries(conn: Connection, ask: Callable[[], object]) -> tuple[int, int]:
    """Return how many questions go to the database, and how many values with them."""
    asked: list[int] = []

    @event.listens_for(conn, "before_cursor_execute")
    def note(*told: object) -> None:
        values = told[3]
        asked.append(len(values) if isinstance(values, tuple | list | dict) else 0)

    ask()
    event.remove(conn, "before_cursor_execute", note)
    return len(asked), sum(asked)


@pytest.mark.thorough
def test_the_positions_of_a_day_are_read_topic_by_topic_each_once(record: Record) -> None:
    """With twice the topics it takes twice the questions, and not four times their values."""

    def work() -> tuple[int, int]:
        with record.read() as conn:
            return queries(
                conn, lambda: [*ask_positions(conn, TwoClocks(as_of=parse_as_of("2025-12-31")))]
            )

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            topic = f"thesis-{number}"
            record.newsroom.topics.open(record.anna(), f"Thesis {number}?", "position", slug=topic)
            record.say(topic=topic, said_at="2025-12-01")

    record.talks()
    add(0, 20)
    questions, values = work()
    add(20, 40)
    more_questions, more_values = work()
    assert more_questions <= 2 * questions + 20
    assert more_values <= 2 * values + 20
