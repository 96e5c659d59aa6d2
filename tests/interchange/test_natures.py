"""What a topic asks for goes out with it, and comes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, row, topic

if TYPE_CHECKING:
    from pathlib import Path

NATURES: list[dict[str, Any]] = [
    {"asks": "position", "limit_months": 12, "prints": "derived"},
    {"asks": "decision", "recurring": True, "reason": "The board decides."},
]
LINE: dict[str, Any] = {"kind": "topic", "topic": "eu-accession", "natures": NATURES}


def test_it_comes_in_with_its_topic_and_read_again_changes_nothing(desk: Desk) -> None:
    assert desk.take_rows(row(key="1"), LINE).clean
    assert topic(desk).nature.recurring
    head = desk.log.head()
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"natures": NATURES[:1]})  # an older file takes nothing away
    assert desk.log.head() == head


def test_what_is_asked_for_again_comes_back_and_goes_on_what_is_on_record(
    desk: Desk, tmp_path: Path
) -> None:
    back = [*NATURES, NATURES[0] | {"reason": "No longer."}]
    desk.take_rows(row(key="1"), LINE)
    desk.take_rows(LINE | {"natures": back})
    assert [nature.recurring for nature, _ in topic(desk).natures] == [False, True, False]
    head = desk.log.head()
    for some in (back, NATURES, NATURES[:1]):
        desk.take_rows(LINE | {"natures": some})
    assert desk.log.head() == head
    with Desk.opened(f"sqlite:///{tmp_path}/there.db", tmp_path) as other:
        (tmp_path / "out.jsonl").write_text(desk.export("jsonl"), "utf-8", newline="")
        assert other.take(tmp_path / "out.jsonl").clean
        assert topic(other).natures == topic(desk).natures


@pytest.mark.parametrize(
    ("nature", "why"),
    [
        ({"asks": "wish"}, "wish"),
        ({"recurring": True}, "asks"),
        ({"asks": "fact", "x": 1}, "x"),
        ({"asks": "fact", "prints": "all"}, "does not print"),
    ],
)
def test_nonsense_is_refused_by_name(desk: Desk, nature: dict[str, Any], why: str) -> None:
    assert why in desk.refusal(row(key="1"), LINE | {"natures": [nature]})


def test_where_nothing_may_be_created_nothing_is_said(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    assert "asks for something else" in desk.refusal(LINE, creates=False)
