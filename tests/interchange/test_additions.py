from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, Row, jsonl, row, without_clock
from timeline.application.commands import Source

if TYPE_CHECKING:
    from pathlib import Path

RADIO = {
    "outlet": "Radio",
    "url": "https://example.org/radio",
    "outlet_kind": "broadcaster",
    "attribution": "quoted",
}
GERMAN = {"paraphrase": "Er nimmt es hin.", "condition": "falls Frieden ist"}
ROWS: tuple[Row, ...] = (
    {"kind": "actor", "actor": "russia", "actor_name": "Russia", "actor_kind": "state"},
    {
        "kind": "actor",
        "actor": "dmitry-peskov",
        "actor_name": "Dmitry Peskov",
        "mandates": [{"for": "russia", "as": "U.S. desk", "from": "2012"}],
        "translations": {"de": {"actor_name": "Dmitri Peskow", "roles": {"U.S. desk": "USA"}}},
    },
    {
        "kind": "story",
        "story": "talks",
        "title": "Talks",
        "sides": [{"label": "Moscow", "actors": ["russia", "dmitry-peskov"]}],
        "translations": {"de": {"title": "Gespräche", "sides": {"Moscow": "Moskau"}}},
    },
    {
        "kind": "topic",
        "topic": "eu-accession",
        "topic_name": "EU",
        "topic_question": "Should Ukraine join the EU?",
        "story": "talks",
        "scale": "position",
        "translations": {"de": {"topic_name": "EU", "topic_question": "Soll sie beitreten?"}},
    },
    row(
        topic_question=None,
        key="t:1",
        paraphrase="He can live with it.",
        condition__text="if there is peace",
        translations={"de": GERMAN, "fr": {"paraphrase": "Il l'accepte."}},
        further_sources=[RADIO],
    ),
    row(topic_question=None, key="t:2", stance="doubts", said_at="2025-12-15", paraphrase="No."),
    {
        "kind": "development",
        "key": "t:3",
        "title": "Talks end",
        "topics": ["eu-accession"],
        "happened_at": "2025-12-15",
        "source": {"outlet": "Der Standard"},
        "further_sources": [{"outlet": "Radio"}],
        "translations": {"de": {"title": "Gespräche enden"}},
    },
    {"kind": "link", "key": "t:2", "relation": "contradicts", "target": "t:1", "note": "A day on."},
    {"kind": "link", "key": "t:3", "relation": "answers", "target": "t:2"},
)


@pytest.fixture
def full(desk: Desk) -> Desk:
    summary = desk.take_rows(*ROWS)
    assert summary.clean, summary.rejections
    return desk


def entry(desk: Desk, number: str) -> Any:  # noqa: ANN401 - each type has its own fields
    said = desk.events("statement.recorded")
    return next(one for one in said if one.key == f"t:{number}")


def test_what_rows_add_is_told_beside_the_rows(desk: Desk) -> None:
    assert desk.take_rows(*ROWS).lines() == [
        "9 rows recorded",
        "1 story opened",
        "1 topic opened",
        "2 actors introduced",
        "1 of them of unknown kind, since nothing says what they are",
        "4 sources filed",
        "6 translations added",
        "2 further sources added",
        "2 links added",
    ]


def test_a_file_read_twice_adds_nothing(full: Desk) -> None:
    head = full.log.head()
    assert full.take_rows(*ROWS).lines() == ["9 known already"]
    assert full.log.head() == head


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_all_that_rows_add_comes_out_and_in_again_unchanged(
    full: Desk, name: str, tmp_path: Path
) -> None:
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as other:
        summary = other.take(other.file(full.export(name), f"rows.{name}"))
        assert summary.clean, summary.rejections
        assert without_clock(other.export()) == without_clock(full.export())
        kept = [json.loads(line) for line in other.export().splitlines()]
    told = {each.get("key", each.get("actor", each.get("title"))): each for each in kept}
    assert told["t:1"]["translations"] == ROWS[4]["translations"]
    assert told["t:1"]["source"] == {name: RADIO[name] for name in RADIO if name != "attribution"}
    assert told["t:1"]["further_sources"][0]["attribution"] == "reported"
    assert told["dmitry-peskov"]["translations"] == ROWS[1]["translations"]
    assert told["Talks"]["translations"] == ROWS[2]["translations"]
    assert [each for each in kept if each["kind"] == "link"] == [*ROWS[-2:]]


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_an_export_read_where_it_came_from_adds_nothing(desk: Desk, name: str) -> None:
    desk.take_rows(*ROWS[:4], *ROWS[5:7], ROWS[8])
    head = desk.log.head()
    assert desk.take(desk.file(desk.export(name), f"again.{name}")).clean
    assert desk.log.head() == head


def test_known_rows_get_new_translations_sources_and_links(full: Desk) -> None:
    more = ROWS[5] | {"translations": {"de": {"paraphrase": "Nein."}}, "further_sources": [RADIO]}
    link = {"kind": "link", "key": "t:2", "relation": "answers", "target": "t:1"}
    assert full.take_rows(more, link).lines() == [
        "1 row recorded",
        "1 known already",
        "1 translation added",
        "1 further source added",
        "1 link added",
    ]


def test_a_line_with_a_key_alone_adds_to_the_entry_of_that_key(full: Desk) -> None:
    summary = full.take_rows({"key": "t:2", "translations": {"de": {"paraphrase": "Nein."}}})
    assert summary.lines() == ["1 known already", "1 translation added"]
    line = {"kind": "actor", "actor": "russia", "translations": {"de": {"actor_name": "Russland"}}}
    assert full.take_rows(line).lines() == ["1 known already", "1 translation added"]
    question = {"de": {"topic_question": "Soll die Ukraine in die EU?"}}
    topic = {"kind": "topic", "topic": "eu-accession", "translations": question}
    assert full.take_rows(topic).lines() == ["1 known already", "1 translation added"]


def test_links_may_stand_before_their_entries_and_name_them_by_number(desk: Desk) -> None:
    link = {"kind": "link", "key": "t:2", "relation": "repeats", "target": "t:1"}
    assert desk.take_rows(link, row(key="t:1"), row(key="t:2", hedge="may")).links == 1
    first = entry(desk, "1").originator_id
    number = desk.log.first_events([first])[first][0]
    by_number = link | {"relation": "answers", "target": f"#{number}"}
    assert desk.take_rows(by_number).links == 1
    assert desk.take_rows(by_number | {"target": number}).known == 1


def test_what_an_editor_took_back_stays_so(full: Desk) -> None:
    statements, first, second = full.newsroom.statements, entry(full, "1"), entry(full, "2")
    stream = first.originator_id
    statements.unsecond(full.anna(), stream, Source(outlet="Radio"), "another speech")
    statements.unlink(full.anna(), second.originator_id, "contradicts", stream, "it does not")
    statements.translate(full.anna(), stream, "de", {"paraphrase": "Er lässt es zu."})
    head = full.log.head()
    assert full.take_rows(*ROWS).lines() == ["9 known already"]
    assert full.log.head() == head


def test_the_name_of_a_side_that_is_gone_by_now_is_known_all_the_same(full: Desk) -> None:
    full.newsroom.stories.arrange_sides(full.anna(), "talks", [("Russia", ["russia"])])
    assert full.take_rows(ROWS[2]).lines() == ["1 known already"]


def test_a_translation_of_words_that_were_corrected_since_is_left_out(full: Desk) -> None:
    second = entry(full, "2").originator_id
    changes = {"paraphrase": "No, and never."}
    full.newsroom.statements.correct(full.anna(), second, changes, "cut short")
    line = ROWS[5] | {"translations": {"de": {"paraphrase": "Nein."}}}
    assert full.take_rows(line).lines() == ["1 known already"]


def test_a_further_source_has_the_attribution_of_its_row_but_not_its_very_words(desk: Desk) -> None:
    said = {"attribution": "second_hand", "reported_via": "Kyiv"}
    desk.take_rows(
        row(key="a", quote__text="Ja", further_sources=[{"outlet": "Radio"}]),
        row(key="b", **said, further_sources=[{"outlet": "Radio"}]),
        row(key="c", further_sources=[{"outlet": "Radio", "reported_via": "Kyiv"}]),
    )
    assert [
        (event.attribution, event.content.reported_via)
        for event in desk.events("statement.seconded")
    ] == [("reported", ""), ("second_hand", "Kyiv"), ("second_hand", "Kyiv")]


REFUSED: dict[str, tuple[Row, str]] = {
    "language": (row(translations={"German": {"paraphrase": "x"}}), "is no language"),
    "field": (row(translations={"de": {"title": "x"}}), "a statement has no field"),
    "nothing to translate": (row(translations={"de": {"asked": "x"}}), "holds no words"),
    "no text": (row(translations={"de": {"paraphrase": 3}}), "is not text"),
    "no object": (
        {"kind": "actor", "actor": "ann", "translations": {"de": {"roles": "x"}}},
        "is not an object",
    ),
    "no source": (row(further_sources=[{"title": ""}]), "further_sources"),
    "no such field of a source": (row(further_sources=[{"paper": "x"}]), "the list is not"),
    "younger than its source": (
        row(further_sources=[{"outlet": "Radio", "published_at": "2025-12-01"}]),
        "further_sources",
    ),
    "unknown key": ({"key": "t:9", "further_sources": [RADIO]}, "no entry on record has this key"),
    "unknown end": (
        {"kind": "link", "key": "t:2", "relation": "answers", "target": "t:9"},
        "column target: no entry on record has the key or the number 't:9'",
    ),
    "unknown relation": (
        {"kind": "link", "key": "t:2", "relation": "likes", "target": "t:1"},
        "column relation: there is no link 'likes'",
    ),
    "half a link": ({"kind": "link", "key": "t:2", "target": "t:1"}, "relation is missing"),
    "words of a link": (
        {"kind": "link", "key": "t:2", "translations": {"de": {"note": "x"}}},
        "there is no field",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_added_is_told_in_one_line_and_nothing_of_its_row_is_recorded(
    full: Desk, name: str
) -> None:
    wrong, told = REFUSED[name]
    head = full.log.head()
    assert told in full.refusal(wrong)
    assert full.log.head() == head


def test_what_is_erased_gets_no_words_back(full: Desk) -> None:
    full.newsroom.statements.redact(full.anna(), entry(full, "1").originator_id, "a court order")
    head = full.log.head()
    line = {"key": "t:1", "translations": {"de": {"paraphrase": "Er nimmt es hin!"}}}
    assert full.take_rows(line).lines() == ["1 erased by law, left alone"]
    assert full.log.head() == head


def test_links_of_a_part_come_out_where_both_their_ends_do(full: Desk) -> None:
    full.take_rows(row(topic="nato", topic_question="NATO?", key="t:4", stance="opposes"))
    full.take_rows({"kind": "link", "key": "t:4", "relation": "answers", "target": "t:1"})
    assert '"answers","target":"t:1"' in full.export()
    assert '"answers","target":"t:1"' not in full.export(topic="eu-accession")
    assert '"contradicts"' in full.export(topic="eu-accession")


def test_a_rehearsal_takes_what_the_import_would(desk: Desk) -> None:
    assert desk.take_rows(*ROWS, dry_run=True).links == 2
    assert desk.log.head() == 0
    assert desk.take_rows(*ROWS, strict=True).translations == 6


def test_a_story_that_is_known_is_translated_by_its_slug_alone(full: Desk) -> None:
    line = {"kind": "story", "story": "talks", "translations": {"fr": {"title": "Pourparlers"}}}
    assert full.take(full.file(jsonl([line]), "fr.jsonl")).translations == 1
