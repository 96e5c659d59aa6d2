from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Chosen, Desk, Row, jsonl, row, without_clock
from tests.interchange.histories import IN_FULL, ROWS
from tests.support.tiers import scaled
from timeline.application.commands import Source
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

ATTACK: Row = {
    "kind": "development",
    "title": "Attack on Odesa",
    "topics": ["eu-accession"],
    "happened_at": "2025-12-13",
    "according_to": "kyiv",
    "status": "confirmed",
}


def rows_of(exported: str) -> list[Any]:
    return [json.loads(line) for line in exported.splitlines()]


def test_a_statement_comes_out_with_every_field_that_it_has(desk: Desk) -> None:
    desk.take_rows(row(story="talks", hedge="might", key="1", quote__text="Ja"))
    (story, said) = rows_of(desk.export())
    assert story == {"kind": "story", "story": "talks", "title": "Talks"}
    assert said == {
        "kind": "statement",
        "story": "talks",
        "topic": "eu-accession",
        "topic_question": "Should Ukraine join the EU?",
        "scale": "position",
        "actor": "dmitry-peskov",
        "actor_name": "Dmitry Peskov",
        "actor_kind": "unknown",
        "stance": "accepts",
        "hedge": "might",
        "attribution": "quoted",
        "quote": {"text": "Ja", "wording": "unknown"},
        "said_at": "2025-12-14",
        "source": {
            "outlet": "Der Standard",
            "title": "Gespräche in Berlin",
            "published_at": "2025-12-15",
        },
        "key": "1",
        "first_recorded_at": said["first_recorded_at"],
    }


def test_a_statement_without_a_key_comes_out_under_its_id(desk: Desk) -> None:
    desk.take_rows(row())
    (said,) = rows_of(desk.export())
    assert said["key"] == "urn:uuid:" + desk.event("statement.recorded").originator_id
    assert desk.take(desk.file(desk.export(), "again.jsonl")).known == 1


def test_corrections_are_in_and_what_was_retracted_is_out(desk: Desk) -> None:
    desk.take_rows(row(), row(actor="Ann"))
    first, second = desk.events("statement.recorded")
    statements = desk.newsroom.statements
    statements.correct(desk.anna(), first.originator_id, {"stance": "doubts"}, "misread")
    statements.retract(desk.anna(), second.originator_id, "a hoax")
    assert [each["stance"] for each in rows_of(desk.export()) if "stance" in each] == ["doubts"]


def test_known_at_a_position_nothing_later_is_in(desk: Desk) -> None:
    desk.take_rows(row())
    said, known = desk.event("statement.recorded"), desk.log.head()
    desk.newsroom.statements.correct(
        desk.anna(), said.originator_id, {"stance": "doubts"}, "misread"
    )
    desk.take_rows(row(actor="Ann"))
    (then,) = rows_of(desk.export(known_at=known))
    assert then["stance"] == "accepts"


def test_as_of_a_day_nothing_that_was_said_later_is_in(desk: Desk) -> None:
    desk.take_rows(
        *[row(said_at=day, source__published_at=None) for day in ("2025-11", "2025-12-01")], ATTACK
    )
    exported = rows_of(desk.export(as_of="2025-11-30"))
    assert [each["said_at"] for each in exported if each["kind"] == "statement"] == ["2025-11"]


def test_the_strongest_source_is_the_one_that_comes_out(desk: Desk) -> None:
    desk.take_rows(row(reported_via="US circles"))
    said = desk.event("statement.recorded")
    assert rows_of(desk.export())[0]["reported_via"] == "US circles"
    desk.newsroom.statements.second(
        desk.anna(), said.originator_id, Source(title="Interview"), "quoted"
    )
    (told,) = rows_of(desk.export())
    assert (told["attribution"], told["source"]["title"]) == ("quoted", "Interview")
    assert "reported_via" not in told
    (further,) = desk.events("statement.seconded")
    desk.newsroom.statements.unsecond(
        desk.anna(), said.originator_id, further.document, "of another day"
    )
    (told,) = rows_of(desk.export())
    assert (told["attribution"], told["source"]["title"]) == ("second_hand", "Gespräche in Berlin")


def test_one_topic_and_one_actor_can_be_chosen(desk: Desk) -> None:
    desk.take_rows(row(), row(actor="Ann"), row(topic="nato", topic_question="Join NATO?"), ATTACK)
    by_topic = rows_of(desk.export(topic="nato"))
    assert [each["topic"] for each in by_topic] == ["nato"]
    by_actor = rows_of(desk.export(actor="ann"))
    assert [each["actor"] for each in by_actor] == ["ann"]
    assert [each["kind"] for each in rows_of(desk.export(actor="kyiv"))] == [
        "actor",
        "topic",
        "development",
    ]


def test_an_actor_comes_with_those_that_were_merged_into_it(desk: Desk) -> None:
    desk.take_rows(row(), row(actor="Peskow"), row(actor="Ann"))
    desk.newsroom.actors.merge(desk.anna(), "peskow", "dmitry-peskov", "the same man")
    for named in ("dmitry-peskov", "peskow"):
        slugs = [each["actor"] for each in rows_of(desk.export(actor=named))]
        assert slugs == ["dmitry-peskov", "peskow"]


@pytest.mark.parametrize("options", [{"topic": "eu-acession"}, {"actor": "dmitri-peskov"}])
def test_an_unknown_topic_or_actor_is_refused_with_the_nearest(desk: Desk, options: Chosen) -> None:
    desk.take_rows(row())
    with pytest.raises(NotFound, match=r"did you mean (eu-accession|dmitry-peskov)"):
        desk.export(**options)


def test_a_format_that_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="there is no format 'pdf'; use one of: csv, dna, graphml"):
        desk.export("pdf")


def test_csv_has_one_row_an_entry(desk: Desk) -> None:
    desk.take_rows(row(paraphrase='Says "no",\nand leaves'), ATTACK)
    kyiv, topic, said, happened = csv.DictReader(io.StringIO(desk.export("csv")))
    assert (kyiv["kind"], topic["kind"]) == ("actor", "topic")
    assert (said["kind"], said["paraphrase"]) == ("statement", 'Says "no",\nand leaves')
    assert (happened["topics"], happened["source.title"]) == ("eu-accession", "rows.jsonl")


@settings(
    max_examples=scaled(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS, st.sampled_from(["jsonl", "csv"]))
@example(IN_FULL, "csv")
@example(IN_FULL, "jsonl")
def test_import_of_an_export_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], name: str
) -> None:
    first, second = (store(tmp_path_factory.mktemp("store")) for _ in range(2))
    with first as desk, second as other:
        desk.take_rows(
            {"kind": "actor", "actor": "russia", "actor_kind": "state", "aliases": ["Россия"]},
            {
                "kind": "story",
                "story": "talks",
                "title": "The talks",
                "sides": [{"label": "East", "actors": ["russia"]}],
            },
            *rows,
        )
        exported = desk.export(name)
        summary = other.take(other.file(exported, f"export.{name}"))
        assert summary.clean, summary.rejections
        assert summary.recorded == len(list(read(exported, name)))
        assert read(other.export(name), name) == read(exported, name)
        again = desk.take(desk.file(exported, f"export.{name}"))
        assert (again.recorded, again.clean) == (0, True), again.rejections


def store(folder: Path) -> AbstractContextManager[Desk]:
    return Desk.opened(f"sqlite:///{folder / 'newsroom.db'}", folder)


def read(exported: str, name: str) -> list[Row]:
    if name == "jsonl":
        return without_clock(exported)
    rows = csv.DictReader(io.StringIO(exported))
    return [{name: each[name] for name in each if name != "first_recorded_at"} for each in rows]


def test_an_export_of_nothing_is_empty(desk: Desk) -> None:
    assert desk.export() == ""
    assert desk.export("csv").count("\n") == 1


def test_rows_come_out_in_the_order_of_the_record(desk: Desk) -> None:
    content = jsonl([row(key=str(number)) for number in range(30)])
    desk.take(desk.file(content, "rows.jsonl"))
    assert [each["key"] for each in rows_of(desk.export())] == [str(n) for n in range(30)]
