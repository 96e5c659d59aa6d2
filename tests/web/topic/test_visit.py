from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.site import HTMX, plain
from tests.web.topic.test_filters import entries
from web.shell.visits import MOST

if TYPE_CHECKING:
    from tests.web.paper import Paper


def strip(page: str) -> str:
    """Return the strip of what is new; empty without one."""
    return Page(page).words(id="since")


def seen(paper: Paper) -> str:
    """Return what the reader's cookie says."""
    cookie = paper.reader.get_cookie("seen")
    return cookie.decoded_value if cookie else ""


def test_a_first_visit_has_nothing_new_and_is_noted(paper: Paper) -> None:
    assert strip(paper.open("/t/union").text) == ""
    assert seen(paper) == f"union.{paper.services.log.head()}"
    assert strip(paper.open("/t/union").text) == ""


def test_what_came_since_is_told_with_who_moved(paper: Paper) -> None:
    paper.open("/t/union")
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    paper.say("more", "cland", "conditional", "2025-12-11", paraphrase="As before.")
    paper.newsroom.statements.correct(
        paper.dora(), paper.numbers["no"], {"paraphrase": "Rejects it now."}, "Closer."
    )
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["still"], "Another Bland.")
    paper.sign()
    page = paper.open("/t/union").text
    assert strip(page).startswith("Since your last visit 16 Dec 2025, ")
    told = strip(page)
    assert "Bland changed from supports to opposes" in told
    assert "2 new" in told
    assert "1 corrected" in told
    assert "1 retracted" in told
    assert "Mark as seen" in told


def test_a_change_that_was_only_signed_since_is_new(paper: Paper) -> None:
    paper.open("/t/union")
    assert strip(paper.open("/t/union").text) == ""
    paper.sign()
    assert "Aland changed from opposes to accepts" in strip(paper.open("/t/union").text)


def test_a_statement_put_back_on_record_is_new_too(paper: Paper) -> None:
    statements, number = paper.newsroom.statements, paper.numbers["still"]
    statements.retract(paper.dora(), number, "Another Bland.")
    paper.open("/t/union")
    statements.reinstate(paper.dora(), number, "It was Bland.")
    assert "1 reinstated" in strip(paper.open("/t/union").text)


def test_new_entries_and_marks_are_marked(paper: Paper) -> None:
    paper.open("/t/union")
    number = paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    page = paper.page("/t/union")
    new = [element["id"] for element in page.of_class("entry-new")]
    assert new == [f"s{number}"]
    assert len(page.find("circle", class_="halo-new")) >= 1


def test_the_count_of_what_is_new_leads_to_just_that(paper: Paper) -> None:
    paper.open("/t/union")
    since = paper.services.log.head()
    number = paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    page = paper.page("/t/union")
    link = f"/t/union?only=new&since=@{since}"
    assert link in page.links()
    assert entries(paper.open(link).text) == [number]


def test_marked_as_seen_nothing_is_new_any_more(paper: Paper) -> None:
    paper.open("/t/union")
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    answer = paper.post("/seen/union")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/t/union")
    assert seen(paper) == f"union.{paper.services.log.head()}"
    assert strip(paper.open("/t/union").text) == ""


def test_with_htmx_the_strip_alone_goes_away(paper: Paper) -> None:
    answer = paper.reader.post("/seen/union", headers=HTMX | {"HX-Target": "since"})
    assert (answer.status_code, answer.text) == (200, "")
    assert seen(paper) == f"union.{paper.services.log.head()}"


def test_an_address_may_say_since_when_for_everybody(paper: Paper) -> None:
    at = paper.numbers["wants"]
    page = paper.open(f"/t/union?since=@{at}").text
    assert "3 new" in strip(page)
    by_time = paper.open("/t/union?since=2001-01-01T00:00Z").text
    assert "7 new" in strip(by_time)
    assert paper.open("/t/union?since=yesterday").status_code == 422


def test_visits_to_one_topic_say_nothing_of_another(paper: Paper) -> None:
    paper.open("/t/union")
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    assert strip(paper.open("/t/deal").text) == ""
    assert "1 new" in strip(paper.open("/t/union").text)
    assert seen(paper).startswith("union.")


def test_in_the_past_nothing_is_new(paper: Paper) -> None:
    paper.open("/t/union")
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    assert strip(paper.open("/t/union?as_of=2025-12-12").text) == ""


def test_the_cookie_forgets_the_topic_that_was_not_visited_for_longest(paper: Paper) -> None:
    visits = "~".join(f"topic-{n}.{n}" for n in range(MOST))
    paper.reader.set_cookie("seen", visits)
    paper.open("/t/union")
    kept = seen(paper).split("~")
    assert len(kept) == MOST
    assert kept[0] == "topic-1.1"
    assert kept[-1].startswith("union.")


def test_a_cookie_that_says_nonsense_is_as_good_as_none(paper: Paper) -> None:
    for nonsense in ("union", "union.x", "~~~", "union.-5", "union." + "9" * 40, "\x7f", "."):
        paper.reader.set_cookie("seen", nonsense)
        answer = paper.open("/t/union")
        assert answer.status_code == 200
        assert strip(answer.text) == ""


def test_an_unknown_topic_cannot_be_marked(paper: Paper) -> None:
    answer = paper.post("/seen/nowhere")
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert "Traceback" not in plain(answer.text)
