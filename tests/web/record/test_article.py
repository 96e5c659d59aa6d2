from __future__ import annotations

import pytest

from timeline.domain.text import without_unfit
from web.record.source_text.article import anchor, composed, passage


@pytest.mark.parametrize("value", ["", "3", "a-b", "5-2", "0-99", "-1-2"])
def test_offsets_that_lie_nowhere_are_no_passage(value: str) -> None:
    assert passage("ten chars.", value) is None


def test_words_are_anchored_near_their_passage_or_else_anywhere() -> None:
    assert anchor("no, no", "no", 3).start == 4
    assert anchor("no, no", "no", 5).start == 0
    assert anchor("no, no", "yes").start == -1


def test_a_text_is_composed_and_rid_of_what_nobody_sees() -> None:
    assert composed("e\u0301") == "é"
    assert without_unfit("a\u200fb\x00c\nd") == "abc\nd"
