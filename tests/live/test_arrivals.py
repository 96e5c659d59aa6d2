"""What came in between two positions, and whose pages it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from tests.web.record.desk import TIMES
from timeline.application.commands import RecordDevelopment
from timeline.live.recent import KEPT, News, Recent, by_place, places_of
from timeline.projections.queries.arrivals import Arrival, arrivals
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from tests.web.record.desk import Desk


def found(desk: Desk, after: int) -> list[Arrival]:
    desk.services.models.catch_up()
    with desk.services.models.engine().connect() as conn:
        return list(arrivals(conn, after, desk.head()))


@pytest.mark.thorough
def test_a_statement_concerns_its_topic_its_story_and_whom_it_speaks_for(any_desk: Desk) -> None:
    rooms, before = any_desk.services.newsroom, any_desk.head()
    rooms.topics.file_under(any_desk.byline(), "a-union", "talks")
    number = any_desk.say(actor="dora", on_behalf_of="aland")
    assert found(any_desk, before) == [
        Arrival(number, False, ("a-union",), ("talks",), ("aland", "dora"))  # noqa: FBT003
    ]
    assert found(any_desk, number) == []


def test_a_development_concerns_every_topic_that_it_bears_on(any_desk: Desk) -> None:
    before = any_desk.head()
    command = RecordDevelopment(
        topics=("a-union", "deal"),
        title="Talks begin.",
        status="confirmed",
        happened_at="2025-12-03",
        source=TIMES,
    )
    number = any_desk.services.newsroom.developments.record(any_desk.byline(), command).position
    (arrival,) = found(any_desk, before)
    assert arrival == Arrival(number, False, ("a-union", "deal"), (), ())  # noqa: FBT003


def test_a_retraction_concerns_the_pages_of_what_is_retracted(any_desk: Desk) -> None:
    number = any_desk.say()
    statements = any_desk.services.newsroom.statements
    statements.retract(any_desk.byline(), number, "A mistake of ours.")
    (arrival,) = found(any_desk, number)
    assert arrival == Arrival(any_desk.head(), True, ("a-union",), (), ("bland",), number)  # noqa: FBT003
    assert [*places_of(arrival)] == ["home", "t/a-union", "a/bland", f"s/{number}"]


def test_a_reply_concerns_the_pages_of_what_it_answers(any_desk: Desk) -> None:
    number = any_desk.say()
    statements = any_desk.services.newsroom.statements
    statements.receive_reply(any_desk.byline(), number, "2025-12-14", "That was not all.", "en")
    (arrival,) = found(any_desk, number)
    assert arrival == Arrival(any_desk.head(), True, ("a-union",), (), ("bland",), number)  # noqa: FBT003


def test_another_wording_concerns_its_topic_and_story(any_desk: Desk) -> None:
    rooms = any_desk.services.newsroom
    rooms.topics.file_under(any_desk.byline(), "a-union", "talks")
    before = any_desk.head()
    rooms.topics.reword(
        any_desk.byline(), "a-union", "Should it join?", "Shorter.", same_meaning=True
    )
    (arrival,) = found(any_desk, before)
    assert arrival == Arrival(any_desk.head(), True, ("a-union",), ("talks",), ())  # noqa: FBT003


def test_what_a_merged_actor_says_concerns_the_other_too(any_desk: Desk) -> None:
    actors = any_desk.services.newsroom.actors
    before = any_desk.say(actor="petrow")
    actors.merge(any_desk.byline(), "petrow", "dora", "They are one.")
    statements = any_desk.services.newsroom.statements
    statements.retract(any_desk.byline(), before, "A mistake of ours.")
    assert found(any_desk, before)[-1].actors == ("dora", "petrow")


def test_an_actor_who_is_no_page_s_is_passed_over(any_desk: Desk) -> None:
    before, number = any_desk.head(), any_desk.say()
    any_desk.services.models.catch_up()
    with any_desk.services.models.engine().begin() as conn:
        conn.execute(delete(schema.actors).where(schema.actors.c.slug == "bland"))
    (arrival,) = found(any_desk, before)
    assert (arrival.position, arrival.topics, arrival.actors) == (number, ("a-union",), ())


def test_of_each_place_the_latest_news_are_remembered() -> None:
    recent = Recent()
    for position in range(1, KEPT + 51):
        recent.add(by_place([Arrival(position, position % 2 == 0, ("x",), (), ())]))
    recent.add(by_place([Arrival(1_000, False, ("y",), ("s",), ("a",))]))  # noqa: FBT003
    assert recent.after("t/x", 148) == [News(149, False), News(150, True)]  # noqa: FBT003
    assert len(recent.after("t/x", 0)) == KEPT
    assert recent.after("t/z", 0) == []
    for place in ("home", "t/y", "story/s", "a/a"):
        assert recent.after(place, 999) == [News(1_000, False)]  # noqa: FBT003


def test_of_an_import_of_thousands_the_end_is_told() -> None:
    many = (Arrival(position, False, ("x",), (), ()) for position in range(1, 10_001))  # noqa: FBT003
    fresh = by_place(many)
    assert {place: len(news) for place, news in fresh.items()} == {"home": KEPT, "t/x": KEPT}
    assert fresh["home"][-1].position == 10_000


def test_places_are_named_as_pages_are() -> None:
    arrival = Arrival(1, False, ("y",), ("s",), ("a", "b"))  # noqa: FBT003
    assert list(places_of(arrival)) == ["home", "t/y", "story/s", "a/a", "a/b"]
