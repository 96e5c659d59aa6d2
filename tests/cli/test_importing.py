"""Importing and exporting from the command line."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.terminal import (
    DONE,
    FIXTURES,
    INTERRUPTED,
    REFUSED,
    STANDLINE,
    TALKS,
    USAGE,
    VOTES,
    Answer,
    answered,
    done,
    ended,
    one_line,
    only_line,
    refused,
    standline,
    started,
)
from timeline.cli import exporting
from timeline.interchange.formats.registry import exporters, importers

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

ROW: dict[str, Any] = {
    "topic": "harbour",
    "topic_question": "Should the harbour be dredged?",
    "actor": "Ann Miller",
    "stance": "accepts",
    "said_at": "2025-12-14",
    "paraphrase": "It may be dredged.",
    "source": {"outlet": "Harbour News", "published_at": "2025-12-15"},
}
WRONG = ROW | {"stance": "loves"}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def written(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text(lines(*rows), encoding="utf-8")
    return str(path)


def other(n: int) -> dict[str, Any]:
    return ROW | {"paraphrase": f"Remark {n}."}


def count_of(store: str) -> int:
    return len(done("log", "--json", "--store", store).objects)


def all_answers(store: str) -> list[Any]:
    return [answered(noun, "--store", store) for noun in ("topics", "actors")] + [
        answered("positions", "--why", "--store", store),
        answered("changes", "--store", store),
    ]


def test_an_update_shows_what_it_corrects_first_and_then_does_it(
    store_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    said = {"topic": "eu", "scale": "position", "actor": "Ann", "said_at": "2025", "key": "1"}
    file.write_text(json.dumps(said | {"stance": "doubts"}), encoding="utf-8")
    done("import", str(file), "--store", store_url)
    file.write_text(json.dumps(said | {"stance": "opposes"}), encoding="utf-8")
    again = ("import", str(file), "--update", "read again", "--store", store_url)
    line = "standline: rows.jsonl, line 1: #4: stance doubts → opposes\n"
    looked = standline(*again, "--dry-run")
    assert (looked.out, looked.err) == ("1 entry would be corrected\n", line)
    assert answered("positions", "--store", store_url)[0]["stance"] == "doubts"
    did = standline(*again)
    assert (did.status, did.out, did.err) == (0, "1 entry corrected\n", line)
    assert answered("positions", "--store", store_url)[0]["stance"] == "opposes"


def test_an_import_sums_up_what_it_did(store_url: str) -> None:
    assert done("import", *TALKS, "--store", store_url).out.splitlines() == [
        "57 rows recorded",
        "3 of them without a position",
        "1 story opened",
        "14 topics opened",
        "15 actors introduced",
        "1 source filed",
    ]


@pytest.mark.thorough
def test_the_same_file_again_appends_nothing(store_url: str) -> None:
    done("import", *VOTES, "--store", store_url)
    before = count_of(store_url)
    assert done("import", *VOTES, "--store", store_url).out == "2,938 known already\n"
    assert count_of(store_url) == before


def test_several_files_go_in_one_after_the_other(sqlite_url: str, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{n}.jsonl", other(n)) for n in range(3)]
    assert "3 rows recorded" in done("import", *files, "--store", sqlite_url).out


def test_a_refused_row_stops_no_other_and_the_status_is_one(store_url: str, tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", ROW, WRONG, other(2))
    answer = standline("import", file, "--store", store_url)
    assert answer.status == REFUSED
    assert answer.err.startswith(
        "standline: rows.jsonl, line 2, column stance: stance 'loves' is not a word of the "
        "position scale; use one of: "
    )
    assert answer.err.count("\n") == 1
    assert answer.out.splitlines()[:2] == ["2 rows recorded", "1 rejected"]
    assert answered("topics", "--store", store_url)[0]["statements"] == 2


def test_rejects_go_into_a_file_that_comes_in_once_it_is_mended(
    sqlite_url: str, tmp_path: Path
) -> None:
    file, rejects = written(tmp_path / "rows.jsonl", ROW, WRONG), tmp_path / "rejects.jsonl"
    answer = standline("import", file, "--rejects", str(rejects), "--store", sqlite_url)
    assert answer.out.splitlines()[-1] == f"refused rows are in {rejects}"
    told = rejects.read_text()
    assert '"loves"' in told
    mended = json.loads(told) | {"stance": "doubts", "said_at": "2025-12-13"}
    rejects.write_text(lines(mended))
    assert "1 row recorded" in done("import", str(rejects), "--store", sqlite_url).out


def test_more_rejects_than_are_shown_point_to_the_file_of_rejects(
    sqlite_url: str, tmp_path: Path
) -> None:
    wrong = [WRONG | {"stance": f"word-{n}"} for n in range(25)]
    file = written(tmp_path / "rows.jsonl", ROW, *wrong)
    answer = standline("import", file, "--store", sqlite_url)
    told = answer.err.splitlines()
    assert len(told) == 21
    assert told[-1] == "standline: 5 more are not shown; --rejects FILE keeps them all"
    kept = ("--rejects", str(tmp_path / "rejects.jsonl"))
    assert len(standline("import", file, *kept, "--store", sqlite_url).err.splitlines()) == 20


def test_a_strict_import_records_all_or_nothing(store_url: str, tmp_path: Path) -> None:
    done("import", written(tmp_path / "first.jsonl", other(0)), "--store", store_url)
    before = count_of(store_url)
    file = written(tmp_path / "rows.jsonl", ROW, WRONG)
    answer = standline("import", file, "--strict", "--store", store_url)
    assert answer.status == REFUSED
    assert answer.out.splitlines()[-1] == "nothing was recorded, since some rows were refused"
    assert count_of(store_url) == before


def test_a_dry_run_says_what_would_happen_and_records_nothing(
    new_store_url: str, tmp_path: Path
) -> None:
    file = written(tmp_path / "rows.jsonl", ROW, WRONG)
    answer = standline("import", file, "--dry-run", "--store", new_store_url)
    assert answer.status == REFUSED
    assert answer.out.startswith("1 row would be recorded\n1 rejected\n1 topic would be opened\n")
    assert refused("log", "--store", new_store_url).startswith("--store: there is no store ")
    done("import", written(tmp_path / "first.jsonl", other(0)), "--store", new_store_url)
    before = count_of(new_store_url)
    assert standline("import", file, "--dry-run", "--store", new_store_url).status == REFUSED
    assert count_of(new_store_url) == before


@pytest.mark.thorough
def test_a_dry_run_of_a_log_says_that_it_would_be_restored(sqlite_url: str) -> None:
    log = str(FIXTURES / "demo.log.jsonl.gz")
    told = done("import", log, "--dry-run", "--store", sqlite_url).out
    events = gzip.decompress(Path(log).read_bytes()).count(b"\n")
    assert told == f"{events:,} events would be restored\n"


def test_a_file_that_cannot_be_read_stops_no_other_and_the_status_is_one(
    store_url: str, tmp_path: Path
) -> None:
    empty, names = tmp_path / "empty.csv", ("first.jsonl", "last.jsonl")
    empty.write_bytes(b"")
    first, last = (written(tmp_path / name, other(n)) for n, name in enumerate(names))
    answer = standline("import", first, str(empty), last, "--store", store_url)
    assert answer.status == REFUSED
    assert only_line(answer.err).startswith("empty.csv: the file is empty; ")
    assert answer.out.startswith("2 rows recorded\n")
    assert answered("topics", "--store", store_url)[0]["statements"] == 2


def test_a_strict_import_records_nothing_beside_a_file_that_cannot_be_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    empty, file = tmp_path / "empty.csv", written(tmp_path / "rows.jsonl", ROW)
    empty.write_bytes(b"")
    answer = standline("import", file, str(empty), "--strict", "--store", sqlite_url)
    assert answer.status == REFUSED
    assert answer.out.splitlines()[-1] == "nothing was recorded, since some files were refused"
    assert count_of(sqlite_url) == 0


@pytest.mark.parametrize(
    ("name", "why"), [("a\u202eb.jsonl", "an invisible character"), ("a\udce4.jsonl", "half of a")]
)
def test_a_file_whose_name_cannot_be_recorded_is_refused(
    sqlite_url: str, tmp_path: Path, name: str, why: str
) -> None:
    line = refused("import", written(tmp_path / name, ROW), "--store", sqlite_url)
    assert f"the name of the file cannot be recorded: the text contains {why}" in line
    assert line.endswith("; rename it")
    assert (
        "1 row recorded"
        in done(
            "import", written(tmp_path / f"{'long' * 60}.jsonl", ROW), "--store", sqlite_url
        ).out
    )


def test_headers_without_rows_are_nothing_to_do(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("topic,actor,stance\n", encoding="utf-8")
    told = done("import", str(file), "--store", sqlite_url).out
    assert told == "nothing to do: there are no rows\n"


def test_an_import_needs_a_handle(sqlite_url: str) -> None:
    assert refused("import", *TALKS, "--by", " ", "--store", sqlite_url) == (
        "by: it is not said who records this; give a public handle"
    )


def test_without_creating_only_topics_and_actors_on_record_are_named(
    sqlite_talks: str, tmp_path: Path
) -> None:
    file = written(tmp_path / "rows.jsonl", ROW)
    answer = standline("import", file, "--no-create", "--store", sqlite_talks)
    assert answer.status == REFUSED
    assert "there is no topic 'harbour'; import the line that brings it in before" in answer.err
    assert len(answered("topics", "--store", sqlite_talks)) == 14


def test_every_entry_can_be_put_under_one_topic(sqlite_talks: str, tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", ROW)
    done("import", file, "--topic", "eu-accession", "--store", sqlite_talks)
    ask = ("--topic", "eu-accession", "--actor", "ann-miller", "--store", sqlite_talks)
    assert answered("positions", *ask)[0]["stance"] == "accepts"
    assert refused("import", file, "--topic", "eu-acession", "--store", sqlite_talks) == (
        "there is no topic 'eu-acession'; did you mean eu-accession?"
    )


def piped(arguments: tuple[str, ...], content: bytes) -> Answer:
    command = [str(STANDLINE), *arguments]
    answer = subprocess.run(command, input=content, capture_output=True, check=False, timeout=60)
    return Answer(answer.returncode, answer.stdout.decode(), answer.stderr.decode())


@pytest.mark.thorough
def test_a_dash_stands_for_standard_input_packed_or_not(sqlite_url: str) -> None:
    command = ("import", "-", "--store", sqlite_url)
    plain = piped(command, lines(ROW).encode())
    assert (plain.status, plain.out.splitlines()[0]) == (DONE, "1 row recorded")
    packed = piped(command, gzip.compress(lines(ROW).encode()))
    assert (packed.status, packed.out) == (DONE, "1 known already\n")
    empty = piped(command, b"")
    assert (empty.status, empty.err) == (
        REFUSED,
        "standline: stdin: the file is empty; give a file with at least one row\n",
    )


def test_the_file_and_the_handle_are_told_of_every_event(sqlite_url: str, tmp_path: Path) -> None:
    file = written(tmp_path / "harbour.jsonl", ROW)
    done("import", file, "--by", "ann", "--store", sqlite_url)
    events = done("log", "--json", "--store", sqlite_url).objects
    assert {(event["recorded_by"], event["via"]) for event in events} == {
        ("ann", "import:harbour.jsonl")
    }


@pytest.mark.parametrize(("command", "formats"), [("import", importers), ("export", exporters)])
def test_the_formats_are_listed_in_the_help(
    command: str, formats: Callable[[], dict[str, object]]
) -> None:
    told = "".join(done(command, "--help").out.split())
    assert f"--format[{'|'.join(sorted(formats()))}]" in told


@pytest.mark.parametrize("words", [("export",), ("import", *TALKS)])
def test_a_format_that_is_not_known_is_wrong_usage(sqlite_talks: str, words: list[str]) -> None:
    line = one_line(standline(*words, "--format", "xml", "--store", sqlite_talks), USAGE)
    assert line.startswith("Invalid value for '--format': 'xml' is not one of ")


@pytest.mark.thorough
def test_a_full_log_makes_the_same_log_and_the_same_answers_in_the_other_kind_of_store(
    record: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    other = "postgres" if record.startswith("sqlite") else "sqlite"
    check_that_it_comes_in_again(record, request.getfixturevalue(f"{other}_url"), tmp_path)


def test_a_full_log_makes_the_same_log_and_the_same_answers_in_a_store_of_its_kind(
    talks: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    same = "sqlite" if talks.startswith("sqlite") else "postgres"
    empty = request.getfixturevalue(f"{same}_url").replace("newsroom", "empty")
    check_that_it_comes_in_again(talks, empty, tmp_path)


def check_that_it_comes_in_again(record: str, copy: str, tmp_path: Path) -> None:
    file = str(tmp_path / "whole.log.jsonl")
    assert done("export", "--format", "log", "-o", file, "--store", record).out == ""
    told = done("import", file, "--store", copy).out
    events = done("log", "--json", "--store", record)
    assert told == f"{len(events.objects):,} events restored\n"
    assert done("log", "--json", "--store", copy).out == events.out
    assert all_answers(copy) == all_answers(record)
    again = done("export", "--format", "log", "--store", copy).out
    assert again == (tmp_path / "whole.log.jsonl").read_text(encoding="utf-8")


def test_a_full_log_goes_on_where_it_ended(talks: str, sqlite_url: str, tmp_path: Path) -> None:
    copy = sqlite_url.replace("newsroom", "copy")
    file = str(tmp_path / "whole.log.jsonl")
    done("export", "--format", "log", "-o", file, "--store", talks)
    done("import", file, "--store", copy)
    row = written(tmp_path / "rows.jsonl", ROW)
    numbers = []
    for store in (talks, copy):
        done("import", row, "--store", store)
        numbers.append(done("log", "--json", "--store", store).objects[-1]["position"])
    assert numbers[0] == numbers[1]


def test_a_full_log_is_refused_by_a_store_that_holds_another(
    talks: str, sqlite_url: str, tmp_path: Path
) -> None:
    copy = sqlite_url.replace("newsroom", "copy")
    file = str(tmp_path / "whole.log.jsonl")
    done("import", written(tmp_path / "rows.jsonl", ROW), "--store", copy)
    done("export", "--format", "log", "-o", file, "--store", copy)
    assert done("import", file, "--store", copy).out == (
        "nothing to do: everything is on record already\n"
    )
    assert refused("import", file, "--store", talks) == (
        "whole.log.jsonl, position 1: the store is not empty and holds another log;"
        " name a new store with --store"
    )


@pytest.mark.thorough
@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_native_exports_come_in_again_with_the_same_positions(
    record: str, sqlite_url: str, tmp_path: Path, format_: str
) -> None:
    file = str(tmp_path / f"record.{format_}")
    done("export", "--format", format_, "-o", file, "--store", record)
    done("import", file, "--store", sqlite_url)

    def stances(store: str) -> list[tuple[str, str, str | None]]:
        found = answered("positions", "--store", store)
        return [(each["topic"], each["actor"], each["stance"]) for each in found]

    assert stances(sqlite_url) == stances(record)


def test_an_export_is_a_part_by_topic_actor_and_both_clocks(record: str) -> None:
    def said(*options: str) -> list[str]:
        rows = done("export", *options, "--store", record).objects
        return [row["said_at"] for row in rows if row.get("kind") == "statement"]

    ask = ("--topic", "cuba-embargo", "--actor", "united-states")
    every = said(*ask)
    assert len(every) > 20
    assert max(said(*ask, "--as-of", "2016-12-31")) == "2016-10-26"
    assert said(*ask, "--known-at", "@100") == []
    assert said(*ask, "--known-at", "2100-01-01T00:00:00Z") == every


def test_an_export_goes_to_standard_output_or_whole_into_a_file(
    sqlite_talks: str, tmp_path: Path
) -> None:
    printed = done("export", "--store", sqlite_talks).out
    file = tmp_path / "talks.jsonl"
    done("export", "-o", str(file), "--store", sqlite_talks)
    assert file.read_text(encoding="utf-8") == printed
    assert [path.name for path in tmp_path.iterdir() if "talks" in path.name] == [file.name]


def test_an_export_that_is_stopped_leaves_the_earlier_one_as_it_was(
    sqlite_talks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "talks.jsonl"
    file.write_text("earlier\n", encoding="utf-8")

    def stopped(_store: object, out: BinaryIO, *_: object) -> None:
        out.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "export", stopped)
    answer = standline("export", "-o", str(file), "--store", sqlite_talks)
    assert (answer.status, answer.out) == (INTERRUPTED, "")
    assert only_line(answer.err.lstrip("\n")) == "stopped"
    assert file.read_text(encoding="utf-8") == "earlier\n"
    assert [path.name for path in tmp_path.iterdir() if "talks" in path.name] == [file.name]


def test_an_export_into_what_is_no_file_leaves_it_what_it_is(
    sqlite_talks: str, tmp_path: Path
) -> None:
    printed = done("export", "--store", sqlite_talks).out
    assert done("export", "-o", "-", "--store", sqlite_talks).out == printed
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        done("export", "-o", str(pipe), "--store", sqlite_talks)
        assert reader.communicate()[0] == printed
    assert pipe.is_fifo()


def test_an_export_over_a_link_writes_the_file_that_it_leads_to(
    sqlite_talks: str, tmp_path: Path
) -> None:
    file, link = tmp_path / "talks.jsonl", tmp_path / "latest.jsonl"
    file.write_text("old")
    link.symlink_to(file)
    done("export", "-o", str(link), "--store", sqlite_talks)
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == done("export", "--store", sqlite_talks).out


def test_an_export_that_cannot_be_written_is_refused(sqlite_talks: str) -> None:
    line = refused("export", "-o", "/proc/talks.jsonl", "--store", sqlite_talks)
    assert line.startswith("cannot write /proc/talks.jsonl: ")
    assert line.endswith("; choose another place with -o")


def test_a_full_log_is_not_exported_in_part(sqlite_talks: str) -> None:
    ask = ("--format", "log", "--topic", "eu-accession", "--store", sqlite_talks)
    assert refused("export", *ask) == (
        "format: a full log is whole; choose --format jsonl for a part of the record"
    )


@pytest.mark.thorough
def test_the_log_of_the_demo_is_a_full_log(sqlite_url: str) -> None:
    done("import", str(FIXTURES / "demo.log.jsonl.gz"), "--store", sqlite_url)
    stories = {topic["story"] for topic in answered("topics", "--store", sqlite_url)}
    assert stories == {"berlin-talks", "fed", "un-votes"}


@pytest.mark.thorough
def test_an_import_shows_no_progress_where_nobody_watches(sqlite_url: str) -> None:
    answer = ended(started("import", *VOTES, "--store", sqlite_url))
    assert (answer.status, answer.err) == (DONE, "")


def test_a_row_that_was_mended_without_a_key_is_told_beside_what_it_said(tmp_path: Path) -> None:
    store = str(tmp_path / "news.db")
    file = tmp_path / "rows.jsonl"
    done("import", written(file, ROW), "--store", store)
    mended = written(file, ROW | {"stance": "opposes"})
    dry = standline("import", "--dry-run", mended, "--store", store)
    assert "1 of them beside an entry of the same actor, question, day and source" in dry.out
    answer = standline("import", mended, "--store", store)
    events = map(json.loads, done("log", "--json", "--store", store).out.splitlines())
    old, new = [event["position"] for event in events if event["type"] == "statement.recorded"]
    assert "1 of them beside an entry of the same actor, question, day and source" in answer.out
    assert f"rows.jsonl, line 1: #{new} stands beside #{old} of the same" in answer.err
    assert f"retract the earlier one (standline retract {old});" in answer.err
    assert f"rows.jsonl, line 1: it would stand beside #{old} of the same" in dry.err
    assert answer.status == DONE
    again = done("import", str(file), "--store", store)
    assert "beside" not in again.out + again.err


def test_a_key_that_a_row_is_given_later_is_told_beside_the_entry_that_has_none(
    tmp_path: Path,
) -> None:
    file, on = tmp_path / "rows.jsonl", ("--store", str(tmp_path / "news.db"))
    done("import", written(file, ROW), *on)
    keyed, update = written(file, ROW | {"key": "a:1"}), ("--update", "Mended.")
    answer = standline("import", keyed, *update, *on)
    assert "1 of them word for word as an entry that has no key" in answer.out
    (old,) = re.findall(r"line 1, column key: says word for word what #(\d+) says", answer.err)
    assert f"retract #{old} (standline retract {old}) if the key is to stay" in answer.err
    mended = written(file, ROW | {"key": "a:1", "stance": "opposes"})
    assert "1 entry corrected" in standline("import", mended, *update, *on).out
    done("retract", old, "--reason", "Twice.", *on)
    other = done("import", written(file, ROW | {"key": "a:2"}), *on)
    assert "word for word" not in other.out + other.err


def test_rows_with_a_key_or_of_another_day_stand_beside_nothing(tmp_path: Path) -> None:
    store = str(tmp_path / "news.db")
    file = tmp_path / "rows.jsonl"
    done("import", written(file, ROW), "--store", store)
    other = ROW | {"said_at": "2025-12-13"}
    keyed = ROW | {"stance": "opposes", "key": "a:1"}
    for how in (("--dry-run",), ()):
        answer = done("import", *how, written(file, other, keyed), "--store", store)
        assert "beside" not in answer.out + answer.err


@pytest.mark.thorough
def test_the_ending_of_the_file_says_what_an_export_writes(record: str, tmp_path: Path) -> None:
    for ending in ("csv", "jsonl", "dna"):
        named, asked = (str(tmp_path / f"{stem}.{ending}") for stem in ("named", "asked"))
        done("export", "-o", named, "--store", record)
        done("export", "--format", ending, "-o", asked, "--store", record)
        assert Path(named).read_bytes() == Path(asked).read_bytes()
