from __future__ import annotations

import pytest

from tests.application.newsdesk import START, Newsdesk
from timeline.domain.errors import Refused


def test_a_byline_says_who_when_and_by_which_way(desk: Newsdesk) -> None:
    byline = desk.newsroom.byline(" anna ", "import:rows.csv", "click-1")
    assert byline.at > START
    assert (byline.by, byline.via, byline.key) == ("anna", "import:rows.csv", "click-1")


@pytest.mark.parametrize("by", ["", "  ", "an\0na", "\ud800"])
def test_nobody_records_without_a_handle(desk: Newsdesk, by: str) -> None:
    with pytest.raises(Refused) as no:
        desk.newsroom.byline(by)
    assert no.value.field == "by"


def test_a_file_name_that_is_no_text_is_refused_rather_than_stored(desk: Newsdesk) -> None:
    with pytest.raises(Refused, match="via: "):
        desk.newsroom.byline("anna", "import:\udcff.csv")
