from __future__ import annotations

import json
import tarfile
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk
from tests.support.neighbours import beside
from timeline.domain.errors import Refused
from timeline.interchange.foreign import feed
from timeline.interchange.foreign.feed import FeedFormat
from timeline.interchange.formats.opening import open_source
from timeline.interchange.formats.source_row import Layout

if TYPE_CHECKING:
    from pathlib import Path

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour News</title>
<language>de</language>
<item><title>Ein &lt;b&gt;Hafen&lt;/b&gt;</title><link>https://example.org/1</link>
<pubDate>Tue, 16 Dec 2025 10:00:00 +0100</pubDate><dc:creator>A. Reporter</dc:creator></item>
<item><title>Only a title</title></item>
<item><description>Nothing names it</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour News</title>
<entry><title>One</title><link href="https://example.org/2"/><published>2025-12</published>
<updated>2025-12-20T00:00:00Z</updated></entry>
<entry><title>Two</title><link href="https://example.org/3"/><updated>2025-12-20T00:00:00Z</updated>
</entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour News",
        "language": "en",
        "items": [
            {
                "id": "1",
                "url": "https://example.org/4",
                "title": "Four",
                "date_published": "2025-12-16T10:00:00+01:00",
                "authors": [{"name": "A"}, {"name": "B"}],
            },
            {"id": "2", "url": "javascript:alert(1)", "title": "Five"},
        ],
    }
)


def documents(desk: Desk) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in desk.export().splitlines()]
    return [row["source"] for row in rows if row["kind"] == "document"]


def test_entries_of_rss_are_filed_as_documents(desk: Desk) -> None:
    summary = desk.take(desk.file(RSS, "feed.xml"))
    assert (summary.documents_filed, summary.recorded, summary.clean) == (2, 2, True)
    assert summary.left_out == {"entry without a title or an address": 1}
    assert documents(desk) == [
        {
            "outlet": "Harbour News",
            "title": "Ein Hafen",
            "url": "https://example.org/1",
            "author": "A. Reporter",
            "published_at": "2025-12-16T09:00:00Z",
            "lang": "de",
        },
        {"outlet": "Harbour News", "title": "Only a title", "lang": "de"},
    ]
    assert desk.events("statement.recorded") == []


def test_a_date_of_atom_is_no_more_exact_than_it_is_given(desk: Desk) -> None:
    desk.take(desk.file(ATOM, "feed.atom"))
    one, two = documents(desk)
    assert (one["published_at"], one["lang"]) == ("2025-12", "en")
    assert "published_at" not in two


def test_so_are_those_of_a_json_feed(desk: Desk) -> None:
    desk.take(desk.file(JSON, "feed.json"))
    four, five = documents(desk)
    assert four["published_at"] == "2025-12-16T10:00:00+01:00"
    assert (four["author"], four["lang"]) == ("A, B", "en")
    assert five == {"outlet": "Harbour News", "title": "Five", "lang": "en"}


def test_what_is_no_item_of_a_json_feed_is_counted_too(desk: Desk) -> None:
    given = json.loads(JSON)
    given["items"] += ["six", None]
    summary = desk.take(desk.file(json.dumps(given), "feed.json"))
    assert summary.left_out == {"entry without a title or an address": 2}


def test_the_same_feed_again_files_nothing(desk: Desk) -> None:
    for _ in range(2):
        summary = desk.take(desk.file(RSS, "feed.xml"))
    assert (summary.recorded, summary.known) == (0, 2)


def test_what_was_filed_comes_back_from_an_export(desk: Desk) -> None:
    desk.take(desk.file(RSS, "feed.xml"))
    for form in ("jsonl", "csv"):
        again = desk.take(desk.file(desk.export(form), f"export.{form}"))
        assert (again.known, again.clean) == (2, True)


def test_a_document_that_a_statement_is_taken_from_has_no_line_of_its_own(desk: Desk) -> None:
    desk.take(desk.file(RSS, "feed.xml"))
    source = {"title": "Ein Hafen", "url": "https://example.org/1", "published_at": "2025-12-16"}
    said = {"topic": "harbour", "actor": "Ann", "stance": "asserts", "source": source}
    assert desk.take_rows(said).documents_filed == 0
    assert [document["title"] for document in documents(desk)] == ["Only a title"]


def test_a_line_of_a_document_that_names_nothing_is_refused(desk: Desk) -> None:
    told = desk.refusal({"kind": "document", "source": {"lang": "de"}})
    assert "the source has no outlet, title or address" in told


NO_NAME = RSS.encode().replace(b"utf-8", b"\x00tf-8")
"""A feed whose encoding has a name that no encoding can have."""


@pytest.mark.parametrize("content", [b"<html><p>x</p></html>", b"{}", b"\x00\x01", NO_NAME])
def test_what_is_no_feed_is_refused_in_a_line(desk: Desk, content: bytes) -> None:
    with pytest.raises(Refused, match="neither an RSS or Atom feed nor a JSON feed"):
        desk.take(desk.file(content, "feed.xml"), format="feed")


def test_what_a_file_says_is_never_taken_for_the_name_of_another(desk: Desk) -> None:
    other = desk.file(RSS, "feed.xml")
    for name in (str(other), other.as_uri()):
        with pytest.raises(Refused, match="neither an RSS or Atom feed"):
            desk.take(desk.file(name, "named.xml"), format="feed")


def test_a_feed_that_is_too_large_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST", 100)
    with pytest.raises(Refused, match="the feed has more than"):
        desk.take(desk.file(RSS, "feed.xml"))


@pytest.mark.thorough
def test_every_feed_that_feedparser_is_tested_with_is_read_or_refused(tmp_path: Path) -> None:
    """Where feedparser's own tests lie beside the project: no crash, and no entry lost."""
    folder = beside("feeds")
    if folder is None:
        return
    with tarfile.open(folder / "feedparser_tests.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    root = tmp_path / "feeds_feedparser"
    counts = {
        load["file"]: load["entries"] for load in json.loads((root / "expected.json").read_text())
    }
    assert len(counts) == 2_107
    for name, entries in counts.items():
        try:
            with warnings.catch_warnings(), open_source(root / name) as file:
                warnings.simplefilter("ignore")
                found = len(list(FeedFormat().rows(file, Layout())))
        except Refused:
            found = 0
        assert found == (2 if name == "json/example.json" else entries), name
