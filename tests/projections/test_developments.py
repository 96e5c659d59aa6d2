"""Developments as pages read them, on every topic that they bear on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.commands import Source
from timeline.domain.dates import parse_as_of
from timeline.domain.naming import stable_id
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import attached, entries, extent, paging

if TYPE_CHECKING:
    from tests.projections.record import Record

EU, NATO = stable_id("topic", "eu-accession"), stable_id("topic", "nato-membership")
LATER = Source(outlet="Kyiv Post", url="https://example.org/later", published_at="2025-12-15")
ONLY = paging.Filter(kinds=frozenset({"development"}))


def titles(desk: Record, topic: str, **clocks: int) -> list[str]:
    found = desk.ask(paging.page, topic, ONLY, TwoClocks(**clocks)).entries
    return [one.title for one in found if not one.retracted]


def test_a_development_bears_on_each_of_its_topics(desk: Record) -> None:
    happened = desk.happen(topics=("eu-accession", "nato-membership"))
    assert titles(desk, EU) == titles(desk, NATO) == ["Attack on Odesa"]
    assert desk.ask(extent.facts, EU).developments == 1
    assert desk.ask(entries.entry, happened.position).status == "claimed"


def test_a_correction_of_its_topics_counts_from_then_on(desk: Record) -> None:
    happened = desk.happen()
    mended = desk.newsroom.developments.correct(
        desk.anna(), happened.position, {"topics": ("nato-membership",)}, "Wrong question."
    )
    assert (titles(desk, EU), titles(desk, NATO)) == ([], ["Attack on Odesa"])
    assert titles(desk, EU, known_at=mended.position - 1) == ["Attack on Odesa"]


def test_a_corrected_date_and_title_are_another_version(desk: Record) -> None:
    happened = desk.happen()
    new = {"title": "Attack on Kyiv", "happened_at": "2025-12-12"}
    desk.newsroom.developments.correct(desk.anna(), happened.position, new, "Misread.")
    now = desk.ask(entries.development, happened.position)
    then = desk.ask(entries.development, happened.position, happened.position)
    assert (now.title, now.counts_from) == ("Attack on Kyiv", parse_as_of("2025-12-12"))
    assert (then.title, then.counts_from) == ("Attack on Odesa", parse_as_of("2025-12-14"))
    assert [one.field for one in desk.ask(attached.amendments, [happened.position])] == [
        "title",
        "happened_at",
    ]


def test_a_retracted_development_is_not_counted_until_it_is_reinstated(desk: Record) -> None:
    happened = desk.happen()
    desk.newsroom.developments.retract(desk.anna(), happened.position, "Not so.")
    assert (titles(desk, EU), desk.ask(extent.facts, EU).developments) == ([], 0)
    desk.newsroom.developments.reinstate(desk.anna(), happened.position, "It was.")
    assert (titles(desk, EU), desk.ask(extent.facts, EU).developments) == (["Attack on Odesa"], 1)


def test_its_first_source_may_be_corrected_and_others_added(desk: Record) -> None:
    happened = desk.happen()
    desk.newsroom.developments.second(desk.anna(), happened.position, LATER)
    other = Source(outlet="Suspilne", published_at="2025-12-15")
    desk.newsroom.developments.correct(
        desk.anna(), happened.position, {"source": other}, "Mixed up."
    )
    sources = desk.ask(attached.sources, [happened.position])[happened.position]
    assert sources[0].document == desk.ask(entries.development, happened.position).document
    assert len(sources) == 2


def test_a_further_source_that_was_added_by_mistake_is_taken_back(desk: Record) -> None:
    happened = desk.happen()
    rooms, number = desk.newsroom.developments, happened.position
    rooms.second(desk.anna(), number, LATER)
    first, further = desk.ask(attached.sources, [number])[number]
    back = rooms.unsecond(desk.anna(), number, further.document, "Of another night.")
    assert desk.ask(attached.sources, [number])[number] == [first]
    assert len(desk.ask(attached.sources, [number], back.position - 1)[number]) == 2
    assert desk.ask(entries.development, number).corrected == 1


def test_a_development_may_be_linked_to_another(desk: Record) -> None:
    recorded, other = desk.happen(), desk.happen(title="No attack on Odesa")
    desk.newsroom.developments.link(
        desk.anna(), other.position, "disputes", recorded.position, "Kyiv."
    )
    (link,) = desk.ask(attached.links, [recorded.position])
    assert (link.number, link.kind, link.note) == (other.position, "disputes", "Kyiv.")


def test_erased_words_are_gone_from_every_version(desk: Record) -> None:
    happened = desk.happen(title="A name", summary="A name")
    rooms, number = desk.newsroom.developments, happened.position
    rooms.correct(desk.anna(), number, {"summary": "Names"}, "A name")
    rooms.redact(desk.anna(), number, "Art. 17 GDPR")
    for known_at in (None, happened.position):
        told = desk.ask(entries.development, happened.position, known_at)
        assert (told.title, told.summary) == ("", "")
    (amended,) = desk.ask(attached.amendments, [happened.position])
    assert (amended.old, amended.new, amended.reason) == (None, None, "")
