"""Recoded rows become corrections where somebody asks for it with a reason, and never silently."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Desk, row
from tests.support.tiers import scaled
from timeline.domain.statement import Statement

if TYPE_CHECKING:
    from timeline.interchange import Summary

WHY = "coded anew"
STANCES = ("opposes", "doubts", "accepts", "supports")
FIELDS = {
    "stance": STANCES,
    "paraphrase": ("A.", "B.", ""),
    "said_at": ("2025-12-10", "2025-12-11"),
    "hedge": ("might", ""),
    "actor": ("Ann", "Ben"),
}
CODED = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELDS.items()})


def coded(given: dict[str, str], **more: object) -> dict[str, Any]:
    return row(key="talks:1", actor_kind="person", **(given | more))


def now(desk: Desk) -> dict[str, Any]:
    """Return the only statement as it stands, in the words of a row."""
    rows = [json.loads(line) for line in desk.export().splitlines()]
    (told,) = [one for one in rows if "stance" in one]
    return {name: told.get(name, "") for name in FIELDS} | {"actor": told["actor_name"]}


def update(desk: Desk, *rows: dict[str, Any], **options: Any) -> Summary:  # noqa: ANN401
    return desk.take_rows(*rows, update=WHY, **options)


def test_a_recoded_row_is_a_conflict_until_somebody_asks_for_a_correction(desk: Desk) -> None:
    first, again = row(key="1"), row(key="1", stance="doubts")
    desk.take_rows(first)
    assert "with another stance; correct the record, or the row" in desk.refusal(again)
    summary = update(desk, again)
    assert (summary.corrected, summary.clean, summary.lines()) == (1, True, ["1 entry corrected"])
    assert [str(rejection) for rejection in summary.corrections] == [
        "rows.jsonl, line 1: #4: stance accepts → doubts"
    ]
    correction = desk.event("statement.corrected")
    assert (correction.field, correction.content.reason, correction.material) == (
        "stance",
        WHY,
        True,
    )
    assert correction.via == "import:rows.jsonl"


def test_a_dry_run_shows_the_corrections_and_makes_none(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    summary = update(desk, row(key="1", stance="doubts", actor="Ann"), dry_run=True)
    assert summary.lines() == [
        "1 entry would be corrected",
        "1 actor would be introduced",
        "1 of them of unknown kind, since nothing says what they are",
    ]
    (correction,) = summary.corrections
    assert "actor dmitry-peskov → ann; stance accepts → doubts" in str(correction)
    assert desk.events("statement.corrected") == []


def test_a_correction_brings_what_is_new_to_it(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    changes = {"source__title": "Another article", "topic_question": "Should Kyiv join?"}
    update(desk, row(key="1", **changes), row(key="2", topic_question=None))
    assert [event.content.question for event in desk.events("topic.reworded")] == [
        "Should Kyiv join?"
    ]
    assert {event.field for event in desk.events("statement.corrected")} == {"wording", "document"}
    assert [event.wording for event in desk.events("statement.recorded")] == [1, 2]


def test_a_correction_that_no_rule_allows_refuses_the_row(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    summary = update(desk, row(key="1", stance="perhaps"))
    assert (summary.rejected, summary.corrected) == (1, 0)


def test_an_entry_of_another_kind_stays_a_conflict(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    happened = {"kind": "development", "title": "Talks", "happened_at": "2025-12-14", "key": "1"}
    assert update(desk, happened | {"topics": ["eu-accession"]}).conflicting == 1


def test_erased_words_do_not_come_back(desk: Desk) -> None:
    desk.take_rows(row(key="1", paraphrase="A."))
    desk.newsroom.statements.redact(desk.anna(), 4, "Art. 17 GDPR")
    summary = update(desk, row(key="1", paraphrase="B.", stance="doubts"))
    assert (summary.corrected, summary.erased + summary.rejected) == (0, 1)


@settings(max_examples=scaled(20))
@given(
    first=CODED,
    recoded=CODED,
    edited=st.dictionaries(st.sampled_from(["stance", "paraphrase"]), st.none(), max_size=2),
    stance=st.sampled_from(STANCES),
    words=st.sampled_from("XY"),
)
def test_an_update_corrects_what_the_row_says_otherwise_and_undoes_nobody_s_work(
    first: dict[str, str], recoded: dict[str, str], edited: dict[str, None], stance: str, words: str
) -> None:
    by_hand = {"stance": stance, "paraphrase": words}
    by_hand = {name: value for name, value in by_hand.items() if name in edited}
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/update.db", Path(folder)) as desk,
    ):
        desk.take_rows(coded(first))
        number = next(n for n, event in desk.log.stream() if event.TOPIC == "statement.recorded")
        if by_hand:
            desk.newsroom.statements.correct(desk.anna(), number, by_hand, "by hand")
        expected = {
            name: recoded[name] if recoded[name] != first[name] else by_hand.get(name, first[name])
            for name in FIELDS
        }
        before = now(desk)
        summary = update(desk, coded(recoded))
        assert now(desk) == expected
        assert summary.corrected == (expected != before)
        head = desk.log.head()
        for again in (update(desk, coded(recoded)), desk.take_rows(coded(recoded))):
            assert (again.known, again.clean) == (1, True)
        assert desk.log.head() == head


def test_many_rows_are_corrected_at_once_each_by_itself(desk: Desk) -> None:
    rows = [row(key=str(number), said_at=f"2025-12-{number + 1:02}") for number in range(12)]
    desk.take_rows(*rows, batch=5)
    recoded = [one | {"stance": "doubts"} if n % 2 else one for n, one in enumerate(rows)]
    summary = update(desk, *recoded, batch=5)
    assert (summary.corrected, summary.known) == (6, 6)
    statements = [
        Statement.replay(desk.log.stream_of(event.originator_id))
        for event in desk.events("statement.recorded")
    ]
    assert [statement.fields["stance"] for statement in statements if statement] == [1, -1] * 6


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_corrected(desk: Desk, reason: str) -> None:
    desk.take_rows(row(key="1"))
    summary = desk.take_rows(row(key="1", stance="doubts"), update=reason)
    assert (summary.corrected, summary.rejected) == (0, 1)
    assert "a reason is missing" in summary.rejections[0].reason
