"""Coverage goes out with its topic, and comes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, row, topic, topic_line

if TYPE_CHECKING:
    from pathlib import Path

STILL: dict[str, Any] = {"since": "2025-05-06", "outlets": ["Invented Post", "Its feed"]}
ENDED: dict[str, Any] = STILL | {
    "until": "2025-06-30",
    "actor": "dmitry-peskov",
    "how": "searched",
    "note": "on workdays",
}
LINE: dict[str, Any] = {"kind": "topic", "topic": "eu-accession", "coverage": [STILL, ENDED]}


def test_all_of_it_comes_in_and_goes_out_with_its_topic(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), LINE)
    assert summary.clean
    assert summary.coverage == 2
    assert [event.watch for event in desk.events("topic.watched")] == [1, 2]
    assert topic_line(desk)["coverage"] == [STILL, ENDED]


def test_read_again_nothing_changes_but_what_ended_since(desk: Desk) -> None:
    desk.take_rows(row(key="1"), LINE)
    head = desk.log.head()
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"coverage": [{**ENDED, "until": ""}]})  # an older file opens nothing
    assert desk.log.head() == head
    desk.take_rows(LINE | {"coverage": [{**STILL, "until": "2025-07-01"}]})
    assert topic(desk).watches[1].until == "2025-07-01"


def test_a_file_says_how_it_was_watched_where_nobody_did_and_an_older_one_takes_nothing_away(
    desk: Desk,
) -> None:
    desk.take_rows(row(key="1"), LINE)
    desk.take_rows(LINE | {"coverage": [STILL | {"how": "followed"}]})
    head = desk.log.head()
    assert (topic(desk).watches[1].how, topic(desk).watches[2].how) == ("followed", "searched")
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"coverage": [STILL | {"how": "complete"}]})
    assert desk.log.head() == head
    desk.take_rows(LINE | {"coverage": [STILL | {"until": "2025-07-01"}]})
    assert topic(desk).watches[1].how == "followed"


def test_for_whose_words_somebody_watched_comes_along_though_it_never_spoke(
    desk: Desk, tmp_path: Path
) -> None:
    silent = {"kind": "actor", "actor": "ann", "actor_name": "Ann"}
    desk.take_rows(row(key="1"), silent, LINE | {"coverage": [{**STILL, "actor": "ann"}]})
    out = desk.file(desk.export(topic="eu-accession"), "out.jsonl")
    with Desk.opened(f"sqlite:///{tmp_path}/other.db", tmp_path) as other:
        assert other.take(out).clean
        assert topic_line(other) == topic_line(desk)


@pytest.mark.parametrize(
    ("coverage", "why"),
    [
        ({"since": "soon", "outlets": ["x"]}, "soon"),
        ({"since": "2025"}, "outlets"),
        ({"since": "2025", "outlets": []}, "where"),
        ({"since": "2025", "outlets": ["x"], "whom": "y"}, "whom"),
        ({"since": "2025", "outlets": ["x"], "how": "dreamt"}, "dreamt"),
    ],
)
def test_nonsense_is_refused_by_name(desk: Desk, coverage: dict[str, Any], why: str) -> None:
    assert why in desk.refusal(row(key="1"), LINE | {"coverage": [coverage]})


def test_where_nothing_may_be_created_no_coverage_is(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    assert "other coverage" in desk.refusal(LINE, creates=False)
