"""Entries and the texts of their sources: found again, or no longer there, and never moved."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from timeline.application.commands import Excerpt, RecordStatement, Source
from timeline.bootstrap import Services, open_store
from timeline.projections.queries import anchors
from timeline.projections.queries.anchors import CheckedDocument, check_documents, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = "Anna Kern sagte, die Stadt werde die Brücke bauen."
ASKED = "Jo Neu fragte, was das alles am Ende kosten solle und wer dafür bezahle."
TEXT = f"Es schneite am Morgen. {SAID} {ASKED} Dann gingen alle nach Hause."


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with closing(open_store(f"sqlite:///{tmp_path / 'newsroom.db'}")) as services:
        byline = services.newsroom.byline("ann")
        services.newsroom.topics.open(byline, "Should the bridge be built?", "position", slug="b")
        services.newsroom.actors.introduce(byline, "Anna Kern", "person", slug="kern")
        yield services


def say(services: Services, words: str, url: str = "https://example.org/a") -> tuple[str, int]:
    """Record a statement with its passage, and return its source and its number."""
    fields: dict[str, Any] = {
        "topic": "b",
        "actor": "kern",
        "stance": "supports",
        "paraphrase": "Says so.",
        "said_at": "2025-12-15",
        "passage": Excerpt(words),
        "source": Source(url=url, title=f"From {url}", published_at="2025-12-15"),
    }
    byline = services.newsroom.byline("ann")
    number = services.newsroom.statements.record(byline, RecordStatement(**fields)).position
    said: Any = services.log.event(number)
    return said.document, number


def keep(services: Services, document: str, text: str) -> None:
    services.newsroom.documents.take_snapshot(services.newsroom.byline("ann"), document, text)


def checked(services: Services) -> list[CheckedDocument]:
    services.models.catch_up()
    with services.models.engine().connect() as conn:
        return list(check_documents(conn, services.log))


def test_entries_are_found_in_the_text_of_their_source(services: Services) -> None:
    document, _ = say(services, SAID)
    say(services, ASKED)
    keep(services, document, TEXT)
    (found,) = checked(services)
    assert found == CheckedDocument(document, "From https://example.org/a", 1, 2, 2, ())


def test_in_a_later_text_they_are_found_where_they_stand_now_or_told_as_missing(
    services: Services,
) -> None:
    document, number = say(services, SAID)
    say(services, ASKED)
    keep(services, document, TEXT)
    keep(services, document, f"Nachtrag der Redaktion. {ASKED}")
    (found,) = checked(services)
    assert (found.texts, found.entries, found.found) == (2, 2, 1)
    assert found.missing == (number,)
    assert services.log.head() == len(list(services.log.stream(0)))


def test_two_texts_of_one_report_are_known_as_such(services: Services) -> None:
    first, _ = say(services, SAID)
    keep(services, first, TEXT)
    copy, _ = say(services, SAID, "https://example.net/b")
    keep(services, copy, f"(agency) {TEXT}")
    other, _ = say(services, "Nothing.", "https://example.net/c")
    keep(services, other, "Ein ganz anderer Bericht über etwas, das anderswo geschah. Nothing.")
    assert [document.alike for document in checked(services)] == [(copy,), (first,), ()]


def test_what_many_texts_end_with_makes_none_of_them_alike(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchors, "MOST_HOLDERS", 3)
    footer = " ".join(f"word{at}" for at in range(40))
    kept: list[str] = []
    for report in ("one", "two", "three", "four", "one"):
        document, _ = say(services, report, f"https://example.org/{len(kept)}")
        keep(services, document, f"Only here {report} is told, and of {report} alone. {footer}")
        kept.append(document)
    first, *_, last = kept
    assert [one.alike for one in checked(services)] == [(last,), (), (), (), (first,)]


def test_a_source_without_a_text_is_not_looked_at(services: Services) -> None:
    say(services, SAID)
    assert checked(services) == []


def test_words_are_sought_from_where_they_stood() -> None:
    assert place_of("no, no", "no", 3) == 4
    assert place_of("no, no", "no", 5) == 0
    assert place_of("no, no", "yes") == -1
    assert place_of("no, no", "") == -1
