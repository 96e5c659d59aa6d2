"""The log on the command line, from one position to another and as it grows."""

from __future__ import annotations

import json
import signal

import pytest

from tests.cli.terminal import DONE, INTERRUPTED, answered, done, ended, ran, started
from tests.support.loaded_processes import LoadedCommand

EVENT = ["position", "type", "subject", "recorded_at", "recorded_by", "via", "data"]
DEVELOPMENT = (
    "record",
    "development",
    "--topic",
    "eu-accession",
    "--title",
    "The talks end",
    "--happened-at",
    "2025-12-16",
    "--source-outlet",
    "Der Standard",
    "--source-published-at",
    "2025-12-16",
)


def test_each_event_is_one_object_a_line_with_the_keys_of_the_contract(record: str) -> None:
    events = done("log", "--json", "--store", record).objects
    assert len(events) > 3_000
    for event in events:
        assert list(event) == EVENT
        assert isinstance(event["data"], dict)
    positions = [event["position"] for event in events]
    assert positions == sorted(set(positions))
    assert {event["via"] for event in events} == {
        "import:berlin-talks.jsonl",
        "import:un-votes.csv.gz",
    }


def test_said_dates_are_in_the_data_as_they_were_given(record: str) -> None:
    events = done("log", "--json", "--store", record).objects
    said = {event["data"].get("said_at") for event in events if "statement" in event["type"]}
    assert {"../2025-12-15", "2025-12-15~", "1992-11", "2016-10-26"} <= said


def test_a_range_begins_and_ends_where_it_is_told_to(record: str) -> None:
    def positions(*options: str) -> list[int]:
        answer = done("log", *options, "--json", "--store", record)
        return [event["position"] for event in answer.objects]

    every = positions()
    assert positions("--from", "100", "--until", "200") == [n for n in every if 100 <= n <= 200]
    assert positions("--until", "5") == [n for n in every if n <= 5]
    assert positions("--from", str(every[-2])) == every[-2:]
    assert positions("--until", "999999999999999") == every
    assert positions("--from", "0", "--until", "0") == []
    assert positions("--from", "7", "--until", "6") == []
    assert positions("--from", str(every[-1] + 1)) == []


def test_without_json_an_event_is_a_line_of_text(record: str) -> None:
    lines = done("log", "--until", "3", "--store", record).out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    assert all("import:berlin-talks.jsonl" in line for line in lines)


def test_whoever_follows_sees_what_is_recorded_meanwhile(talks: str) -> None:
    head = done("log", "--json", "--store", talks).objects[-1]["position"]
    process = LoadedCommand("log", "--follow", "--json", "--from", str(head), "--store", talks)
    assert json.loads(process.stdout.readline())["position"] == head
    number = int(done(*DEVELOPMENT, "--store", talks).out)
    told = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [event["type"] for event in told] == ["document.filed", "development.recorded"]
    assert told[-1]["position"] == number
    process.send_signal(signal.SIGINT)
    answer = ended(process)
    assert (answer.status, answer.err.strip()) == (INTERRUPTED, "standline: stopped")


@pytest.mark.thorough
def test_following_ends_where_it_was_told_to(talks: str) -> None:
    head = done("log", "--json", "--store", talks).objects[-1]["position"]
    upto = ("--from", str(head), "--follow", "--until")
    assert len(ran("log", *upto, str(head), "--json", "--store", talks).objects) == 1
    process = LoadedCommand("log", *upto, str(head + 2), "--json", "--store", talks)
    done(*DEVELOPMENT, "--store", talks)
    assert len(ended(process).objects) == 3


@pytest.mark.thorough
@pytest.mark.parametrize("command", ["log", "export"])
def test_whoever_reads_only_the_first_line_causes_no_error(record: str, command: str) -> None:
    with started(command, "--store", record) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        trouble = process.stderr.read()
    assert (process.returncode, trouble) == (DONE, "")


@pytest.mark.thorough
def test_an_answer_that_finds_no_room_is_told_in_one_line(sqlite_talks: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        process = started("topics", "--store", sqlite_talks, stdout=full)
        answer = ended(process)
    assert answer.status == 1
    assert answer.err.startswith("standline: No space left on device; ")


def test_the_log_is_told_whole_while_somebody_records(talks: str) -> None:
    writers = [
        LoadedCommand(*DEVELOPMENT[:5], f"Round {n}", *DEVELOPMENT[6:], "--store", talks)
        for n in range(3)
    ]
    seen = answered("topics", "--store", talks)
    numbers = sorted(int(ended(writer).out) for writer in writers)
    assert len(seen) == 14
    told = done("log", "--json", "--store", talks).objects
    recorded = [e["position"] for e in told if e["type"] == "development.recorded"]
    assert recorded[-3:] == numbers
