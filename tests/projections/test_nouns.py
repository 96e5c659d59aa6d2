"""Stories, topics, actors and documents as pages name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.application.newsdesk import ARTICLE
from timeline.domain.dates import parse_date
from timeline.domain.errors import NotFound
from timeline.domain.naming import stable_id
from timeline.domain.nature import Nature
from timeline.domain.standing import StatedStanding
from timeline.projections.queries import directory, entries, paging
from timeline.projections.queries.documents import documents_by_id, filed_documents
from timeline.projections.queries.natures import natures
from timeline.projections.queries.search import search
from timeline.projections.queries.translations import reading_in

if TYPE_CHECKING:
    from typing import Any

    from tests.projections.record import Record

EU = stable_id("topic", "eu-accession")
RUSSIA, PESKOV = stable_id("actor", "russia"), stable_id("actor", "dmitry-peskov")


def test_a_story_groups_its_topics_and_orders_its_sides(desk: Record) -> None:
    sides = [("Moscow", ["russia", "dmitry-peskov"]), ("Kyiv", ["ukraine"])]
    desk.newsroom.stories.arrange_sides(desk.anna(), "berlin-talks", sides)
    (story,) = desk.ask(directory.stories)
    assert (story.slug, story.title) == ("berlin-talks", "Berlin talks")
    assert story.sides[0] == ("Moscow", (RUSSIA, PESKOV))
    found = desk.ask(directory.topics, story=story.id)
    assert [one.slug for one in found] == ["eu-accession", "nato-membership", "deal-by-christmas"]


def test_a_story_that_is_renamed_is_found_by_its_new_title_with_its_topics(desk: Record) -> None:
    desk.newsroom.stories.rename(desk.anna(), "berlin-talks", "The long war", "They went on.")
    (story,) = desk.ask(directory.stories)
    assert (story.slug, story.title) == ("berlin-talks", "The long war")
    filed = {one.id for one in desk.ask(directory.topics, story=story.id)}
    assert {topic.id for topic in desk.ask(search, "long war", limit=9).topics} == filed


def test_a_statement_stays_with_the_wording_that_it_answered(desk: Record) -> None:
    said = desk.say()
    desk.newsroom.topics.reword(
        desk.anna(), "eu-accession", "Should Ukraine be in the EU?", "Clearer.", same_meaning=True
    )
    later = desk.say(stance="opposes")
    wordings = {one.wording: one.question for one in desk.ask(directory.wordings, EU)}
    assert desk.ask(directory.topic, "eu-accession").question == "Should Ukraine be in the EU?"
    asked = [wordings[desk.ask(entries.statement, n.position).wording] for n in (said, later)]
    assert asked == ["Should Ukraine join the EU?", "Should Ukraine be in the EU?"]


def test_a_topic_may_be_closed_reopened_and_filed_elsewhere(desk: Record) -> None:
    topics = desk.newsroom.topics
    topics.close(desk.anna(), "eu-accession", "Decided.")
    assert desk.ask(directory.topic, "eu-accession").closed
    topics.reopen(desk.anna(), "eu-accession", "Not decided.")
    topics.file_under(desk.anna(), "eu-accession", None)
    topic = desk.ask(directory.topic, "eu-accession")
    assert (topic.closed, topic.story) == (False, None)


def test_an_actor_is_found_by_each_of_its_names(desk: Record) -> None:
    desk.newsroom.actors.rename(desk.anna(), "dmitry-peskov", "Dmitri Peskow", "His own spelling.")
    desk.newsroom.actors.add_alias(desk.anna(), "dmitry-peskov", "Putin's spokesman")
    assert desk.ask(directory.actor, "dmitry-peskov").name == "Dmitri Peskow"
    assert desk.ask(directory.aliases, PESKOV) == ["Dmitry Peskov", "Putin's spokesman"]
    for name in ("Dmitry Peskov", "Dmitri Peskow", "putin's spokesman", "dmitry-peskov"):
        assert [one.id for one in desk.ask(directory.actors_named, name)] == [PESKOV]


def test_a_mandate_lasts_until_it_is_ended(desk: Record) -> None:
    actors = desk.newsroom.actors
    actors.mandate(desk.anna(), "dmitry-peskov", "russia", "Spokesperson", since="2012")
    (mandate,) = desk.ask(directory.mandates, of=PESKOV)
    assert (mandate.on_behalf_of, mandate.role, mandate.since, mandate.until) == (
        RUSSIA,
        "Spokesperson",
        "2012",
        None,
    )
    actors.end_mandate(desk.anna(), "dmitry-peskov", mandate.id, "2025-12-31")
    assert [one.until for one in desk.ask(directory.mandates, for_=RUSSIA)] == ["2025-12-31"]


def test_what_a_topic_asks_for_is_known_as_it_was_known_then(desk: Record) -> None:
    before = desk.log.head()
    decided = Nature("decision", recurring=True, prints="derived")
    desk.newsroom.topics.classify(desk.anna(), "eu-accession", decided)
    eu = desk.ask(directory.topic, "eu-accession")
    assert desk.ask(natures, [eu])[EU] == decided
    assert desk.ask(natures, [eu], before)[EU] == Nature("position", limit_months=24)


def test_who_decided_is_known_as_it_was_known_then(desk: Record) -> None:
    actors, by = desk.newsroom.actors, desk.anna
    actors.mandate(by(), "dmitry-peskov", "russia", "Spokesperson", since="2012")
    (mandate,) = desk.ask(directory.mandates, of=PESKOV)
    opened = desk.log.head()
    said = StatedStanding("decides", "eu-accession", "2025", "2025-06", "By decree.")
    actors.state_standing(by(), "dmitry-peskov", mandate.id, said)
    stated = desk.log.head()
    actors.end_mandate(by(), "dmitry-peskov", mandate.id, "2025-12-31")
    (now,) = desk.ask(directory.mandates, of=PESKOV)
    (then,) = desk.ask(directory.mandates, of=PESKOV, known_at=stated)
    (first,) = desk.ask(directory.mandates, for_=RUSSIA, known_at=opened)
    assert desk.ask(directory.mandates, of=PESKOV, known_at=opened - 1) == []
    assert (now.until, then.until, first.until) == ("2025-12-31", None, None)
    april = parse_date("2025-04-01")
    stood = [one.standing_on(EU, april.earliest, april.latest) for one in (now, then, first)]
    assert stood == ["decides", "decides", ""]
    assert now.standing_on(EU, *[parse_date("2026").earliest] * 2) == ""
    actors.redact(by(), "dmitry-peskov", "Art. 17 GDPR")
    (erased,) = desk.ask(directory.mandates, of=PESKOV)
    assert [one.reason for one in erased.stated] == [""]
    assert erased.standing_on(EU, april.earliest, april.latest) == "decides"


def test_erased_names_are_gone(desk: Record) -> None:
    desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "russia", "Spokesperson")
    desk.newsroom.actors.redact(desk.anna(), "dmitry-peskov", "Art. 17 GDPR")
    assert desk.ask(directory.actor, "dmitry-peskov").name == "dmitry-peskov"
    assert desk.ask(directory.actors_named, "Dmitry Peskov") == []
    assert [one.role for one in desk.ask(directory.mandates, of=PESKOV)] == [""]
    desk.newsroom.topics.redact(desk.anna(), "eu-accession", "Art. 17 GDPR")
    assert desk.ask(directory.topic, "eu-accession").question == "eu-accession"
    assert [one.question for one in desk.ask(directory.wordings, EU)] == [""]


def listed(desk: Record, lang: str, **part: Any) -> list[str]:  # noqa: ANN401 - as `actors` takes it
    """Return the names of actors as a list in a language sorts them."""
    with desk.read() as conn:
        return [actor.name for actor in directory.actors(reading_in(conn, lang), **part)]


def test_a_list_is_sorted_as_its_reader_writes(desk: Record) -> None:
    actors = desk.newsroom.actors
    for name, kind in (("Ämtland", "state"), ("Canada", "state"), ("„Kaz“", "person")):
        actors.introduce(desk.anna(), name, kind, slug={"„Kaz“": "kaz"}.get(name))
    for slug, name in {"canada": "Kanada", "ukraine": "Die Ukraine", "russia": "Russland"}.items():
        actors.translate(desk.anna(), slug, "de", {"actor_name": name})
    own = ["Ämtland", "Canada", "Dmitry Peskov", "„Kaz“", "Russia"]
    german = ["Ämtland", "Die Ukraine", "Dmitry Peskov", "Kanada", "„Kaz“", "Russland"]
    assert [name for name in listed(desk, "") if name in own] == own
    assert [name for name in listed(desk, "de") if name in german] == german
    assert listed(desk, "fr") == listed(desk, "")
    for at, slug in enumerate(("aemtland", "ukraine", "dmitry-peskov", "canada", "kaz", "russia")):
        after = listed(desk, "de", beyond=slug)
        assert [name for name in after if name in german] == german[at + 1 :]
        before = listed(desk, "de", beyond=slug, back=True)
        assert [name for name in before if name in german] == german[:at]
    with desk.read() as conn:
        matching = directory.actors_matching(reading_in(conn, "de"), "land")
    assert [actor.name for actor in matching] == ["Ämtland", "Russland"]
    actors.rename(desk.anna(), "canada", "Zanada", "A slip.")
    assert listed(desk, "de")[-1] == "Zanada"
    actors.redact(desk.anna(), "russia", "Art. 17 GDPR")
    assert "russia" in listed(desk, "de")
    assert "Russland" not in listed(desk, "de")


def test_a_document_is_filed_mended_kept_and_erased(desk: Record) -> None:
    desk.say(source=ARTICLE)
    (filed,) = desk.ask(documents_by_id, documents(desk)).values()
    assert (filed.outlet, filed.published_at, filed.sha256) == ("Der Standard", "2025-12-15", None)
    desk.newsroom.documents.correct(desk.anna(), filed.id, "author", "A. Reporter", "Left out.")
    desk.newsroom.documents.take_snapshot(desk.anna(), filed.id, "The article's text.")
    (mended,) = desk.ask(documents_by_id, documents(desk)).values()
    assert (mended.author, len(mended.sha256 or "")) == ("A. Reporter", 64)
    desk.newsroom.documents.redact(desk.anna(), filed.id, "Art. 17 GDPR")
    (erased,) = desk.ask(documents_by_id, documents(desk)).values()
    assert (erased.outlet, erased.title, erased.author, erased.url) == ("", "", "", "")


MANY = 66_000
"""More than the values that PostgreSQL takes with one question."""


@pytest.mark.thorough
def test_what_is_looked_up_by_id_is_found_among_however_many(desk: Record) -> None:
    desk.say(source=ARTICLE)
    actors = desk.newsroom.actors
    actors.add_alias(desk.anna(), PESKOV, "Putin's spokesman")
    actors.translate(desk.anna(), RUSSIA, "de", {"actor_name": "Russland"})
    (document,) = documents(desk)
    strange = {f"00000000-0000-5000-8000-{number:012}" for number in range(MANY)}
    with desk.read() as conn:
        assert filed_documents(conn, strange | {document}) == {document}
        assert {*directory.topics_by_id(conn, strange | {EU})} == {EU}
        assert {*directory.aliases_by_id(conn, strange | {PESKOV})} == {PESKOV}
        reading_in(conn, "de")
        assert directory.actors_by_id(conn, strange | {RUSSIA})[RUSSIA].name == "Russland"
        assert {*directory.actors_by_id(conn, strange | {RUSSIA})} == {RUSSIA}


def test_what_is_not_there_is_not_found_and_the_nearest_are_named(desk: Record) -> None:
    with pytest.raises(NotFound) as refused:
        desk.ask(directory.topic, "eu-acession")
    assert refused.value.nearest[0] == "eu-accession"
    with pytest.raises(NotFound) as refused:
        desk.ask(directory.actor, "russland")
    assert refused.value.nearest


def documents(desk: Record) -> set[str]:
    return {entry.document for entry in desk.ask(paging.page, EU, paging.Filter()).entries}
