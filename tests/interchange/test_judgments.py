"""Blind readings and what editors said of changes go out with the record, and come back."""

from __future__ import annotations

import io
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import asdict

from tests.interchange.desk import Desk, jsonl, row, without_clock
from tests.support.store_copies import copied
from timeline.bootstrap import open_store
from timeline.domain.statement import StatementRecorded
from timeline.domain.verdict import ChangeDeclined, ChangeReopened, ChangeSigned, Ends
from timeline.interchange import ExportOptions, ImportOptions, export, import_files
from timeline.projections.queries.change_answers import ChangeFilter, answer_changes, find_changes

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.bootstrap import Services
    from timeline.projections.queries.change_answers import Which

QUOTES = ("We shall never join this union.", "We shall surely join this union.")
ROWS = [
    row(
        key=f"talks:{number}",
        stance=stance,
        said_at=f"2025-12-{10 + number}",
        source__published_at=f"2025-12-{10 + number}",
        quote__text=QUOTES[number % 2],
        quote__lang="en",
        actor="dmitry-peskov",
        actor_kind="person",
    )
    for number, stance in enumerate(("opposes", "supports", "opposes"))
]
READING: dict[str, Any] = {
    "kind": "reading",
    "topic": "eu-accession",
    "key": "talks:0",
    "quote": {"text": QUOTES[0]},
    "reader": "ben",
    "direction": "opposes",
    "carries": "yes",
}
SIGNED = {
    "verdict": "signed",
    "sentence": "He now wants it.",
    "caveat": "In talks.",
    "also": [{"lang": "de", "sentence": "Er will es jetzt.", "caveat": "In Gesprächen."}],
    "by": "dora",
}
DECLINED = {"verdict": "declined", "cause": "thin", "note": "Five words.", "by": "cora"}
REOPENED = {"verdict": "reopened", "reason": "Looked at again.", "by": "cora"}
VERDICT: dict[str, Any] = {
    "kind": "verdict",
    "topic": "eu-accession",
    "actor": "dmitry-peskov",
    "before": ["talks:0"],
    "after": ["talks:1"],
    "verdicts": [SIGNED],
}


def said(desk: Desk) -> list[str]:
    """Return what was said of changes, and by whom, in the order of the log."""
    events = [
        event
        for event in desk.all_events()
        if isinstance(event, ChangeSigned | ChangeDeclined | ChangeReopened)
    ]
    return [f"{event.TOPIC} {event.recorded_by}" for event in events]


def test_they_come_in_wherever_they_stand_and_read_again_change_nothing(desk: Desk) -> None:
    summary = desk.take_rows(VERDICT, READING, *ROWS)
    assert summary.clean, summary.rejections
    assert {"1 blind reading added", "1 verdict added"} <= {*summary.lines()}
    (signed,) = desk.events("change.signed")
    assert (signed.recorded_by, signed.via) == ("dora", "import:rows.jsonl")
    assert (signed.content.sentence, signed.content.caveat) == ("He now wants it.", "In talks.")
    read = desk.event("statement.quote_read")
    assert (read.reader, read.recorded_by) == ("ben", "carl")
    assert (read.content.direction, read.content.carries) == (-2, True)
    head = desk.log.head()
    again = desk.take_rows(*ROWS, READING, VERDICT)
    assert (again.known, again.recorded, desk.log.head()) == (5, 0, head)


def test_what_was_said_again_comes_back_in_its_order(desk: Desk) -> None:
    there_and_back = [SIGNED, DECLINED, REOPENED, SIGNED]
    desk.take_rows(*ROWS, VERDICT)
    desk.take_rows(VERDICT | {"verdicts": there_and_back})
    told = ["signed dora", "declined cora", "reopened cora", "signed dora"]
    assert said(desk) == [f"change.{one}" for one in told]
    head = desk.log.head()
    for some in (there_and_back, there_and_back[:2], [SIGNED | {"by": ""}]):
        desk.take_rows(VERDICT | {"verdicts": some})
    assert desk.log.head() == head


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_import_of_an_export_is_the_identity(desk: Desk, tmp_path: Path, form: str) -> None:
    other_way = VERDICT | {"before": ["talks:1"], "after": ["talks:2"], "verdicts": [DECLINED]}
    silent = READING | {"reader": "cora", "direction": "no_position", "carries": ""}
    both = VERDICT | {"verdicts": [DECLINED, SIGNED]}
    desk.take_rows(*ROWS, READING, silent, both, other_way)
    out = tmp_path / f"out.{form}"
    out.write_text(desk.export(form), "utf-8", newline="")
    head = desk.log.head()
    assert desk.take(out).clean
    assert desk.log.head() == head
    with Desk.opened(f"sqlite:///{tmp_path}/there.db", tmp_path) as there:
        summary = there.take(out)
        assert summary.clean, summary.rejections
        assert without_clock(there.export()) == without_clock(desk.export())
        assert said(there) == said(desk)
    lines = [json.loads(line) for line in desk.export().splitlines()]
    assert [line for line in lines if line["kind"] == "verdict"] == [both, other_way]
    readings = [line for line in lines if line["kind"] == "reading"]
    assert readings == [READING, {name: silent[name] for name in silent if silent[name]}]


def test_what_a_correction_undid_stays_behind(desk: Desk) -> None:
    desk.take_rows(*ROWS, READING, VERDICT)
    old = jsonl([READING, VERDICT])
    entry = desk.events("statement.recorded")[0].originator_id
    words = {"quote.text": "We shall not join this union."}
    desk.newsroom.statements.correct(desk.anna(), entry, words, "We misheard.")
    kinds = [json.loads(line)["kind"] for line in desk.export().splitlines()]
    assert not {"reading", "verdict"} & {*kinds}
    head = desk.log.head()
    assert desk.take(desk.file(old, "old.jsonl")).clean
    assert desk.log.head() == head
    said_anew = VERDICT | {"verdicts": [DECLINED]}
    desk.take_rows(said_anew)
    lines = [json.loads(line) for line in desk.export().splitlines()]
    assert [line for line in lines if line["kind"] == "verdict"] == [said_anew]


def test_what_a_law_erased_stays_behind(desk: Desk) -> None:
    desk.take_rows(*ROWS, VERDICT)
    number = next(at for at, event in desk.log.stream() if event.TOPIC == "change.signed")
    desk.newsroom.changes.redact(desk.anna(), number, "Art. 17 GDPR")
    assert "verdict" not in [json.loads(line)["kind"] for line in desk.export().splitlines()]


def test_a_part_of_the_record_has_what_was_said_of_changes_in_it(desk: Desk) -> None:
    apart = [row(topic="Peace", topic_question="Is there peace?", actor="kyiv", key="kyiv:1")]
    desk.take_rows(*ROWS, *apart, READING, VERDICT)

    def kinds(**options: str) -> set[str]:
        return {json.loads(line)["kind"] for line in desk.export(**options).splitlines()}  # type: ignore[arg-type]

    assert {"reading", "verdict"} <= kinds(topic="eu-accession")
    assert not {"reading", "verdict"} & kinds(topic="peace")
    assert "verdict" not in kinds(topic="eu-accession", as_of="2025-12-10")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (READING | {"key": "talks:9"}, "no entry on record"),
        (READING | {"quote": {"text": "Other words."}}, "has other words on record"),
        (READING | {"direction": "wants"}, "wants"),
        (READING | {"carries": "very"}, "very"),
        (READING | {"reader": "carl"}, "recorded"),
        (READING | {"reader": None}, "reader is missing"),
        (READING | {"sentence": "No."}, "sentence"),
        (VERDICT | {"after": ["talks:9"]}, "no entry on record"),
        (VERDICT | {"after": ["talks:0"]}, "two ends that differ"),
        (VERDICT | {"after": [9]}, "9 is not text"),
        (VERDICT | {"after": None}, "two ends that differ"),
        (VERDICT | {"actor": "nobody"}, "nobody"),
        (VERDICT | {"verdicts": [{"verdict": "liked"}]}, "liked"),
        (VERDICT | {"verdicts": [{"verdict": "signed"}]}, "sentence that is signed is missing"),
        (VERDICT | {"verdicts": [DECLINED | {"cause": "mood"}]}, "mood"),
        (VERDICT | {"verdicts": [REOPENED]}, "nobody has signed"),
    ],
)
def test_nonsense_is_refused_by_name(desk: Desk, line: dict[str, Any], why: str) -> None:
    assert why in desk.refusal(*ROWS, line)


def test_a_reader_who_read_otherwise_is_told_so(desk: Desk) -> None:
    desk.take_rows(*ROWS, READING)
    refusal = desk.refusal(READING | {"direction": "doubts"})
    assert "column reader: they have read this quote" in refusal


def test_an_empty_store_prints_the_same_changes(tmp_path: Path) -> None:
    here, there = (open_store(f"sqlite:///{tmp_path}/{name}.db") for name in ("here", "there"))
    brought(here, tmp_path, jsonl(ROWS))
    rooms = here.newsroom
    one, two, three = (number for number, _ in recorded(here))
    for reader in ("ben", "cora"):
        for number, direction in ((one, "opposes"), (two, "supports")):
            by = rooms.byline(reader, "form")
            rooms.statements.read_quote(by, number, direction, carries=True)
    dora = rooms.byline("dora", "form")
    for before, after, sentence in ((one, two, "Undone."), (two, three, "He is against it again.")):
        ends = Ends("eu-accession", "dmitry-peskov", 2, (before,), (after,))
        rooms.changes.sign(dora, ends, sentence, "Within two days.")
        if before == one:
            rooms.statements.correct(dora, one, {"said_at": "2025-12-09"}, "We misread it.")
    printed = told(here)
    assert sorted(one["because"][0] for one in printed) == ["both_quotes_carry", "signed"]
    out = io.BytesIO()
    export(here, out, "jsonl", ExportOptions())
    brought(there, tmp_path, out.getvalue().decode())
    assert told(there) == printed


@pytest.mark.thorough
def test_the_demo_in_an_empty_store_prints_the_same_changes(
    whole_demo_original: str, tmp_path: Path
) -> None:
    there = open_store(f"sqlite:///{tmp_path}/there.db")
    with copied(whole_demo_original, tmp_path) as url, closing(open_store(url)) as here:
        out = io.BytesIO()
        export(here, out, "jsonl", ExportOptions())
        brought(there, tmp_path, out.getvalue().decode())
        assert told(there, "any") == told(here, "any")


def brought(store: Services, folder: Path, lines: str) -> None:
    file = folder / "rows.jsonl"
    file.write_text(lines, "utf-8")
    summary = import_files(store, [file], ImportOptions(by="carl"))
    assert summary.clean, summary.rejections


def recorded(store: Services) -> list[tuple[int, str]]:
    """Return the numbers of statements, each with the id."""
    found = ((number, event) for number, event in store.log.stream())
    return [
        (at, event.originator_id) for at, event in found if isinstance(event, StatementRecorded)
    ]


def told(store: Services, status: Which = "signed") -> list[dict[str, Any]]:
    """Return the changes that are printed, or all, by the ids of the statements at their ends."""
    store.models.catch_up()
    ids = dict(recorded(store))
    with store.models.engine().connect() as conn:
        answers = answer_changes(conn, find_changes(conn, ChangeFilter(which=status)))
    ends = ("before", "after", "withdrawn_by", "between", "returns_to", "back")
    changes = [
        {name: value for name, value in asdict(answer).items() if name not in ("known_at", *ends)}
        | {end: sorted(ids[number] for number in getattr(answer, end)) for end in ends}
        for answer in answers
    ]
    return sorted(changes, key=str)


def test_a_reading_that_its_reader_took_back_does_not_come_in_again(desk: Desk) -> None:
    desk.take_rows(*ROWS, READING)
    entry = desk.events("statement.recorded")[0].originator_id
    desk.newsroom.statements.unread_quote(desk.newsroom.byline("ben"), entry)
    assert "reading" not in [json.loads(line)["kind"] for line in desk.export().splitlines()]
    head = desk.log.head()
    assert desk.take_rows(*ROWS, READING).clean
    assert desk.log.head() == head
