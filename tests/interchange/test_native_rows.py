from __future__ import annotations

from typing import Any

import pytest

from tests.interchange.desk import Desk, jsonl, row, table


def test_a_row_opens_its_topic_introduces_its_actor_and_files_its_source(desk: Desk) -> None:
    summary = desk.take_rows(row(story="berlin-talks", actor_kind="person"))
    assert summary.lines() == [
        "1 row recorded",
        "1 story opened",
        "1 topic opened",
        "1 actor introduced",
        "1 source filed",
    ]
    topic, actor = desk.event("topic.opened"), desk.event("actor.introduced")
    said, source = desk.event("statement.recorded"), desk.event("document.filed")
    assert (topic.slug, topic.scale, topic.content.question) == (
        "eu-accession",
        "position",
        "Should Ukraine join the EU?",
    )
    assert (actor.slug, actor.kind, actor.content.name) == (
        "dmitry-peskov",
        "person",
        "Dmitry Peskov",
    )
    assert (said.topic, said.speaker, said.document) == (
        topic.originator_id,
        actor.originator_id,
        source.originator_id,
    )
    assert (said.stance, said.said_at, said.attribution) == (1, "2025-12-14", "reported")
    assert (said.recorded_by, said.via) == ("carl", "import:rows.jsonl")


def test_every_field_of_a_statement_arrives(desk: Desk) -> None:
    desk.take_rows(
        {
            "kind": "statement",
            "topic": "eu-accession",
            "topic_name": "EU accession",
            "topic_question": "Should Ukraine join the EU?",
            "scale": "position",
            "actor": "russia",
            "actor_name": "Russia",
            "actor_kind": "state",
            "stance": "accepts",
            "condition": {"text": "as part of a settlement", "topic": "peace-settlement"},
            "hedge": "könnte",
            "attribution": "second_hand",
            "reported_via": "US government circles",
            "utterance": "talks:1",
            "quote": {"text": "Ja", "lang": "de", "wording": "original", "start": 3, "end": 5},
            "translation": "Yes",
            "paraphrase": "Might accept it.",
            "said_at": "../2025-12-15",
            "source": {"title": "Gespräche", "published_at": "2025-12-15", "lang": "de"},
            "key": "talks:1",
            "first_recorded_at": "2025-12-15T12:00:00Z",
        }
    )
    said = desk.event("statement.recorded")
    words = said.content
    assert (said.key, said.utterance, said.attribution) == ("talks:1", "talks:1", "second_hand")
    assert (words.condition, words.hedge, words.reported_via) == (
        "as part of a settlement",
        "könnte",
        "US government circles",
    )
    assert (words.quote.exact, words.quote.lang, words.quote.start, words.quote.end) == (
        "Ja",
        "de",
        3,
        5,
    )
    assert (words.translation, words.paraphrase) == ("Yes", "Might accept it.")
    assert said.condition_topic is not None
    assert desk.event("actor.introduced").kind == "state"


def test_a_development_bears_on_several_topics(desk: Desk) -> None:
    summary = desk.take_rows(
        row(),
        row(topic="nato-membership", topic_question="Should Ukraine join NATO?", stance="doubts"),
        {
            "kind": "development",
            "title": "Talks begin in Berlin",
            "topics": ["eu-accession", "nato-membership"],
            "happened_at": "2025-12-14",
            "according_to": "Dmitry Peskov",
        },
    )
    assert summary.recorded == 3
    happened = desk.event("development.recorded")
    assert (len(happened.topics), happened.status) == (2, "claimed")
    assert happened.content.title == "Talks begin in Berlin"


def test_in_a_cell_a_list_is_written_with_semicolons(desk: Desk) -> None:
    desk.take_rows(row(), row(topic="nato-membership", stance="doubts"))
    happened = table(
        {"title": "Talks", "topics": "eu-accession; nato-membership", "happened_at": "2025-12-14"}
    )
    assert desk.take(desk.file(happened)).recorded == 1
    assert len(desk.event("development.recorded").topics) == 2


def test_a_cell_takes_a_date_as_forms_do(desk: Desk) -> None:
    assert desk.take(desk.file(table(row(said_at="10.12.2025")))).recorded == 1
    assert desk.event("statement.recorded").said_at == "2025-12-10"


def test_csv_has_the_same_fields_with_dots(desk: Desk) -> None:
    assert desk.take(desk.file(table(row()))).recorded == 1
    assert desk.take_rows(row()).known == 1


def test_a_row_without_a_source_has_the_file_as_its_source(desk: Desk) -> None:
    desk.take_rows({"topic": "Peace", "actor": "Ann", "stance": "asserts", "said_at": "2025"})
    assert desk.event("document.filed").content.title == "rows.jsonl"


@pytest.mark.parametrize(
    ("given", "attribution"),
    [
        ({}, "reported"),
        ({"quote__text": "Ja"}, "quoted"),
        ({"reported_via": "US circles"}, "second_hand"),
        ({"scale": "vote", "topic": "a-vote", "stance": "for"}, "voted"),
        ({"attribution": "joint"}, "joint"),
    ],
)
def test_the_attribution_follows_from_the_row(
    desk: Desk, given: dict[str, Any], attribution: str
) -> None:
    desk.take_rows(row(**given))
    assert desk.event("statement.recorded").attribution == attribution


def test_a_topic_without_a_question_opens_on_the_claim_scale_worded_by_its_name(desk: Desk) -> None:
    desk.take_rows(row(topic="Emissions rise", topic_question=None, stance="asserts"))
    topic = desk.event("topic.opened")
    assert (topic.slug, topic.scale) == ("emissions-rise", "claim")
    assert (topic.content.question, topic.content.name) == ("Emissions rise", "Emissions rise")


def test_speaking_for_another_without_a_mandate_on_record_is_as_the_file_states(desk: Desk) -> None:
    desk.take_rows(row(on_behalf_of="russia"))
    said = desk.event("statement.recorded")
    assert said.content.mandate_reason == "as stated in the imported file"


def test_lines_define_stories_topics_and_actors(desk: Desk) -> None:
    summary = desk.take_rows(
        {
            "kind": "story",
            "story": "berlin-talks",
            "title": "Berlin talks",
            "sides": [{"label": "Moscow", "actors": ["russia", "dmitry-peskov"]}],
        },
        {"kind": "topic", "topic": "eu-accession", "topic_question": "Join?", "scale": "position"},
        {"kind": "actor", "actor": "russia", "actor_name": "Russia", "actor_kind": "state"},
        {
            "kind": "actor",
            "actor": "dmitry-peskov",
            "actor_name": "Dmitry Peskov",
            "aliases": ["Dmitri Peskow"],
            "mandates": [{"for": "russia", "as": "spokesman", "from": "2012"}],
        },
        row(actor="Dmitri Peskow", on_behalf_of="russia"),
    )
    assert (summary.recorded, summary.clean, summary.actors_introduced) == (5, True, 2)
    assert desk.event("statement.recorded").content.mandate_reason == ""
    mandated = desk.event("actor.mandated")
    assert (mandated.since, mandated.content.role) == ("2012", "spokesman")
    assert desk.event("story.sides_arranged").content.labels == ("Moscow",)


def test_lines_said_twice_do_nothing(desk: Desk) -> None:
    lines = (
        {"kind": "actor", "actor": "russia", "actor_kind": "state", "aliases": ["Russland"]},
        {
            "kind": "story",
            "story": "talks",
            "title": "Talks",
            "sides": [{"label": "Moscow", "actors": ["russia"]}],
        },
    )
    desk.take_rows(*lines)
    head = desk.log.head()
    assert (desk.take_rows(*lines).known, desk.log.head()) == (2, head)


def test_a_line_that_is_read_again_leaves_an_order_that_an_editor_set_since(desk: Desk) -> None:
    story = {
        "kind": "story",
        "story": "talks",
        "title": "Talks",
        "sides": [{"label": "Moscow", "actors": ["russia"]}],
    }
    desk.take_rows({"kind": "actor", "actor": "russia"}, story)
    desk.newsroom.stories.arrange_sides(desk.anna(), "talks", [("Russia", ["russia"])])
    desk.take_rows(story)
    assert [event.content.labels for event in desk.events("story.sides_arranged")] == [
        ("Moscow",),
        ("Russia",),
    ]


def test_a_line_of_an_actor_is_recorded_whole_or_not_at_all(desk: Desk) -> None:
    told = desk.refusal(
        {"kind": "actor", "actor": "dmitry-peskov", "mandates": [{"for": "russia", "as": "x"}]}
    )
    assert told == (
        "rows.jsonl, line 1, column mandates: there is no actor 'russia'; "
        "put the line of that actor before this one"
    )
    assert desk.log.head() == 0


def test_an_actor_on_record_under_another_name_is_a_conflict(desk: Desk) -> None:
    desk.take_rows({"kind": "actor", "actor": "russia", "actor_name": "Russia"})
    summary = desk.take_rows({"kind": "actor", "actor": "russia", "actor_name": "Russland"})
    assert (summary.conflicting, summary.rejected) == (1, 0)


def test_a_file_of_several_encoded_rows_is_read_in_its_order(desk: Desk) -> None:
    content = jsonl([row(key=str(number)) for number in range(3)])
    desk.take(desk.file(content, "rows.jsonl"))
    assert [event.key for event in desk.events("statement.recorded")] == ["0", "1", "2"]
