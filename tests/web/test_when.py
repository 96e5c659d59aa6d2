"""Dates of changes are as exact as their words, and have their year where it is another one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from tests.web.site import plain
from timeline.application.commands import Quoted, Source
from timeline.domain.dates import parse_date
from web.i18n import dates
from web.wording.when import changed_on, on_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.web.paper import Paper
    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry


@pytest.mark.parametrize(
    ("edtf", "english", "german"),
    [
        ("2026-07-31", "on 31 Jul 2026", "am 31. Juli 2026"),
        ("2026-07", "in Jul 2026", "im Juli 2026"),
        ("2026", "in 2026", "im Jahr 2026"),
        (
            "2026-05-20/2026-05-21",
            "on 20\N{EN DASH}21 May 2026",
            "am 20.\N{EN DASH}21. Mai 2026",
        ),
        ("../2026-07-31", "on or before 31 Jul 2026", "spätestens 31. Juli 2026"),
    ],
)
def test_a_sentence_names_no_day_that_no_source_names(
    paper: Paper, edtf: str, english: str, german: str
) -> None:
    with paper.app.test_request_context():
        assert on_date(edtf) == english
    with paper.app.test_request_context(headers={"Accept-Language": "de"}):
        assert on_date(edtf) == german


@pytest.mark.parametrize(
    ("edtf", "this_year", "another"),
    [
        ("2026-07-31", "31 Jul", "31 Jul 2026"),
        ("2026-07", "Jul", "Jul 2026"),
        ("2026", "2026", "2026"),
        ("2026-05-20/2026-05-21", "20\N{EN DASH}21 May", "20\N{EN DASH}21 May 2026"),
        ("../2026-07-31", "on or before 31 Jul 2026", "on or before 31 Jul 2026"),
    ],
)
def test_a_year_is_left_out_where_it_is_this_one(
    paper: Paper, edtf: str, this_year: str, another: str
) -> None:
    with paper.app.test_request_context():
        assert dates.said_within(edtf, 2026) == this_year
        assert dates.said_within(edtf, 2027) == another


def test_a_change_is_dated_by_the_words_that_made_it(paper: Paper) -> None:
    month = parse_date("2026-07")
    change = SimpleNamespace(after=(1, 2), withdrawn_by=(), counts_from=month.latest, day=20_665)
    said = {
        1: SimpleNamespace(said_at="2026-07-03", counts_from=0),
        2: SimpleNamespace(said_at="2026-07", counts_from=month.latest),
    }
    with paper.app.test_request_context():
        known = cast("Mapping[int, StatementEntry]", said)
        assert changed_on(cast("Change", change), known) == "Jul 2026"
        assert changed_on(cast("Change", change), {}) == "31 Jul 2026"


UNDATED = Source(outlet="Invented Post", url="https://example.org/undated")


def say_exactly_and_then_vaguely(paper: Paper, exactly: str, vaguely: str) -> int:
    """Put two quotes of Cland on record that differ; the source of the second has no day."""
    quote = Quoted(text="It is near", lang="en", wording="original")
    paper.say("exact", "cland", "thinks likely", exactly, topic="deal", quote=quote)
    quote = Quoted(text="It is far", lang="en", wording="original")
    told = {"topic": "deal", "quote": quote, "source": UNDATED}
    return paper.say("vague", "cland", "thinks unlikely", vaguely, **told)


def test_words_that_may_have_been_said_first_change_nothing_and_say_so(paper: Paper) -> None:
    number = say_exactly_and_then_vaguely(paper, "2025-10-17", "2025-10")
    paper.sign()
    why = plain(paper.open("/t/deal/why/cland").text)
    assert "May have been said later; the order of the two is unclear" in why
    for path in ("/t/deal", f"/s/{number}", "/a/cland", "/story/talks"):
        assert "Cland turned" not in plain(paper.open(path).text), path


def test_words_that_came_after_for_sure_say_nothing_of_it(paper: Paper) -> None:
    number = say_exactly_and_then_vaguely(paper, "2025-09-30", "2025-10")
    for path in ("/t/deal", f"/s/{number}", "/t/deal/why/cland", "/story/talks"):
        assert "said first is open" not in plain(paper.open(path).text), path


@pytest.mark.parametrize(("exactly", "follows"), [("2025-09-30", True), ("2025-10-17", False)])
def test_the_front_page_follows_no_change_whose_order_is_open(
    paper: Paper, exactly: str, *, follows: bool
) -> None:
    number = say_exactly_and_then_vaguely(paper, exactly, "2025-10")
    paper.sign()
    example = paper.open("/").text.partition('id="example-h"')[2].partition("</section>")[0]
    assert (f"/s/{number}" in example) is follows
