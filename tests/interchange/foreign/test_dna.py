from __future__ import annotations

import csv
import gc
import io
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

import pytest

from tests.interchange.desk import Desk
from tests.interchange.foreign.dna_project import CODED, LONG, dna_database, dna_list
from tests.support.neighbours import beside
from timeline.domain.errors import Refused
from timeline.interchange.foreign.dna_database import leading_sentences

if TYPE_CHECKING:
    from pathlib import Path


def coded(desk: Desk) -> list[tuple[str, ...]]:
    """Return who says what of which concept, by an export of what was imported."""
    rows = (json.loads(line) for line in desk.export().splitlines())
    return sorted(
        (row["actor_name"], row.get("on_behalf_of", ""), row["topic"], row["stance"])
        for row in rows
        if row["kind"] == "statement"
    )


@pytest.mark.parametrize("version", [2, 3])
def test_a_database_comes_in_with_every_statement(desk: Desk, version: int) -> None:
    summary = desk.take(dna_database(desk.folder / "project.dna", version))
    assert summary.clean, summary.rejections
    assert (summary.recorded, summary.topics_opened) == (len(CODED), 2)
    assert summary.left_out == {"Annotation of DNA, not a statement": 1}
    rows = [json.loads(line) for line in desk.export().splitlines()]
    ann = next(row for row in rows if row.get("on_behalf_of") == "builders")
    assert ann["actor_name"] == "Ann"
    assert (ann["actor_kind"], ann["stance"]) == ("person", "asserts")
    assert ann["topic_question"] == "The harbour should be built."
    assert ann["passage"] == {"text": "we must build it"}
    assert ann["source"] == {
        "outlet": "Harbour News",
        "title": "Debate, day one",
        "author": "A. Reporter",
        "published_at": "2005-01-26",
    }
    assert ann["said_at"] == "../2005-01-26"


def test_an_organization_without_a_person_speaks_for_itself(desk: Desk) -> None:
    desk.take(dna_database(desk.folder / "project.dna", 3))
    assert ("Port", "", "nobody-was-asked", "asserts") in coded(desk)


def test_the_same_project_is_the_same_in_both_versions_and_as_a_list(desk: Desk) -> None:
    assert desk.take(dna_database(desk.folder / "old.dna", 2)).recorded == len(CODED)
    before = coded(desk)
    assert desk.take(dna_database(desk.folder / "new.dna", 3)).known == len(CODED)
    listed = desk.take(desk.file(dna_list(), "list.csv"))
    assert (listed.known, listed.clean) == (len(CODED), True), listed.rejections
    assert coded(desk) == before


def test_a_database_is_only_read(desk: Desk) -> None:
    path = dna_database(desk.folder / "project.dna", 3)
    before = path.read_bytes()
    desk.take(path)
    assert path.read_bytes() == before
    assert [each.name for each in desk.folder.iterdir() if "project" in each.name] == [path.name]


def test_words_too_long_for_a_passage_keep_the_sentences_they_begin_with(desk: Desk) -> None:
    summary = desk.take(dna_database(desk.folder / "project.dna", 3))
    assert "1 text cut to what fits" in summary.lines()
    kept = [
        event.content.passage.exact
        for event in desk.events("statement.recorded")
        if event.content.passage and event.content.passage.exact in LONG
    ]
    (passage,) = [one for one in kept if len(one) > 100]
    assert len(passage) <= 500
    assert passage.endswith("length.")


def test_leading_sentences_never_split_a_word() -> None:
    assert leading_sentences("One. Two three.", 9) == "One."
    assert leading_sentences("One two three", 9) == "One two"
    assert leading_sentences("Onetwothree", 5) == "Onetw"
    assert leading_sentences(" All of it. ", 50) == "All of it."


def test_a_map_of_ones_own_takes_the_place_of_the_ready_one(desk: Desk) -> None:
    own = {
        "ignore": "*",
        "columns": {"actor": "organization", "stance": "agreement", "said_at": "time"},
        "values": {"stance": {"1": "supports", "0": "opposes"}},
        "dates": {"said_at": "ymd", "times": "drop"},
        "topics": {"column": "concept", "scale": "position"},
        "skip": {"column": "organization", "values": [""]},
    }
    summary = desk.take(dna_database(desk.folder / "project.dna", 3), mapping=own)
    assert (summary.recorded, summary.skipped) == (3, 1)
    assert {stance for *_, stance in coded(desk)} == {"supports", "opposes"}


def test_a_list_of_annotations_is_left_out_whole(desk: Desk) -> None:
    header = '"statement_id";"time";"note";"start_position";"stop_position";"document_title"'
    text = f'{header}\n5;2005-01-26 00:00:00;"A note";1;2;"Title"\n'
    summary = desk.take(desk.file(text, "notes.csv"))
    assert summary.lines() == ["1 left out: a list without coded statements"]


def test_a_word_that_the_map_does_not_know_is_refused_by_its_row(desk: Desk) -> None:
    path = dna_database(desk.folder / "project.dna", 3)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE DATABOOLEAN SET Value = 7 WHERE StatementId = 3")
    summary = desk.take(path)
    (rejection,) = summary.rejections
    assert "column agreement: the map has no word for '7'" in str(rejection)


def test_rejects_of_a_list_come_back_when_they_are_mended(desk: Desk, tmp_path: Path) -> None:
    broken = dna_list().replace(";1;", ";maybe;", 1)
    rejects = tmp_path / "rejects.csv"
    assert desk.take(desk.file(broken, "list.csv"), rejects=rejects).rejected == 1
    mended = rejects.read_text().replace(";maybe;", ";1;")
    assert desk.take(desk.file(mended, "mended.csv")).recorded == 1
    assert len(coded(desk)) == len(CODED)


def changed(path: Path, *changes: str) -> Path:
    """Return a database after some statements of SQL."""
    with closing(sqlite3.connect(path)) as db, db:
        for change in changes:
            db.execute(change)
    return path


def test_rejects_of_a_database_come_back_under_the_keys_that_they_had(desk: Desk) -> None:
    path = changed(
        dna_database(desk.folder / "project.dna", 3),
        "UPDATE STATEMENTS SET (Start, Stop) = (SELECT Start, Stop FROM STATEMENTS WHERE ID = 2)"
        " WHERE ID = 3",
        "UPDATE DATABOOLEAN SET Value = 7 WHERE StatementId = 3",
        "UPDATE DOCUMENTS SET Author = NULL, Section = NULL",
    )
    rejects = desk.folder / "rejects.csv"
    assert desk.take(path, rejects=rejects).rejected == 1
    (told,) = csv.DictReader(io.StringIO(rejects.read_text()), delimiter=";")
    assert (told["document_author"], told["document_section"]) == ("", "")
    assert told["key"].endswith("/2")
    mended = desk.file(rejects.read_text().replace(";7;", ";0;"), "mended.csv")
    again = desk.take(mended)
    assert (again.recorded, again.clean) == (1, True), again.rejections
    changed(path, "UPDATE DATABOOLEAN SET Value = 0 WHERE StatementId = 3")
    assert desk.take(path).known == len(CODED)


def test_a_document_without_a_text_leaves_its_statements(desk: Desk) -> None:
    path = changed(dna_database(desk.folder / "project.dna", 2), "UPDATE DOCUMENTS SET Text = NULL")
    assert desk.take(path).recorded == len(CODED)


@pytest.mark.parametrize(
    "absurd",
    [
        "UPDATE DOCUMENTS SET Date = 1000000000000000000 WHERE ID = 2",
        "UPDATE DOCUMENTS SET Date = 'soon' WHERE ID = 2",
        "UPDATE DOCUMENTS SET Date = NULL WHERE ID = 2",
        "UPDATE STATEMENTS SET Start = NULL WHERE ID = 2",
    ],
)
def test_a_statement_that_cannot_be_read_stops_no_other(desk: Desk, absurd: str) -> None:
    rejects = desk.folder / "rejects.csv"
    path = changed(
        dna_database(desk.folder / "project.dna", 3),
        "INSERT INTO DOCUMENTS SELECT 2, 'Other', Text, 1, '', '', '', '', '', Date FROM DOCUMENTS",
        "UPDATE STATEMENTS SET DocumentId = 2 WHERE ID = 2",
        absurd,
    )
    summary = desk.take(path, rejects=rejects)
    (rejection,) = summary.rejections
    assert "the statement cannot be read" in str(rejection)
    assert summary.recorded == len(CODED) - 1
    (kept,) = csv.DictReader(io.StringIO(rejects.read_text()), delimiter=";")
    assert (kept["statement_id"], kept["statement_type"]) == ("2", "DNA Statement")


def test_a_database_is_copied_once_and_the_copy_goes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder / "aside"))
    (desk.folder / "aside").mkdir()
    copied: list[object] = []
    whole = shutil.copyfileobj

    def copy(source: BinaryIO, to: BinaryIO) -> None:
        copied.append(source)
        whole(source, to)

    monkeypatch.setattr(shutil, "copyfileobj", copy)
    desk.take(dna_database(desk.folder / "project.dna", 3))
    gc.collect()
    assert (len(copied), list((desk.folder / "aside").iterdir())) == (1, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"SQLite format 3\x00" + b"STATEMENTTYPES" * 100, "cannot be read as one of DNA"),
        (b"SQLite format 3\x00" + bytes(200) + b"x", "neither a database nor an event list"),
        (b"a;b\n1;2\n", "neither a database nor an event list"),
    ],
)
def test_what_is_none_of_dna_is_refused_in_a_line(desk: Desk, content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        desk.take(desk.file(content, "project.dna"), format="dna")


def test_views_in_place_of_tables_are_not_read(desk: Desk) -> None:
    path = dna_database(desk.folder / "project.dna", 3)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("ALTER TABLE STATEMENTS RENAME TO OTHERS")
        db.execute("CREATE VIEW STATEMENTS AS SELECT * FROM OTHERS")
    with pytest.raises(Refused, match="it has no table STATEMENTS"):
        desk.take(path)


def test_a_wrong_format_is_named(desk: Desk) -> None:
    path = dna_database(desk.folder / "project.dna", 2)
    with pytest.raises(Refused) as refused:
        desk.take(path, format="jsonl")
    assert str(refused.value) == (
        "project.dna: this is a database or an event list of Discourse Network Analyzer;"
        " use --format dna"
    )


def test_the_sample_of_dna_itself_comes_in_the_same_from_all_its_files(desk: Desk) -> None:
    """Where DNA's own sample lies beside the project; what it does not tell stands above."""
    sample = beside("dna_sample")
    if sample is None:
        return
    listed = list(
        csv.DictReader(
            io.StringIO((sample / "eventlist_DNA_Statement.csv").read_text()), delimiter=";"
        )
    )
    assert len(listed) == 40
    old = desk.take(sample / "sample_v2.dna")
    assert (old.recorded, sum(old.left_out.values()), old.clean) == (40, 1, True)
    told = {(one["person"], one["concept"], one["agreement"] == "1") for one in listed}
    rows = [json.loads(line) for line in desk.export().splitlines()]
    assert {
        (row["actor_name"], row["topic_question"], row["stance"] == "asserts")
        for row in rows
        if row["kind"] == "statement"
    } == told
    new = desk.take(sample / "sample_v3.dna")
    assert (new.known, sum(new.left_out.values()), new.clean) == (40, 1, True)
    # DNA writes commas and apostrophes into its lists for two of the passages.
    last = desk.take(sample / "eventlist_DNA_Statement.csv")
    assert (last.recorded, last.known) == (0, 38)
    assert all("another passage is on record" in str(rejection) for rejection in last.rejections)
    notes = desk.take(sample / "eventlist_Annotation.csv")
    assert sum(notes.left_out.values()) == 1


BOOKS = [
    {
        "kind": "topic",
        "topic": slug,
        "topic_question": question,
        "scale": "claim",
        "codebooks": [
            {
                "variables": [
                    {"id": "policy-core", "kind": "yes/no"},
                    {"id": "frame", "kind": "choice", "choices": ["jobs", "nature"]},
                ]
            }
        ],
    }
    for slug, question in (
        ("the-harbour-should-be-built", "The harbour should be built."),
        ("nobody-was-asked", "Nobody was asked."),
    )
]
"""The topics of the project, with a codebook that asks for two variables of its own."""


def with_variables(path: Path) -> Path:
    """Write the project with three further variables, as another coder might have it."""
    with closing(sqlite3.connect(dna_database(path, 3))) as db, db:
        added = [
            (6, "Policy Core", "boolean", 1),
            (7, "frame", "short text", 1),
            (8, "tone", "long text", 1),
        ]
        db.executemany("INSERT INTO VARIABLES VALUES (?,?,?,?)", added)
        frame = db.execute("INSERT INTO ENTITIES VALUES (NULL,7,'jobs')").lastrowid
        db.execute("INSERT INTO DATABOOLEAN VALUES (NULL,2,6,1)")
        db.execute("INSERT INTO DATASHORTTEXT VALUES (NULL,2,7,?)", (frame,))
        db.execute("INSERT INTO DATALONGTEXT VALUES (NULL,2,8,'harsh')")
    return path


def test_own_variables_come_and_go_where_the_codebook_asks_for_them(desk: Desk) -> None:
    desk.take_rows(*BOOKS)
    summary = desk.take(with_variables(desk.folder / "project.dna"))
    assert summary.clean, summary.rejections
    assert "values of variables.tone are left out where no codebook declares them" in (
        summary.lines()
    )
    first = desk.events("statement.recorded")[0]
    assert first.content.variables == {"frame": "jobs", "policy-core": "yes"}
    listed = desk.export("dna")
    line = next(csv.DictReader(io.StringIO(listed), delimiter=";"))
    assert (line["frame"], line["policy-core"]) == ("jobs", "yes")
    with Desk.opened(f"sqlite:///{desk.folder / 'other.db'}", desk.folder) as other:
        other.take_rows(*BOOKS)
        assert other.take(other.file(listed, "list.csv")).clean
        again = other.events("statement.recorded")[0]
        assert again.content.variables == first.content.variables
