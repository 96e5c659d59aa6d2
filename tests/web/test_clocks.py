"""The clocks of a page: what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.wording.clocks import Clocks, read_clocks

if TYPE_CHECKING:
    from tests.web.paper import Paper

NOW = 1_765_900_000


@pytest.mark.parametrize(
    ("args", "english", "german"),
    [
        ({}, [], []),
        ({"as_of": "2025-08-01"}, ["as of 1 Aug 2025"], ["Stand vom 1. Aug. 2025"]),
        (
            {"as_of": "2025-08-01T12:30Z"},
            ["as of 1 Aug 2025, 12:30 UTC"],
            ["Stand vom 1. Aug. 2025, 12:30 UTC"],
        ),
        (
            {"known_at": "@12"},
            ["known at event 12 of the log"],
            ["bekannt bei Vorgang 12 des Protokolls"],
        ),
        ({"known_at": "2025-12-14"}, ["known on 14 Dec 2025"], ["bekannt am 14. Dez. 2025"]),
        (
            {"known_at": "2025-12-14T11:30:05+01:00"},
            ["known on 14 Dec 2025, 10:30 UTC"],
            ["bekannt am 14. Dez. 2025, 10:30 UTC"],
        ),
        (
            {"as_of": "2025-08", "known_at": "@12"},
            ["as of 31 Aug 2025", "known at event 12 of the log"],
            ["Stand vom 31. Aug. 2025", "bekannt bei Vorgang 12 des Protokolls"],
        ),
    ],
)
def test_clocks_are_told_as_the_reader_writes_moments(
    paper: Paper, args: dict[str, str], english: list[str], german: list[str]
) -> None:
    assert _told(paper, args) == english
    assert _told(paper, args, "de") == german


def test_a_clock_at_now_names_its_day_where_that_is_asked_for(paper: Paper) -> None:
    with paper.app.test_request_context():
        assert Clocks().in_words(NOW) == ["as of 16 Dec 2025"]
        assert Clocks(as_of=NOW - 86_400).in_words(NOW) == ["as of 15 Dec 2025"]
        assert Clocks(known_at=7).in_words(NOW) == [
            "as of 16 Dec 2025",
            "known at event 7 of the log",
        ]


def _told(paper: Paper, args: dict[str, str], lang: str = "en") -> list[str]:
    with (
        paper.services.models.engine().connect() as conn,
        paper.app.test_request_context(headers={"Accept-Language": lang}),
    ):
        return read_clocks(conn, args).in_words()
