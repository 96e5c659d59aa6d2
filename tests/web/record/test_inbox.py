"""The inbox on the site: listed, taken, put off, set aside, and opened in the workbench."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.record.desk import Desk, hidden
from tests.web.site import plain
from timeline.desk.accounts.roles import Role
from timeline.desk.feeds import SOURCE_STATUS, Feed, after_failing, after_reading
from timeline.desk.inbox import ASIDE, DONE, LATER, NEW, NOBODY, TAKEN, Arrival, Move
from timeline.desk.texts import DeskText
from timeline.domain.errors import Refused
from timeline.domain.fields import DOCUMENT
from timeline.domain.naming import document_id
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

NOTHING = "Nothing else happened that day. "
TEXT = f"“We want to join,” Dora Example said on Monday.\n\n{NOTHING * 9}"
HOUR = 3_600_000_000


class Coder(Desk):
    """Somebody at the inbox."""

    def __init__(self, desk: Desk, handle: str, role: Role = Role.CODER) -> None:
        self.services = desk.services
        app = create_app(self.services, identify=everybody_is(handle, role))
        app.testing = True
        self.client = app.test_client()

    def move(self, item: str, to: str, **form: str) -> TestResponse:
        """Move an item as the page about it shows it."""
        there = f"/record/inbox/{item}"
        return self.post(f"{there}/move", hidden(self.get(there).text) | {"to": to} | form)

    def tray(self, item: str) -> str:
        return self.services.desk.inbox.find(item).tray


@pytest.fixture
def anna(desk: Desk) -> Coder:
    return Coder(desk, "anna")


@pytest.fixture
def ben(desk: Desk) -> Coder:
    return Coder(desk, "ben")


def imprint(number: int, **changes: str) -> dict[str, str]:
    said = {field.name: "" for field in DOCUMENT} | {
        "source.url": f"https://example.org/{number}",
        "source.title": f"<b>Text</b> {number}",
        "source.outlet": "Invented Post",
        "source.published_at": "2025-12-15",
        "source.lang": "en",
    }
    return said | {name.replace("__", "."): value for name, value in changes.items()}


def arrived(
    desk: Desk, number: int = 1, text: str = TEXT, lead: str = "In short.", **changes: str
) -> str:
    """Let a text arrive and return its id."""
    said = imprint(number, **changes)
    names = ("source.url", "source.outlet", "source.title", "source.published_at")
    document = document_id(*(said[name] for name in names)) if said["source.url"] else ""
    item = document or f"00000000-0000-5000-8000-{number:012}"
    now = desk.services.clock()
    one: dict[str, Any] = {"listed_at": now + number, "imprint": said, "lead": lead}
    arrival = Arrival(id=item, document=document, source="https://feed.example", text=text, **one)
    desk.services.desk.inbox.take_in([arrival], now)
    return item


def test_an_inbox_that_nothing_fills_says_how_it_is_filled(anna: Coder) -> None:
    page = plain(anna.get("/record/inbox").text)
    assert "Nothing fills the inbox yet." in page
    assert "standline watch" in page
    anna.services.desk.feeds.keep(after_reading(Feed(address="https://feed.example"), HOUR))
    page = plain(anna.get("/record/inbox").text)
    assert "Nothing lies here. Last looked 1 Jan 1970, 01:00 UTC." in page
    assert "1 source" in page


def test_what_waits_is_told_with_all_that_is_known_of_it(anna: Coder) -> None:
    item = arrived(anna, 1)
    arrived(anna, 2, source__outlet="Other Post")
    dated = arrived(anna, 3, text="", source__published_at="2025-12", source__lang="")
    undated = arrived(anna, 4, text="", source__published_at="", source__title="")
    html = anna.get("/record/inbox").text
    page = plain(html)
    assert "New 3 " in page
    assert html.index(undated) < html.index(dated) < html.index(item)
    assert "&lt;b&gt;Text&lt;/b&gt; 1" in html
    for words in ("Invented Post", "15 Dec 2025", "English", "In short.", "also Other Post"):
        assert words in page
    assert "https://example.org/4" in page
    assert "undated, came" in page
    assert page.count("without its text") == 2
    one = plain(anna.get(f"/record/inbox/{item}").text)
    assert "Dora Example said on Monday." in one
    assert "https://feed.example" in one
    assert 'rel="noopener noreferrer"' in anna.get(f"/record/inbox/{item}").text


def test_a_text_without_a_title_is_called_by_its_first_words(anna: Coder) -> None:
    words = "It was said once more that nobody knows when. " + "It was asked again. " * 6
    lead = f"article.txt: {words}"
    item = arrived(anna, 1, lead=lead.strip(), text=words, source__title="", source__url="")
    title = anna.get("/record/inbox").text.partition("<h2")[2].partition("</h2>")[0]
    assert "article.txt: It was said once more that nobody knows when." in title
    assert len(plain(f"<h2{title}")) <= 90
    for page in (anna.get("/record/inbox").text, anna.get(f"/record/inbox/{item}").text):
        main = plain(page.partition("<main")[2])
        assert main.count("It was said once more") == 1
        assert main.count("asked again.") == 6
        assert "article.txt" in main


def test_who_takes_a_text_has_it_until_they_give_it_back(anna: Coder, ben: Coder) -> None:
    item = arrived(anna)
    assert anna.move(item, TAKEN).location == f"/record/inbox?moved={item}"
    assert "anna works on it" in plain(ben.get("/record/inbox?tray=taken").text)
    assert "Take over" not in ben.get(f"/record/inbox/{item}").text
    answer = ben.move(item, TAKEN, seen="1")
    assert answer.status_code == 422
    assert "Anna works on this text." in plain(answer.text)
    assert anna.move(item, NEW).status_code == 303
    assert ben.move(item, LATER).status_code == 303
    assert (ben.tray(item), anna.services.desk.inbox.find(item).moved_by) == (LATER, "ben")
    history = plain(anna.get(f"/record/inbox/{item}").text)
    for words in ("anna works on it", "anna put it back", "ben put it off"):
        assert words in history


def test_an_editor_takes_over_what_somebody_left_lying(anna: Coder) -> None:
    item = arrived(anna)
    anna.move(item, TAKEN)
    editor = Coder(anna, "edda", Role.EDITOR)
    assert "Take over" in editor.get(f"/record/inbox/{item}").text
    assert editor.move(item, TAKEN).status_code == 303
    assert anna.services.desk.inbox.find(item).moved_by == "edda"


def test_of_two_who_take_it_at_once_one_is_told_who_has_it(anna: Coder, ben: Coder) -> None:
    item = arrived(anna)
    seen = hidden(ben.get("/record/inbox").text)
    anna.move(item, TAKEN)
    answer = ben.post(f"/record/inbox/{item}/move", seen | {"to": TAKEN})
    assert answer.status_code == 422
    assert "Anna was faster" in plain(answer.text)
    assert "anna works on it" in plain(answer.text)


def test_a_text_is_set_aside_with_a_reason_and_comes_back(anna: Coder, ben: Coder) -> None:
    item = arrived(anna)
    assert anna.move(item, ASIDE, reason=" ").status_code == 422
    assert anna.move(item, ASIDE, reason="Not on any of our topics.").status_code == 303
    assert "anna set it aside" in plain(ben.get("/record/inbox?tray=aside").text)
    assert "Not on any of our topics." in plain(ben.get("/record/inbox?tray=aside").text)
    assert ben.move(item, NEW, tray=ASIDE).location == f"/record/inbox?tray=aside&moved={item}"
    late = Move(tray=ASIDE, moved_by=NOBODY, moved_at=ben.services.clock())
    anna.services.desk.inbox.tidy(late, ben.services.clock() + HOUR)
    assert "Nobody took it in time" in plain(ben.get("/record/inbox?tray=aside").text)


def test_opening_takes_it_and_lays_its_text_on_the_workbench(anna: Coder, ben: Coder) -> None:
    item = arrived(anna)
    answer = anna.post(f"/record/inbox/{item}/open", {})
    assert answer.location == f"/record/text/{item}"
    assert (anna.tray(item), anna.services.desk.inbox.find(item).moved_by) == (TAKEN, "anna")
    bench = plain(anna.get(answer.location).text)
    assert "Dora Example said on Monday." in bench
    assert "Invented Post" in bench
    assert ben.post(f"/record/inbox/{item}/open", {}).location == answer.location
    assert anna.services.desk.inbox.find(item).moved_by == "anna"
    (kept,) = anna.services.desk.texts.waiting()
    assert (kept.added_by, kept.imprint["source.title"]) == ("anna", "<b>Text</b> 1")
    assert "Done with this text" not in ben.get(answer.location).text
    done = hidden(anna.get(answer.location).text) | {"to": DONE}
    assert "Done with this text" in anna.get(answer.location).text
    assert anna.post(f"/record/inbox/{item}/move", done).location == f"/record/inbox?moved={item}"
    assert "anna was done with it" in plain(ben.get("/record/inbox?tray=done").text)
    assert anna.services.desk.texts.waiting() == []


def test_a_text_that_was_pasted_stays_on_the_desk_when_it_is_put_away(anna: Coder) -> None:
    item = arrived(anna, text="")
    there = anna.post(f"/record/inbox/{item}/open", {}).location
    form = imprint(1) | {"text": TEXT}
    assert anna.post("/record/text", form).location == f"/record/text/{item}"
    assert there
    anna.move(item, ASIDE, reason="Opinion or satire.")
    assert [text.document for text in anna.services.desk.texts.waiting()] == [item]


def test_a_longer_text_than_came_stays_on_the_desk_when_it_is_put_away(anna: Coder) -> None:
    item = arrived(anna)
    anna.post("/record/text", imprint(1) | {"text": f"{TEXT} “Not before May,” she added."})
    anna.move(item, ASIDE, reason="Opinion or satire.")
    assert [text.document for text in anna.services.desk.texts.waiting()] == [item]


@pytest.mark.parametrize(
    ("text", "changes"),
    [("", {}), (TEXT, {"source__url": "", "source__title": "", "source__outlet": ""})],
    ids=["no text", "no source"],
)
def test_what_is_not_known_is_asked_for_before_it_is_coded(
    anna: Coder, text: str, changes: dict[str, str]
) -> None:
    item = arrived(anna, 1, text, **changes)
    there = anna.post(f"/record/inbox/{item}/open", {}).location
    assert there == f"/record/text?inbox={item}"
    page = unescape(anna.get(there).text)
    for value in filter(None, [*imprint(1, **changes).values(), text.partition("\n")[0]]):
        assert value in page
    assert ("Its words did not come with it." in page) == (not text)
    assert anna.services.desk.texts.waiting() == []


@pytest.mark.thorough
def test_a_huge_inbox_is_read_page_by_page(anna: Coder) -> None:
    items = [arrived(anna, number, text="") for number in range(1, 36)]
    first = anna.get("/record/inbox").text
    assert [name for name in items if f"i-{name}" in first] == items[5:]
    older = re.search(r'href="(/record/inbox\?before=[^"]+)"', first)
    assert older
    assert [name for name in items if f"i-{name}" in anna.get(older[1]).text] == items[:5]
    assert anna.get("/record/inbox?before=nonsense&tray=nowhere").status_code == 200


def test_sources_that_fail_stand_aside_with_what_is_wrong(anna: Coder) -> None:
    feed = Feed(address="https://feed.example/<x>")
    anna.services.desk.feeds.keep(after_failing(feed, HOUR, Refused(SOURCE_STATUS, status=404)))
    page = plain(anna.get("/record/inbox").text)
    assert "https://feed.example/<x> It answers with status 404." in page
    assert "Since 1 Jan 1970, 01:00 UTC." in page
    german = plain(anna.get("/record/inbox", **{"Accept-Language": "de"}).text)
    assert "Die Antwort hat den Status 404." in german


def test_what_is_no_item_is_not_found(anna: Coder) -> None:
    nowhere = "/record/inbox/00000000-0000-5000-8000-000000000009"
    assert anna.get(nowhere).status_code == 404
    assert anna.post(f"{nowhere}/move", {"to": TAKEN}).status_code == 404
    assert anna.post(f"{nowhere}/open", {}).status_code == 404
    assert anna.get("/record/text?inbox=nothing").status_code == 404


def test_readers_see_nothing_of_it(anna: Coder) -> None:
    item = arrived(anna)
    reader = Coder(anna, "rosa", Role.READER)
    for path in ("/record/inbox", f"/record/inbox/{item}"):
        assert reader.get(path).status_code == 403
    assert reader.post(f"/record/inbox/{item}/move", {"to": TAKEN}).status_code == 403
    assert anna.tray(item) == NEW


def test_who_laid_a_waiting_text_on_the_workbench_stands_beside_it(anna: Coder) -> None:
    item = arrived(anna, 1)
    told = "ben opened this text in the workbench"
    assert told not in plain(anna.get("/record/inbox").text)
    kept = DeskText(document=item, added_by="ben", added_at=1, imprint=imprint(1), text=TEXT)
    anna.services.desk.texts.keep(kept)
    assert told in plain(anna.get("/record/inbox").text)
    assert told in plain(anna.get(f"/record/inbox/{item}").text)
    anna.move(item, TAKEN)
    assert told not in plain(anna.get("/record/inbox?tray=taken").text)


def test_at_the_workbench_one_sees_who_is_coding_the_text(anna: Coder, ben: Coder) -> None:
    item = arrived(anna, 1, text=TEXT)
    place = anna.post(f"/record/inbox/{item}/open", hidden(anna.get("/record/inbox").text)).location
    assert "anna is coding this text." in plain(ben.get(place).text)
    assert "is coding this text" not in anna.get(place).text
    anna.move(item, DONE)
    assert "is coding this text" not in ben.get(place).text


def test_whoever_codes_is_led_to_no_form_of_editors(desk: Desk, anna: Coder) -> None:
    mira = Coder(desk, "mira", Role.EDITOR)
    for way in ("topic", "story", "actor"):
        assert f'href="/record/{way}"' not in anna.get("/record/inbox").text
        assert f'href="/record/{way}"' in mira.get("/record/inbox").text


def test_an_editor_adds_a_feed_and_removes_it(desk: Desk, anna: Coder) -> None:
    mira = Coder(desk, "mira", Role.EDITOR)
    url = "https://example.org/feed.xml"
    assert "Add a feed" not in anna.get("/record/inbox").text
    assert mira.post("/record/inbox/feeds", {"url": f" {url} "}).status_code == 303
    mira.post("/record/inbox/feeds", {"url": url})
    page = plain(mira.get("/record/inbox").text)
    assert "1 feed added here" in page
    assert f"{url} mira," in page
    for form in ({"url": url}, {}):
        assert anna.post("/record/inbox/feeds", form).status_code == 403
        assert anna.post("/record/inbox/feeds/remove", form).status_code == 403
    assert [feed.added_by for feed in desk.services.desk.feeds.added()] == ["mira"]
    mira.post("/record/inbox/feeds/remove", {"url": url})
    assert desk.services.desk.feeds.added() == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://example.org/feed",
        "http://localhost/f",
        "http://10.0.0.8/f",
        "http://[::1]/",
    ],
)
def test_what_is_no_address_on_the_public_internet_is_not_added(desk: Desk, url: str) -> None:
    mira = Coder(desk, "mira", Role.EDITOR)
    answer = mira.post("/record/inbox/feeds", {"url": url})
    assert answer.status_code == 422
    assert desk.services.desk.feeds.added() == []
    assert f'value="{url}"' in answer.text
    is_inside = "http://" in url
    assert ("Whoever runs this site can name it in the file of sources" in answer.text) == is_inside
