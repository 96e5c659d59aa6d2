from __future__ import annotations

import json
import re
import time
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.projections.test_projector import poison, spoil
from tests.support.waiting import PAUSE
from tests.web.site import HTMX, Site, plain
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper


def positions(page: str) -> list[int]:
    """Return the positions of the events listed, in order."""
    return [int(one) for one in re.findall(r'<tr id="e(\d+)"', page)]


def row(page: str, position: int) -> str:
    """Return the text of a row."""
    return plain(page.partition(f'<tr id="e{position}"')[2].partition("</tr>")[0].partition(">")[2])


def payload(page: str) -> Any:  # noqa: ANN401 - whatever was recorded
    """Return the payload of the one open row."""
    (found,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    return json.loads(unescape(found))


def test_every_event_is_listed_once_latest_first(paper: Paper) -> None:
    page = paper.open("/log").text
    head = paper.services.log.head()
    assert positions(page) == list(range(head, 0, -1))
    assert f"{head} events" in plain(page)
    assert "no event is ever deleted" in plain(page)


def test_each_event_says_what_happened_to_what_by_whom_and_through_what(paper: Paper) -> None:
    n = paper.numbers
    paper.newsroom.statements.retract(paper.dora(), n["wants"], "Another Bland.")
    page = paper.open("/log").text
    assert row(page, n["wants"]).startswith(
        f"{n['wants']} Statement recorded #{n['wants']} Bland, Union: supports 2025-12-16 15:46:"
    )
    assert row(page, n["wants"]).endswith("dora form")
    last = paper.services.log.head()
    assert f"{last} Statement retracted #{n['wants']} Bland, Union: supports" in row(page, last)
    assert "Topic opened Should Aland join the union?" in row(page, 2)
    assert "Actor introduced Aland" in row(page, 4)
    assert f"Development recorded #{n['end']} Talks in the capital" in row(page, n["end"])


def test_a_row_opens_to_the_event_as_it_was_recorded(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page = paper.open(f"/log?at={number}").text
    assert positions(page)[0] == number
    told = payload(page)
    assert told["type"] == "statement.recorded"
    assert told["said_at"] == "2025-09-02"
    assert told["stance"] == 1
    assert told["content"]["quote"]["exact"] == "nous ne nous opposons pas"
    assert told["recorded_by"] == "dora"


def test_several_rows_can_be_open(paper: Paper) -> None:
    page = paper.open("/log?open=2&open=4").text
    assert len(re.findall(r"<pre", page)) == 2


def test_events_are_filtered_by_type_and_by_person(paper: Paper) -> None:
    carl = paper.newsroom.byline("carl", "api")
    paper.newsroom.statements.code(carl, paper.numbers["no"], "doubts")
    head = paper.services.log.head()
    assert positions(paper.open("/log?by=carl").text) == [head]
    assert positions(paper.open("/log?type=statement.coded&by=carl").text) == [head]
    assert positions(paper.open("/log?type=statement.coded&by=dora").text) == []
    assert "No event matches." in paper.read("/log?by=nobody")
    statements = positions(paper.open("/log?type=statement.recorded").text)
    assert statements == sorted((n for k, n in paper.numbers.items() if k != "end"), reverse=True)
    page = paper.page("/log?type=topic.opened&by=dora")
    assert page.one("option", value="topic.opened").has(selected="")


def test_page_by_page_every_event_of_the_filter_comes_once(demo: Site) -> None:
    at = "/log?type=document.filed"
    found: list[int] = []
    while at:
        page = demo.part(at) if found else demo.open(at).text
        found += positions(page)
        more = re.search(r'<p class="list-more"><a class="button" href="([^"]+)"', page)
        at = unescape(more[1]) if more else ""
    filed = [p for p, event in demo.services.log.stream() if event.TOPIC == "document.filed"]
    assert len(filed) > 120
    assert found == filed[::-1]


def test_one_may_go_to_a_position_in_a_gap_or_beyond_the_end(paper: Paper) -> None:
    assert positions(paper.open("/log?at=999").text)[0] == paper.services.log.head()
    assert positions(paper.open("/log?before=1").text) == []
    assert positions(paper.open("/log?at=@5").text)[0] == 5
    refused = paper.open("/log?at=five")
    assert refused.status_code == 422
    assert "is not a log position" in plain(refused.text)


def test_pages_and_log_say_how_far_they_are(paper: Paper, monkeypatch: Any) -> None:  # noqa: ANN401 - pytest's own
    head = paper.services.log.head()
    assert f"Pages show {head} of {head} in the log" in paper.read("/log")
    monkeypatch.setattr("web.shell.record_access.PATIENCE", -1.0)
    paper.say("new", "cland", "opposes", "2025-12-10", paraphrase="Never.")
    assert f"Pages show {head} of {head + 1} in the log" in paper.read("/log")


def test_an_event_that_no_page_can_show_is_named_and_leads_to_what_was_recorded(
    paper: Paper,
) -> None:
    paper.services.log.append([poison(paper.dora())])
    page = paper.open("/log").text
    told = plain(page)
    at = paper.services.log.head()
    assert "1 event cannot be shown. The log keeps what was recorded" in told
    assert f"{at} Statement linked: LookupError: no entry with id nobody-said-this" in told
    assert f'href="/log?at={at}#e{at}"' in page
    assert paper.page(f"/log?at={at}").one(id=f"e{at}").tag == "tr"


def test_readers_get_the_kind_of_what_is_wrong_and_no_value_behind_it(paper: Paper) -> None:
    paper.services.log.append([poison(paper.dora())])
    at = paper.services.log.head()
    told = Site(paper.services, identify=everybody_reads).read("/log")
    assert f"{at} Statement linked: LookupError" in told
    assert "nobody-said-this" not in told


def test_an_event_that_nobody_can_read_is_opened_with_what_is_wrong(paper: Paper) -> None:
    number = paper.numbers["wants"]
    spoilt = paper.newsroom.statements.retract(paper.dora(), number, "No.").position
    spoil(paper.services.url, spoilt)
    answer = paper.open(f"/log?at={spoilt}")
    assert answer.status_code == 200
    page = paper.open("/log").text
    assert spoilt in positions(page)
    assert f"{spoilt} Statement retracted – " in plain(page)
    assert f"event {spoilt}, statement.retracted, cannot be read: " in plain(answer.text)
    form = paper.open(f"/record/{number}/reinstate")
    assert form.status_code == 500
    told = f"Event {spoilt} could not be read and is set aside. The event log says why."
    assert told in plain(form.text)


def test_the_log_to_take_away_holds_what_nobody_can_read(any_paper: Paper) -> None:
    spoilt = any_paper.numbers["wants"]
    spoil(any_paper.services.url, spoilt)
    answer = any_paper.open("/log.jsonl")
    assert answer.status_code == 200
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [int(one["sequence"]) for one in told] == list(range(1, any_paper.numbers["end"] + 1))
    (unread,) = (one for one in told if "unread" in one)
    assert int(unread["sequence"]) == spoilt
    assert f"event {spoilt}, statement.recorded, cannot be read: " in unread["unread"]


def test_a_rebuild_goes_on_in_the_background_and_ends_as_rebuilt(any_paper: Paper) -> None:
    paper = any_paper
    moment, before = paper.now, paper.open("/t/union").text
    assert paper.post("/log/rebuild").headers["Location"] == "/log"
    text = _when_done(paper)
    assert "Rebuilt" in text
    paper.now = moment
    assert paper.open("/t/union").text == before


def test_rebuilt_aside_equals_stored(any_paper: Paper) -> None:
    paper = any_paper
    begun = paper.reader.post("/log/rebuild", data={"check": "1"}, headers=HTMX)
    assert begun.status_code == 200
    assert 'id="rebuild"' in begun.text
    text = _when_done(paper)
    assert "Equal" in text
    assert "rebuilt equals stored" in text


def _when_done(paper: Paper) -> str:
    """Wait for the rebuild as the page does: the finished part asks no more."""
    while "every 1s" in (part := paper.part("/log/rebuild", "rebuild")):
        assert "<progress" in part
        time.sleep(PAUSE)
    return plain(part)


def test_the_status_is_a_page_of_its_own_without_script(paper: Paper) -> None:
    page = paper.open("/log/rebuild")
    assert page.text.startswith("<!doctype html>")
    assert "derived from the log alone" in plain(page.text)
