"""The clocks of a page: what they show, and the one name each has in addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.tiers import some_of
from tests.web.site import HTMX
from tests.web.test_cache_key import KEPT
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


OLD = "asof=2025-12-14&known=@20"
NEW = "as_of=2025-12-14&known_at=@20"
ONCE_CALLED = re.compile(r"""(?:[?&;]|name=["'])(?:asof|known)(?:=|["'])""")
PUBLISHED = sorted(path for paths in KEPT.values() for path in paths if "lang=" not in path)
"""An address of every page, picture, feed, embed and file that readers have."""


def with_query(path: str, query: str) -> str:
    kept = re.sub(r"(?<=[?&])(?:as_of|known_at)=[^&]*&?", "", path).rstrip("?&")
    return f"{kept}{'&' if '?' in kept else '?'}{query}"


def test_an_address_with_the_old_names_of_its_clocks_leads_to_the_new_ones(paper: Paper) -> None:
    for path in PUBLISHED:
        for headers in ({}, HTMX):
            answer = paper.open(with_query(path, OLD), **headers)
            told = (answer.status_code, answer.headers.get("Location"))
            assert told == (301, with_query(path, NEW)), path


@pytest.mark.thorough
def test_what_an_old_address_leads_to_answers_as_the_new_one_does(paper: Paper) -> None:
    for path in PUBLISHED:
        old = paper.reader.get(with_query(path, OLD), follow_redirects=True)
        new = paper.reader.get(with_query(path, NEW), follow_redirects=True)
        assert (old.status_code, old.mimetype) == (new.status_code, new.mimetype), path
        assert old.status_code == 200 or path.startswith(("/api/", "/s/")), path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/t/a?actor=b&asof=2025&actor=a&lang=de", "/t/a?actor=b&as_of=2025&actor=a&lang=de"),
        ("/t/un%3Fion?asof=2025", "/t/un%3Fion?as_of=2025"),
        ("/%5Cexample.org?known=@3", "/%5Cexample.org?known_at=@3"),
        ("/t/a.atom?known=2025-12-14T10%2B01:00", "/t/a.atom?known_at=2025-12-14T10%2B01:00"),
    ],
)
def test_all_else_of_an_old_address_stays(paper: Paper, asked: str, meant: str) -> None:
    assert paper.open(asked).headers["Location"] == meant


@pytest.mark.scaled
def test_the_site_writes_no_clock_by_an_old_name(paper: Paper) -> None:
    for path in some_of(PUBLISHED, 20):
        for asked in (path, with_query(path, NEW)):
            told = paper.reader.get(asked, follow_redirects=True).get_data()
            assert not ONCE_CALLED.findall(told.decode(errors="replace")), asked
