"""Quotes that a passage tells in its own words are taken, counted, and come back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk, row, without_clock

if TYPE_CHECKING:
    from pathlib import Path

TELLS = "Peskow sagte, man sei dagegen. „Das kommt nicht infrage“, sagte er."
TOLD = "man sei dagegen"


def quoting(quote: str, **changes: object) -> dict[str, object]:
    given = {"quote__text": quote, "passage__text": TELLS, "attribution": "quoted", "key": quote}
    return row(**(given | changes))


def test_a_quote_that_the_passage_tells_is_taken_and_counted(desk: Desk) -> None:
    summary = desk.take_rows(quoting(TOLD), quoting("Das kommt nicht infrage"))
    assert (summary.recorded, summary.narrated, summary.clean) == (2, 1, True)
    assert "1 quote that the passage tells in its own words, taken as it is" in summary.lines()
    (doubt,) = map(str, summary.doubts)
    assert "quote.text" in doubt
    assert f"{TOLD!r} is no quotation in the passage: quoted, or told?" in doubt


@pytest.mark.parametrize(
    "changes",
    [
        {"source__author": "Dmitry Peskov", "actor_name": "Dmitry Peskov"},
        {"source__author": "Dmitry Peskov"},
        {"quote__wording": "translated"},
        {"passage__text": None},
    ],
)
def test_own_and_translated_words_and_those_without_a_passage_are_not_counted(
    desk: Desk, changes: dict[str, object]
) -> None:
    summary = desk.take_rows(quoting(TOLD, **changes))
    assert (summary.recorded, summary.narrated) == (1, 0)


def test_a_record_with_such_a_quote_comes_back_as_it_was(desk: Desk, tmp_path: Path) -> None:
    desk.take_rows(quoting(TOLD))
    exported = desk.export()
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as other:
        assert other.take(other.file(exported)).recorded == 1
        assert without_clock(other.export()) == without_clock(exported)
