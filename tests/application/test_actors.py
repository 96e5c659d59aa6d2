from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.domain.actor import Actor
from timeline.domain.errors import Conflict, NotFound, Refused
from timeline.domain.naming import stable_id
from timeline.domain.standing import StatedStanding

if TYPE_CHECKING:
    from tests.application.newsdesk import Newsdesk


def actor(desk: Newsdesk, slug: str) -> Actor:
    found = desk.log.load(Actor, stable_id("actor", slug))
    assert found is not None
    return found


def test_an_actor_takes_its_slug_from_its_name(desk: Newsdesk) -> None:
    introduced = desk.newsroom.actors.introduce(desk.anna(), "Friedrich Merz", "person")
    assert introduced.id == stable_id("actor", "friedrich-merz")


def test_an_actor_introduced_twice_is_one_actor(desk: Newsdesk) -> None:
    assert not desk.newsroom.actors.introduce(desk.anna(), "Russia", "state").fresh
    with pytest.raises(Conflict, match="differs in: kind"):
        desk.newsroom.actors.introduce(desk.anna(), "Russia", "person")


def test_an_actor_is_renamed_and_found_by_either_name(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.rename(desk.anna(), "russia", "Russian Federation", "official name")
    actors.add_alias(desk.anna(), "Russian Federation", "Россия")
    assert actor(desk, "russia").names == {"Russia", "Russian Federation", "Россия"}
    assert actors.add_alias(desk.anna(), "Россия", "Moscow").id == stable_id("actor", "russia")


def test_the_same_mandate_is_noted_once_and_can_end(desk: Newsdesk) -> None:
    actors, head = desk.newsroom.actors, desk.log.head()
    for _ in range(2):
        actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman", since="2012-05-22")
    (mandate,) = actor(desk, "dmitry-peskov").mandates
    actors.end_mandate(desk.anna(), "dmitry-peskov", mandate, "2025-11-30")
    assert desk.types(after=head) == ["actor.mandated", "actor.mandate_ended"]


def test_that_a_mandate_decides_is_said_once_and_otherwise_with_a_reason(desk: Newsdesk) -> None:
    actors, by = desk.newsroom.actors, desk.anna
    actors.mandate(by(), "dmitry-peskov", "russia", "spokesman")
    ((held, _),) = actor(desk, "dmitry-peskov").mandates.items()
    head = desk.log.head()
    for _ in range(2):
        actors.state_standing(by(), "dmitry-peskov", held, StatedStanding("speaks"))
    with pytest.raises(Refused, match="reason is missing"):
        actors.state_standing(by(), "dmitry-peskov", held, StatedStanding("decides"))
    said = StatedStanding("decides", "eu-accession", "2025", reason="By decree.")
    with pytest.raises(NotFound, match="topic"):
        actors.state_standing(
            by(), "dmitry-peskov", held, msgspec.structs.replace(said, topic="nowhere")
        )
    actors.mandate(by(), "dmitry-peskov", "russia", "envoy", standing="speaks")
    with pytest.raises(Refused, match="decides or speaks"):
        actors.mandate(by(), "dmitry-peskov", "russia", "head", standing="rules")
    with pytest.raises(Refused, match="no such mandate"):
        actors.state_standing(by(), "dmitry-peskov", "another", StatedStanding("speaks"))
    assert desk.types(after=head) == ["actor.standing_stated", "actor.mandated"]


def test_a_mandate_is_of_an_actor_on_record(desk: Newsdesk) -> None:
    with pytest.raises(NotFound, match="did you mean russia") as no:
        desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "rusia", "spokesman")
    assert no.value.field == "on_behalf_of"


def test_a_merge_sits_on_the_absorbed_actor_and_can_be_undone(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.introduce(desk.anna(), "Dmitri Peskow", "person")
    actors.merge(desk.anna(), "dmitri-peskow", "dmitry-peskov", "same man")
    assert actor(desk, "dmitri-peskow").merged_into == stable_id("actor", "dmitry-peskov")
    actors.undo_merge(desk.anna(), "dmitri-peskow", "two men")
    assert actor(desk, "dmitri-peskow").merged_into is None


def test_merges_make_no_circle_however_long(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    for name in ("One", "Two", "Three"):
        actors.introduce(desk.anna(), name, "person")
    actors.merge(desk.anna(), "one", "two", "same man")
    actors.merge(desk.anna(), "two", "three", "same man")
    with pytest.raises(Refused, match="One is merged into Three already; undo that merge first"):
        actors.merge(desk.anna(), "three", "one", "same man")


def test_an_actor_is_not_merged_into_itself(desk: Newsdesk) -> None:
    with pytest.raises(Refused, match="merged into itself"):
        desk.newsroom.actors.merge(desk.anna(), "russia", "Russia", "same")


@pytest.mark.parametrize(
    ("absorbed", "into"),
    [
        ("us-government-circles", "russia"),
        ("russia", "european-leaders"),
        ("european-leaders", "us-government-circles"),
    ],
)
def test_a_collective_or_an_unnamed_source_lends_its_words_to_nobody_by_a_merge(
    desk: Newsdesk, absorbed: str, into: str
) -> None:
    with pytest.raises(Refused, match="its words move nobody else"):
        desk.newsroom.actors.merge(desk.anna(), absorbed, into, "same")


def test_two_collectives_may_be_one(desk: Newsdesk) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Europe's leaders", "collective")
    done = desk.newsroom.actors.merge(desk.anna(), "europes-leaders", "european-leaders", "same")
    assert done.fresh


def test_a_merge_that_somebody_else_has_made_meanwhile_is_a_conflict(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.introduce(desk.anna(), "Kremlin", "organisation")
    actors.merge(desk.anna(seen=1), "kremlin", "russia", "one voice")
    with pytest.raises(Conflict, match=r"meanwhile: actor\.merged by anna"):
        actors.merge(desk.anna(seen=1), "kremlin", "ukraine", "one voice")


def test_the_names_of_an_actor_can_be_erased(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.add_alias(desk.anna(), "dmitry-peskov", "Peskow")
    actors.redact(desk.anna(), "dmitry-peskov", "court order")
    assert actor(desk, "dmitry-peskov").names == {""}
