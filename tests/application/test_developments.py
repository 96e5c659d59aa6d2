from __future__ import annotations

from typing import Any

import pytest

from tests.application.newsdesk import ARTICLE, Newsdesk
from timeline.application.commands import Source
from timeline.domain.development import Development
from timeline.domain.errors import Conflict, NotFound, Refused
from timeline.domain.naming import stable_id


def fields(desk: Newsdesk, stream: str) -> dict[str, Any]:
    development = desk.log.load(Development, stream)
    assert development is not None
    return development.fields


def test_a_development_bears_on_each_topic_once(desk: Newsdesk) -> None:
    happened = desk.happen(topics=("eu-accession", "nato-membership", "eu-accession"))
    assert fields(desk, happened.id)["topics"] == (
        stable_id("topic", "eu-accession"),
        stable_id("topic", "nato-membership"),
    )


@pytest.mark.parametrize(
    ("changes", "field", "because"),
    [
        ({"topics": ()}, "topics", "bears on no topic"),
        ({"topics": ("eu-acession",)}, "topics", "did you mean eu-accession"),
        ({"according_to": "ukrain"}, "according_to", "did you mean ukraine"),
        ({"status": "rumoured"}, "status", "use one of: claimed"),
        ({"title": " "}, "title", "no title"),
        ({"happened_at": "2025-12-17"}, "happened_at", "the source is of 2025-12-15"),
        ({"happened_at": "D"}, "happened_at", "D"),
        ({"happened_at": "2026-12", "source": Source(outlet="X")}, "happened_at", "still to come"),
    ],
)
def test_what_a_rule_forbids_is_refused(
    desk: Newsdesk, changes: dict[str, Any], field: str, because: str
) -> None:
    with pytest.raises((Refused, NotFound), match=because) as no:
        desk.happen(**changes)
    assert no.value.field == field


def test_what_is_announced_may_lie_ahead(desk: Newsdesk) -> None:
    happened = desk.happen(status="announced", happened_at="2026-01-15", title="Next round")
    assert fields(desk, happened.id)["happened_at"] == "2026-01-15"


def test_without_a_date_it_had_happened_by_the_day_of_publication(desk: Newsdesk) -> None:
    assert fields(desk, desk.happen(happened_at=None).id)["happened_at"] == "../2025-12-15"


def test_a_development_is_corrected_in_the_words_of_the_interchange(desk: Newsdesk) -> None:
    happened = desk.happen()
    changes = {
        "topics": ["nato-membership", "eu-accession"],
        "according_to": None,
        "status": "confirmed",
        "title": "Drones on Odesa",
        "summary": "At night.",
        "happened_at": "2025-12-13",
    }
    desk.newsroom.developments.correct(desk.anna(), happened.position, changes, "confirmed")
    now = fields(desk, happened.id)
    assert now["according_to"] is None
    assert (now["status"], now["title"], now["summary"]) == (
        "confirmed",
        "Drones on Odesa",
        "At night.",
    )
    assert len(now["topics"]) == 2


@pytest.mark.parametrize("status", ["confirmed", "claimed", "disputed"])
def test_what_was_called_announced_by_mistake_is_corrected(desk: Newsdesk, status: str) -> None:
    happened, rooms = desk.happen(status="announced"), desk.newsroom.developments
    rooms.correct(desk.anna(), happened.id, {"status": status}, "misread")
    assert fields(desk, happened.id)["status"] == status
    rooms.correct(desk.anna(), happened.id, {"status": "announced"}, "right at first")
    assert fields(desk, happened.id)["status"] == "announced"


UNDATED = Source(outlet="X")


@pytest.mark.parametrize(
    ("changes", "field", "because"),
    [
        ({"status": "confirmed"}, "status", "2026-01-15 was yet to come when this was recorded"),
        ({"status": "confirmed", "source": UNDATED}, "status", "as a development of its own"),
        ({"status": "claimed", "happened_at": "2026-01-14"}, "happened_at", "the source is of"),
    ],
)
def test_what_lay_ahead_when_it_was_recorded_stays_announced(
    desk: Newsdesk, changes: dict[str, Any], field: str, because: str
) -> None:
    ahead = desk.happen(status="announced", happened_at="2026-01-15", title="Next round")
    with pytest.raises(Refused, match=because) as no:
        desk.newsroom.developments.correct(desk.anna(), ahead.id, changes, "it came about")
    assert no.value.field == field
    assert desk.log.head() == ahead.position


def test_what_was_announced_is_confirmed_with_the_day_on_which_it_had_happened(
    desk: Newsdesk,
) -> None:
    ahead = desk.happen(status="announced", happened_at="2026-01-15", title="Next round")
    changes = {"status": "confirmed", "happened_at": "2025-12-14"}
    desk.newsroom.developments.correct(desk.anna(), ahead.id, changes, "misread")
    now = fields(desk, ahead.id)
    assert (now["status"], now["happened_at"]) == ("confirmed", "2025-12-14")


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"stance": "accepts"}, "'stance' is not a field that can be corrected"),
        ({"topics": []}, "bears on no topic"),
        ({"title": ""}, "title cannot be left empty"),
        ({"happened_at": "2025-12-17"}, "the source is of 2025-12-15"),
        ({"status": "rumoured"}, "no status"),
    ],
)
def test_a_correction_obeys_the_rules_of_the_first_record(
    desk: Newsdesk, changes: dict[str, Any], because: str
) -> None:
    happened = desk.happen()
    with pytest.raises(Refused, match=because):
        desk.newsroom.developments.correct(desk.anna(), happened.id, changes, "misread")


def test_the_id_of_a_development_cannot_become_a_statement_s(desk: Newsdesk) -> None:
    once = desk.happen()
    with pytest.raises(Conflict, match="on record, but differs in: kind"):
        desk.say(once.id)


def test_a_development_is_seconded_linked_retracted_and_redacted(desk: Newsdesk) -> None:
    said, happened, rooms = desk.say(), desk.happen(), desk.newsroom.developments
    rooms.second(desk.anna(), happened.id, Source(outlet="Y", published_at="2025-12-15"))
    rooms.link(desk.anna(), happened.id, "answers", said.position)
    rooms.retract(desk.anna(), happened.id, "did not happen")
    rooms.redact(desk.anna(), happened.id, "court order")
    assert desk.types(after=happened.position) == [
        "document.filed",
        "development.seconded",
        "development.linked",
        "development.retracted",
        "development.redacted",
    ]
    assert desk.log.with_content(happened.id) == []


def test_a_second_source_from_before_it_happened_is_refused(desk: Newsdesk) -> None:
    happened = desk.happen()
    with pytest.raises(Refused, match="the source is of 2025-12-01"):
        desk.newsroom.developments.second(
            desk.anna(), happened.id, Source(outlet="Y", published_at="2025-12-01")
        )
    assert ARTICLE.published_at == "2025-12-15"
