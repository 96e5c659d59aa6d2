"""A round over feeds and folders: what is new waits in the inbox, what fails stands aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.press import PAGE, atom, linked
from timeline.application.commands import Source
from timeline.bootstrap import Services, open_store
from timeline.capture.files.article_file import FILE_HAS_NO_TEXT, ArticleFile
from timeline.capture.files.fetching import Bounds
from timeline.desk import inbox
from timeline.desk.feeds import AddedFeed
from timeline.desk.inbox import ASIDE, NEW
from timeline.domain.errors import Refused
from timeline.domain.fields import DOCUMENT
from timeline.interchange.foreign.feed import read_feed
from timeline.watching import arriving, folders, polling
from timeline.watching.polling import Report, Watch
from timeline.watching.sources import FeedSource, FolderSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.support.press import Press

NOON = 1_765_800_000_000_000
MINUTE = 60_000_000
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Invented Wire", "items": [
{"url": "https://example.net/1", "title": "By the wire", "date_published": "2025-12",
 "content_text": "One line.\\n\\nAnother line.", "summary": "Short."},
{"url": "https://example.net/2", "title": "Undated", "date_published": 7}, 3]}"""


SAID = "The port stays open, the minister said on Monday, and nobody asked her why. "


class Newsroom:
    """A store with a clock that is set by hand."""

    def __init__(self, url: str) -> None:
        self.now = NOON
        self.services: Services = open_store(url, clock=lambda: self.now)

    def watch(self, *sources: FeedSource | FolderSource, days: int = 30) -> Watch:
        return Watch(self.services, sources, days=days, bounds=Bounds(seconds=2, most=1_000_000))


@pytest.fixture
def newsroom(sqlite_url: str) -> Iterator[Newsroom]:
    made = Newsroom(sqlite_url)
    yield made
    made.services.close()


def titles(newsroom: Newsroom, tray: str = NEW) -> list[str]:
    return [item.imprint["source.title"] for item in newsroom.services.desk.inbox.listed(tray, 50)]


def test_what_is_new_in_a_feed_waits_with_what_the_feed_says_of_it(
    newsroom: Newsroom, press: Press
) -> None:
    press.answers |= {"/atom": atom("Talks", "Vote"), "/json": JSON_FEED}
    wire = FeedSource(url=press.at("/json"), outlet="The Wire", lang="de")
    watch = newsroom.watch(FeedSource(url=press.at("/atom")), wire)
    first, second = watch.look()
    assert (first.entries, first.new) == (2, 2)
    assert (second.entries, second.new) == (2, 2)
    items = {
        item.imprint["source.title"]: item for item in newsroom.services.desk.inbox.listed(NEW, 9)
    }
    talks, wired = items["Talks"], items["By the wire"]
    assert set(talks.imprint) == {field.name for field in DOCUMENT}
    assert talks.imprint["source.outlet"] == "Invented Post"
    assert talks.imprint["source.published_at"] == "2025-12-15T09:00:00Z"
    assert talks.imprint["source.url"] == "https://example.org/Talks"
    assert talks.imprint["source.lang"] == "en"
    assert talks.lead == "In short: Talks."
    assert (wired.imprint["source.outlet"], wired.imprint["source.lang"]) == ("The Wire", "de")
    assert wired.imprint["source.published_at"] == "2025-12"
    assert items["Undated"].imprint["source.published_at"] == ""
    assert newsroom.services.desk.inbox.text_of(wired.id) == "One line.\n\nAnother line."


def test_the_next_round_brings_what_came_since(newsroom: Newsroom, press: Press) -> None:
    press.answers["/atom"] = atom("Talks")
    watch = newsroom.watch(FeedSource(url=press.at("/atom")))
    list(watch.look())
    press.answers["/atom"] = atom("Talks", "Vote")
    (report,) = watch.look()
    assert (report.entries, report.new) == (2, 1)

    def unchanged(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(304)
        handler.end_headers()

    press.answers["/atom"] = unchanged
    newsroom.now += MINUTE
    assert list(watch.look()) == [Report(address=press.at("/atom"))]
    (feed,) = newsroom.services.desk.feeds.every()
    assert (feed.name, feed.etag, feed.read_at) == ("Invented Post", '"one"', NOON + MINUTE)
    assert press.asked[-1][1]["If-None-Match"] == '"one"'


def test_a_source_that_fails_holds_nobody_up_and_is_asked_again_later(
    newsroom: Newsroom, press: Press
) -> None:
    press.answers |= {"/page": "<html><body>Welcome</body></html>", "/atom": atom("Talks")}
    sources = [FeedSource(url=press.at(path)) for path in ("/gone", "/page", "/atom")]
    watch = newsroom.watch(*sources, FolderSource(path="/no/such/folder"))
    gone, page, fine, folder = watch.look()
    assert "answers with status 404" in gone.trouble
    assert "is no feed" in page.trouble
    assert "no such folder" in folder.trouble
    assert (fine.new, fine.trouble) == (1, "")
    newsroom.now += MINUTE
    assert [report.address for report in watch.look()] == [press.at("/atom")]
    assert len(list(watch.look(at_all=True))) == 4
    press.answers["/gone"] = atom("Back")
    newsroom.now += 60 * MINUTE
    assert [report.new for report in watch.look()] == [1, 0, 0, 0]
    stood = {feed.address: feed for feed in newsroom.services.desk.feeds.every()}
    assert stood[press.at("/gone")].trouble is None
    assert stood[press.at("/page")].failing_since == NOON
    list(newsroom.watch(sources[2]).look())
    assert [feed.address for feed in newsroom.services.desk.feeds.every()] == [press.at("/atom")]


def test_what_breaks_a_reader_or_finds_no_room_fails_alone(
    newsroom: Newsroom, press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.answers |= {"/broken": "<rss>broken</rss>", "/atom": atom("Talks", "Vote")}
    (tmp_path / "locked.txt").write_text("Nobody may read it.")

    def breaking(data: bytes) -> object:
        if b"broken" in data:
            raise RecursionError
        return read_feed(data)

    def locked(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(polling, "read_feed", breaking)
    monkeypatch.setattr(inbox, "MOST", 1)
    monkeypatch.setattr("pathlib.Path.read_bytes", locked)
    feeds = [FeedSource(url=press.at(path)) for path in ("/broken", "/atom")]
    broken, full, folder = newsroom.watch(*feeds, FolderSource(path=str(tmp_path))).look()
    assert "cannot be read" in broken.trouble
    assert "0 texts wait in the inbox, and no more are taken in" in full.trouble
    assert folder.unread == {"locked.txt": "Permission denied"}
    stood = newsroom.services.desk.feeds.every()
    assert [bool(feed.trouble) for feed in stood] == [True, True, True]


def test_a_feed_that_is_broken_off_before_its_first_entry_is_no_quiet_one(
    newsroom: Newsroom, press: Press
) -> None:
    channel = '<rss version="2.0"><channel><title>Invented</title>'
    item = "<item><title>Talks</title><link>https://example.org/1</link></item>"
    press.answers |= {"/broken": channel + "<item><ti", "/cut": channel + item}
    press.answers["/quiet"] = channel + "</channel></rss>"
    feeds = [FeedSource(url=press.at(path)) for path in ("/broken", "/cut", "/quiet")]
    broken, cut, quiet = newsroom.watch(*feeds).look()
    assert "breaks off or is malformed" in broken.trouble
    assert (cut.trouble, cut.new, quiet.trouble) == ("", 1, "")


def test_what_is_old_or_on_record_does_not_wait(newsroom: Newsroom, press: Press) -> None:
    press.answers["/atom"] = atom("Old", day="2025-10-01T09:00:00Z")
    (report,) = newsroom.watch(FeedSource(url=press.at("/atom"))).look()
    assert (report.entries, report.new, report.old) == (1, 0, 1)
    press.answers["/atom"] = atom("Talks")
    byline = newsroom.services.newsroom.byline("anna")
    talks = Source(url="https://example.org/Talks")
    newsroom.services.newsroom.documents.file(byline, talks)
    newsroom.services.models.catch_up()
    (report,) = newsroom.watch(FeedSource(url=press.at("/atom"))).look()
    assert (report.entries, report.new, report.recorded) == (1, 0, 1)


def test_what_nobody_took_in_time_is_put_away(newsroom: Newsroom, press: Press) -> None:
    press.answers["/atom"] = atom("Talks")
    watch = newsroom.watch(FeedSource(url=press.at("/atom")), days=2)
    list(watch.look())
    newsroom.now += 3 * 24 * 60 * MINUTE
    list(watch.look())
    assert (titles(newsroom), titles(newsroom, ASIDE)) == ([], ["Talks"])


def test_the_pages_that_a_feed_leads_to_are_read_where_that_is_wanted(
    newsroom: Newsroom, press: Press
) -> None:
    port = press.address.rpartition(":")[2]
    inside = f"http://localhost:{port}/inside"
    press.answers |= {
        "/feed": linked(Port=press.at("/port"), Gone=press.at("/gone"), Inside=inside),
        "/port": PAGE.format(words=SAID * 5),
        "/inside": PAGE.format(words="Secret. " * 50),
    }
    watch = newsroom.watch(FeedSource(url=press.at("/feed"), articles=True))
    assert [report.new for report in watch.look()] == [3]
    inbox = newsroom.services.desk.inbox
    found = {item.imprint["source.title"]: inbox.text_of(item.id) for item in inbox.listed(NEW, 9)}
    assert found == {"Port": (SAID * 5).strip(), "Gone": "", "Inside": ""}
    asked = [path for path, _ in press.asked]
    assert sorted(asked) == ["/feed", "/gone", "/port"]
    assert [report.new for report in watch.look()] == [0]
    assert len(press.asked) == len(asked) + 1


@pytest.mark.thorough
def test_a_folder_brings_each_of_its_articles_once(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE.format(words=SAID * 5))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / ".hidden.txt").write_text("Not this.")
    (folder / "data.csv").write_text("a,b")
    watch = newsroom.watch(FolderSource(path=str(folder), outlet="Invented Post"))
    (report,) = watch.look()
    assert (report.entries, report.new, list(report.unread)) == (2, 1, ["broken.pdf"])
    (item,) = newsroom.services.desk.inbox.listed(NEW, 9)
    assert item.imprint["source.outlet"] == "Invented Post"
    assert item.has_text
    (again,) = watch.look()
    assert (again.new, again.unread) == (0, {})


def test_files_without_text_stand_beside_the_inbox_until_they_are_gone(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(*_: object) -> ArticleFile:
        raise Refused(FILE_HAS_NO_TEXT, field="file")

    def stood() -> str:
        (feed,) = newsroom.services.desk.feeds.every()
        return str(feed.trouble or "")

    monkeypatch.setattr(arriving, "read_file", empty)
    monkeypatch.setattr(folders, "MOST_BYTES", 30)
    (tmp_path / "scan.pdf").write_text("Picture")
    (tmp_path / "whole.txt").write_text(SAID)
    (tmp_path / "letter.doc").write_text("An older kind")
    watch = newsroom.watch(FolderSource(path=str(tmp_path)))
    (report,) = watch.look()
    assert list(report.unread) == ["letter.doc", "scan.pdf", "whole.txt"]
    assert "at the most" in report.unread["whole.txt"]
    assert "no text could be read from letter.doc, scan.pdf, whole.txt" in stood()
    (report,) = watch.look()
    assert (report.unread, "scan.pdf" in stood()) == ({}, True)
    for path in tmp_path.iterdir():
        path.unlink()
    list(watch.look())
    assert stood() == ""


def test_a_file_that_does_not_wait_is_not_read_again_until_it_changes(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noting(data: bytes, name: str) -> ArticleFile:
        read.append(name)
        return ArticleFile(data.decode(), title=name, published_at="2025-10-01")

    monkeypatch.setattr(arriving, "read_file", noting)
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(SAID)
    watch = newsroom.watch(FolderSource(path=str(tmp_path)))
    (report,) = watch.look()
    assert (report.entries, report.new, report.old) == (2, 0, 2)
    (report,) = watch.look()
    assert (report.entries, report.new, report.old) == (2, 0, 0)
    (tmp_path / "two.txt").write_text(SAID * 2)
    list(watch.look())
    assert read == ["one.txt", "two.txt", "two.txt"]


def test_a_file_for_which_there_was_no_room_is_read_again(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text(SAID)
    watch = newsroom.watch(FolderSource(path=str(tmp_path)))
    monkeypatch.setattr(inbox, "MOST", 0)
    (report,) = watch.look()
    assert "no more are taken in" in report.trouble
    monkeypatch.undo()
    (report,) = watch.look(at_all=True)
    assert report.new == 1


def test_what_comes_is_counted_by_the_sentences_that_may_be_statements(
    newsroom: Newsroom, press: Press
) -> None:
    press.answers["/feed"] = atom("Said", text=SAID * 3)
    press.answers["/bare"] = linked(Bare="https://example.org/bare")
    sources = [FeedSource(url=press.at(path)) for path in ("/feed", "/bare")]
    assert sum(report.new for report in newsroom.watch(*sources).look()) == 2
    room = newsroom.services.desk.inbox
    found = {item.imprint["source.title"]: item.id for item in room.listed(NEW, 9)}
    assert room.suggested([*found.values()]) == {found["Said"]: 3}


def test_a_feed_that_was_added_at_the_desk_is_asked_with_the_others_but_never_inside_a_network(
    newsroom: Newsroom, press: Press
) -> None:
    press.answers = {"/named": atom("one"), "/added": atom("two")}
    room = newsroom.services.desk.feeds
    for path in ("/added", "/named"):  # one that the operator names, too, is theirs
        room.add(AddedFeed(press.at(path), "mira", NOON))
    reports = [*newsroom.watch(FeedSource(url=press.at("/named"))).look()]
    assert [report.address for report in reports] == [press.at("/named"), press.at("/added")]
    assert "a host inside a network" in reports[1].trouble
    assert [path for path, _ in press.asked] == ["/named"]
    assert titles(newsroom) == ["one"]
    room.remove(press.at("/added"))
    assert press.at("/added") not in {feed.address for feed in room.every()}
