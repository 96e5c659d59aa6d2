from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.application.newsdesk import ARTICLE, Newsdesk, development, statement
from timeline.application.batch import record_batch
from timeline.application.commands import Command, Condition, Source
from timeline.application.directory import Directory
from timeline.application.prepare import prepare
from timeline.domain.errors import NotFound, Refused
from timeline.domain.naming import new_id, stable_id

if TYPE_CHECKING:
    from timeline.domain.event import Event

NEW: dict[str, Any] = {
    "topic": "ceasefire",
    "topic_question": "Should there be a ceasefire?",
    "scale": "position",
    "story": "rome-talks",
    "actor": None,
    "actor_name": "Friedrich Merz",
    "actor_kind": "person",
}


@pytest.fixture
def directory(desk: Newsdesk) -> Directory:
    return Directory(desk.log, desk.register, creates=True)


def events(desk: Newsdesk, directory: Directory, command: Command) -> list[Event]:
    return prepare(command, directory, desk.anna(), new_id(desk.clock(), bytes(10)))


def types(found: list[Event]) -> list[str]:
    return [event.TOPIC for event in found]


def test_an_import_opens_what_is_new_before_the_statement(
    desk: Newsdesk, directory: Directory
) -> None:
    found = events(desk, directory, statement(**NEW))
    assert types(found) == [
        "story.opened",
        "topic.opened",
        "actor.introduced",
        "document.filed",
        "statement.recorded",
    ]
    story, topic, actor, _, _ = found
    assert story.content.title == "Rome talks"  # type: ignore[attr-defined]
    assert (topic.slug, topic.story) == ("ceasefire", story.originator_id)  # type: ignore[attr-defined]
    assert (actor.slug, actor.kind) == ("friedrich-merz", "person")  # type: ignore[attr-defined]


def test_every_row_carries_what_is_new_until_it_is_on_record(
    desk: Newsdesk, directory: Directory
) -> None:
    once, twice = (events(desk, directory, statement(**NEW)) for _ in range(2))
    assert once[:-1] == twice[:-1]
    record_batch(desk.log, [once])
    directory.settle({event.originator_id for event in once})
    assert types(events(desk, directory, statement(**NEW))) == ["statement.recorded"]


def test_what_never_came_on_record_is_brought_again(desk: Newsdesk, directory: Directory) -> None:
    once = events(desk, directory, statement(**NEW))
    directory.settle(set())
    assert types(events(desk, directory, statement(**NEW))) == types(once)


def test_a_topic_without_a_question_opens_on_the_claim_scale_under_its_name(
    desk: Newsdesk, directory: Directory
) -> None:
    row = statement(topic="Arms Control", stance="asserts")
    opened: Any = events(desk, directory, row)[0]
    assert (opened.slug, opened.scale) == ("arms-control", "claim")
    assert (opened.content.question, opened.content.name) == ("Arms Control", "Arms Control")


def test_a_topic_with_a_question_opens_on_the_position_scale_unless_told(
    desk: Newsdesk, directory: Directory
) -> None:
    opened: Any = events(desk, directory, statement(**NEW | {"scale": None}))[1]
    assert opened.scale == "position"


@pytest.mark.parametrize("again", ["friedrich merz", "FRIEDRICH  MERZ", "Friedrich-Merz"])
def test_a_name_is_introduced_once_however_its_letters_are_written(
    desk: Newsdesk, directory: Directory, again: str
) -> None:
    first = events(desk, directory, statement(**NEW))[-1]
    second = events(desk, directory, statement(**NEW | {"actor_name": again}))[-1]
    assert first.speaker == second.speaker  # type: ignore[attr-defined]


def test_two_names_that_only_sound_alike_are_two_actors(
    desk: Newsdesk, directory: Directory
) -> None:
    speakers = {
        events(desk, directory, statement(**NEW | {"actor_name": name}))[-1].speaker  # type: ignore[attr-defined]
        for name in ("Hans Meier", "Hans Meyer")
    }
    assert len(speakers) == 2


def test_a_name_that_two_merged_actors_bear_is_the_one_that_they_are(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    for slug in ("merz-one", "merz-two"):
        actors.introduce(desk.anna(), "Merz", "person", slug=slug)
        actors.merge(desk.anna(), slug, "dmitry-peskov", "same man")
    found: Any = desk.log.event(desk.say(actor=None, actor_name="Merz").position)
    assert found.speaker == stable_id("actor", "dmitry-peskov")


def test_a_name_that_a_merged_actor_alone_bears_stays_its_own(desk: Newsdesk) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Kremlin", "organisation")
    desk.newsroom.actors.merge(desk.anna(), "kremlin", "russia", "one voice")
    found: Any = desk.log.event(desk.say(actor=None, actor_name="Kremlin").position)
    assert found.speaker == stable_id("actor", "kremlin")


def test_an_ambiguous_name_is_not_introduced(desk: Newsdesk, directory: Directory) -> None:
    for slug in ("merz-one", "merz-two"):
        desk.newsroom.actors.introduce(desk.anna(), "Merz", "person", slug=slug)
    with pytest.raises(Refused, match="may be any of merz-one, merz-two"):
        events(desk, directory, statement(**NEW | {"actor_name": "Merz"}))


def test_a_name_whose_slug_is_somebody_else_s_is_refused(
    desk: Newsdesk, directory: Directory
) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Party of Europe", "organisation", slug="merz")
    with pytest.raises(Refused, match="'merz', which belongs to 'Party of Europe'"):
        events(desk, directory, statement(**NEW | {"actor_name": "Merz"}))


def test_a_condition_may_name_a_topic_that_a_later_row_opens(
    desk: Newsdesk, directory: Directory
) -> None:
    row = statement(condition=Condition(topic="security-guarantees"))
    found: Any = events(desk, directory, row)[-1]
    assert found.condition_topic == stable_id("topic", "security-guarantees")


def test_a_development_opens_the_one_topic_that_it_has_a_question_for(
    desk: Newsdesk, directory: Directory
) -> None:
    row = development(
        topics=("ceasefire", "eu-accession"),
        topic="ceasefire",
        topic_question="Should there be a ceasefire?",
        according_to="Kyiv Independent",
    )
    found = events(desk, directory, row)
    assert types(found) == [
        "topic.opened",
        "actor.introduced",
        "document.filed",
        "development.recorded",
    ]
    with pytest.raises(NotFound, match="no topic 'unheard-of'"):
        events(desk, directory, development(topics=("unheard-of",)))


def test_the_documents_of_a_batch_are_looked_up_at_once(
    desk: Newsdesk, directory: Directory
) -> None:
    desk.say()
    other = Source(outlet="X", title="New", published_at="2025-12-15")
    directory.foresee([ARTICLE, other, Source(), Source(url="no address")])
    assert types(events(desk, directory, statement())) == ["statement.recorded"]
    assert types(events(desk, directory, statement(source=other)))[0] == "document.filed"


def test_two_sources_with_one_address_are_one_document(
    desk: Newsdesk, directory: Directory
) -> None:
    url = "https://example.org/same"
    first = Source(outlet="X", url=url, published_at="2025-12-13")
    events(desk, directory, statement(said_at="2025-12-13", source=first))
    later = Source(outlet="Y", url=url, published_at="2025-12-15")
    with pytest.raises(Refused, match="the source is of 2025-12-13"):
        events(desk, directory, statement(said_at="2025-12-14", source=later))


def test_a_row_keeps_its_key(desk: Newsdesk, directory: Directory) -> None:
    assert events(desk, directory, statement(key="row-17"))[-1].key == "row-17"


def test_a_name_that_looks_like_a_slug_is_still_a_name(
    desk: Newsdesk, directory: Directory
) -> None:
    desk.newsroom.actors.add_alias(desk.anna(), "dmitry-peskov", "Peskow")
    found: Any = events(desk, directory, statement(actor=None, actor_name="peskow"))[-1]
    assert found.speaker == stable_id("actor", "dmitry-peskov")


def test_an_unknown_name_is_looked_up_once_for_many_rows(desk: Newsdesk) -> None:
    directory = Directory(desk.log, desk.register)
    for _ in range(2):
        with pytest.raises(NotFound, match="did you mean russia"):
            events(desk, directory, statement(actor="rusia"))


def test_a_mandate_holds_for_the_names_that_an_actor_is_merged_from(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.introduce(desk.anna(), "Peskow", "person")
    actors.introduce(desk.anna(), "Kremlin", "organisation")
    actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman")
    with pytest.raises(Refused, match="had no mandate"):
        desk.say(actor="peskow", on_behalf_of="kremlin")
    actors.merge(desk.anna(), "peskow", "dmitry-peskov", "same man")
    actors.merge(desk.anna(), "kremlin", "russia", "one voice")
    assert desk.say(actor="peskow", on_behalf_of="kremlin").fresh


def test_a_mandate_holds_for_the_actor_that_its_holder_is_merged_into(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.introduce(desk.anna(), "Peskow", "person")
    actors.introduce(desk.anna(), "Kremlin", "organisation")
    actors.mandate(desk.anna(), "peskow", "kremlin", "spokesman")
    actors.merge(desk.anna(), "peskow", "dmitry-peskov", "same man")
    with pytest.raises(Refused, match="had no mandate"):
        desk.say(actor="dmitry-peskov", on_behalf_of="russia")
    actors.merge(desk.anna(), "kremlin", "russia", "one voice")
    assert desk.say(actor="dmitry-peskov", on_behalf_of="russia").fresh
    actors.undo_merge(desk.anna(), "peskow", "two men")
    with pytest.raises(Refused, match="had no mandate"):
        desk.say(actor="dmitry-peskov", on_behalf_of="russia")
