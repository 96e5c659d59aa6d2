from __future__ import annotations

from typing import TYPE_CHECKING

from tests.interchange.desk import row
from timeline.domain.actor import Actor
from timeline.domain.naming import stable_id
from timeline.interchange.importing.files import RehearsedLog, rehearsed
from timeline.stores.recordable import Appendable, Recordable

if TYPE_CHECKING:
    from tests.interchange.desk import Desk

EU, ANN = stable_id("topic", "eu-accession"), stable_id("actor", "ann")


def test_a_rehearsed_log_answers_everything_that_a_log_is_asked_for() -> None:
    named = vars(Appendable).keys() | vars(Recordable).keys()
    asked = {name for name in named if not name.startswith("_")}
    assert {name for name in dir(RehearsedLog) if not name.startswith("_")} == asked


def test_what_is_appended_in_a_rehearsal_is_read_in_it_and_gone_after_it(desk: Desk) -> None:
    desk.take_rows(row())
    head, byline = desk.log.head(), desk.newsroom.byline("ann")
    with rehearsed(desk.log) as aside:
        (place,) = aside.append(Actor.introduce(byline, "ann", "person", "Ann").collect_events())
        assert getattr(aside.event(place), "originator_id", "") == ANN
        ann = aside.load(Actor, ANN)
        assert ann is not None
        assert ann.name == "Ann"
        assert [*aside.first_events([EU, ANN])] == [ANN, EU]
        assert len(aside.streams_of([EU, ANN])) == 2
        assert aside.head() == aside.last()[0] == head
        assert aside.event(head) == desk.log.event(head)
        assert [*aside.stored()] == [*desk.log.stored()]
    assert desk.log.load(Actor, ANN) is None


def test_nothing_is_erased_in_a_rehearsal(desk: Desk) -> None:
    desk.take_rows(row())
    with rehearsed(desk.log) as aside:
        positions = aside.with_content(EU)
        aside.erase(positions)
    assert desk.log.with_content(EU) == positions != []
