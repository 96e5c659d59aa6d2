from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, row
from tests.projections.test_projector import spoil
from timeline.domain.errors import Refused
from timeline.stores.mapper import CODECS
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as opened:
        yield opened


def history(desk: Desk) -> None:
    """Record, correct, retract, redact."""
    desk.take_rows(row(), row(actor="Ann", quote__text="Ja"), row(actor="Bea"))
    first, second, third = desk.events("statement.recorded")
    statements = desk.newsroom.statements
    statements.correct(desk.anna(), first.originator_id, {"stance": "doubts"}, "misread")
    statements.retract(desk.anna(), second.originator_id, "a hoax")
    statements.redact(desk.anna(), third.originator_id, "Art. 17 GDPR")


def lines_of(exported: str) -> list[Any]:
    return [json.loads(line) for line in exported.splitlines()]


def test_each_event_is_a_cloud_event(desk: Desk) -> None:
    history(desk)
    lines = lines_of(desk.export("log"))
    assert len(lines) == len(desk.all_events())
    for line, (position, event) in zip(lines, desk.log.stream(), strict=True):
        assert (line["specversion"], line["type"]) == ("1.0", event.TOPIC)
        assert line["id"] == f"{event.originator_id}.{event.originator_version}"
        assert line["source"] == "standline"
        assert (line["subject"], int(line["sequence"])) == (event.originator_id, position)
        assert line["time"].startswith("2025-12-15T12:0")
        assert all(name.isalnum() and name == name.lower() for name in line)
    assert [line["sequence"] for line in lines] == sorted(line["sequence"] for line in lines)


def test_the_data_is_there_to_be_read(desk: Desk) -> None:
    desk.take_rows(row())
    said = lines_of(desk.export("log"))[-1]["data"]
    assert (said["said_at"], said["stance"], said["via"]) == (
        "2025-12-14",
        1,
        "import:rows.jsonl",
    )


def test_a_redacted_event_carries_its_hash_only(desk: Desk) -> None:
    history(desk)
    (erased,) = [line for line in lines_of(desk.export("log")) if "hash" in line["data"]]
    assert "content" not in erased
    assert "salt" not in erased
    assert "content" not in erased["data"]
    assert bytes.fromhex(erased["data"]["hash"]) in base64.b64decode(erased["committed"])


def test_an_event_that_cannot_be_read_goes_along_in_its_bytes_and_is_told(
    any_desk: Desk, store_url: str
) -> None:
    history(any_desk)
    whole = lines_of(any_desk.export("log"))
    spoilt = any_desk.log.head()
    spoil(StoreUrl.parse(store_url), spoilt)
    *others, last = lines_of(any_desk.export("log"))
    assert others == whole[:-1]
    (row,) = any_desk.log.rows(spoilt - 1)
    assert base64.b64decode(last.pop("state")) == row[4]
    assert last.pop("unread").startswith(f"event {spoilt}, statement.redacted, cannot be read: ")
    assert last.items() <= whole[-1].items()


def test_what_was_damaged_is_refused_by_name_when_its_log_comes_back(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    history(other)
    many = len(other.all_events())
    spoil(StoreUrl.parse(f"sqlite:///{tmp_path / 'other.db'}"), other.log.head())
    path = desk.file(other.export("log"), "log.jsonl")
    with pytest.raises(Refused, match=f"line {many}: this is no event of a full log"):
        desk.take(path)
    assert desk.log.head() == 0


def test_an_event_of_a_newer_standline_comes_back_to_one_that_reads_it(
    desk: Desk, other: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(other)
    monkeypatch.delitem(CODECS, "statement.redacted")
    exported = other.export("log")
    assert "no event is called 'statement.redacted' here" in exported
    monkeypatch.undo()
    desk.take(desk.file(exported, "log.jsonl"))
    assert list(desk.log.stored()) == list(other.log.stored())


def test_in_an_empty_store_it_makes_the_same_log(any_desk: Desk, other: Desk) -> None:
    history(other)
    exported = other.export("log")
    summary = any_desk.take(any_desk.file(exported, "log.jsonl"))
    assert summary.lines() == [f"{len(other.all_events())} events restored"]
    assert list(any_desk.log.stored()) == list(other.log.stored())
    assert any_desk.export("log") == exported
    assert any_desk.export() == other.export()


def test_a_packed_log_is_recognised_too(desk: Desk, other: Desk) -> None:
    history(other)
    packed = gzip.compress(other.export("log").encode())
    assert desk.take(desk.file(packed, "log.jsonl.gz")).events_restored


def test_in_the_store_that_it_came_from_there_is_nothing_to_do(desk: Desk) -> None:
    history(desk)
    path = desk.file(desk.export("log"), "log.jsonl")
    desk.take_rows(row(actor="Dora"))
    head = desk.log.head()
    summary = desk.take(path)
    assert summary.lines() == ["nothing to do: everything is on record already"]
    assert desk.log.head() == head


def test_a_log_from_before_an_erasure_does_not_bring_the_words_back(desk: Desk) -> None:
    desk.take_rows(row(actor="Ann"))
    path = desk.file(desk.export("log"), "log.jsonl")
    (said,) = desk.events("statement.recorded")
    desk.newsroom.statements.redact(desk.anna(), said.originator_id, "Art. 17 GDPR")
    desk.take(path)
    assert desk.event("statement.recorded").content is None


def test_another_log_is_refused_by_a_store_that_is_not_empty(desk: Desk, other: Desk) -> None:
    history(other)
    desk.take_rows(row(actor="Dora"))
    with pytest.raises(Refused) as info:
        desk.take(desk.file(other.export("log"), "log.jsonl"))
    assert str(info.value) == (
        "log.jsonl, position 1: the store is not empty and holds another log; "
        "name a new store with --store"
    )


def test_a_store_with_the_beginning_of_the_log_only_is_refused(desk: Desk, other: Desk) -> None:
    history(other)
    desk.take(desk.file(other.export("log", known_at=3), "log.jsonl"))
    with pytest.raises(Refused, match="position 4: the store is not empty and holds another log"):
        desk.take(desk.file(other.export("log"), "log.jsonl"))


def tampered(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"content": base64.b64encode(b"\x81\xa4name\xa3Bob").decode()}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (tampered, "is not what was committed"),
        (lambda line: line | {"sequence": "one"}, "this is no event of a full log"),
        (lambda line: line | {"committed": "!"}, "this is no event of a full log"),
        (
            lambda line: {"specversion": "1.0"} | {"id": line["id"]},
            "this is no event of a full log",
        ),
        (lambda line: line | {"type": "statement.updated"}, "statement.updated"),
        (lambda line: line | {"sequence": "9" * 18}, "follows"),
    ],
)
def test_a_log_that_was_altered_is_refused_whole(
    desk: Desk, other: Desk, change: Callable[[dict[str, Any]], dict[str, Any]], reason: str
) -> None:
    history(other)
    lines = lines_of(other.export("log"))
    lines[1] = change(lines[1])
    content = "".join(json.dumps(line) + "\n" for line in lines)
    with pytest.raises(Refused, match=reason) as info:
        desk.take(desk.file(content, "log.jsonl"))
    assert str(info.value).startswith("log.jsonl, ")
    assert desk.log.head() == 0


def test_a_dry_run_of_a_log_checks_it_and_restores_nothing(desk: Desk, other: Desk) -> None:
    history(other)
    path = desk.file(other.export("log"), "log.jsonl")
    assert desk.take(path, dry_run=True).events_restored == len(other.all_events())
    assert desk.log.head() == 0


def test_a_log_comes_in_without_a_map_or_a_topic(desk: Desk, other: Desk) -> None:
    history(other)
    path = desk.file(other.export("log"), "log.jsonl")
    with pytest.raises(Refused, match="a full log comes in as it is"):
        desk.take(path, mapping={"columns": {"actor": "x"}})


@pytest.mark.parametrize("options", [{"topic": "eu-accession"}, {"as_of": "2025"}])
def test_a_part_of_the_record_is_no_full_log(desk: Desk, options: dict[str, str]) -> None:
    desk.take_rows(row())
    with pytest.raises(Refused, match="a full log is whole; choose --format jsonl"):
        desk.export("log", **options)  # type: ignore[arg-type]  # the cases are of two kinds
