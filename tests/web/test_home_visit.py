"""The strip of the front page: what came since the reader was last there, and how it goes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.paper import TIMES
from tests.web.site import HTMX, Site
from timeline.application.commands import RecordDevelopment
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper


def strip(site: Site, path: str = "/") -> str:
    """Return what the strip says; empty without one."""
    return site.page(path).words(id="since")


def happened(paper: Paper, *topics: str) -> None:
    """Put a development on record."""
    command = RecordDevelopment(
        topics=topics,
        title="A bridge opens",
        status="confirmed",
        happened_at="2025-12-15",
        source=TIMES,
    )
    paper.newsroom.developments.record(paper.dora(), command)


def test_a_first_visit_has_nothing_new(paper: Paper) -> None:
    assert strip(paper) == ""
    assert strip(paper) == ""


@pytest.mark.thorough
def test_what_came_since_is_counted_and_its_topics_are_named(paper: Paper) -> None:
    paper.sign()
    paper.open("/")
    since = paper.services.log.head()
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    paper.say("rather", "bland", "thinks unlikely", "2025-12-16", topic="deal", paraphrase="No.")
    paper.say("more", "cland", "conditional", "2025-12-11", paraphrase="As before.")
    paper.sign()
    told = strip(paper)
    assert told.startswith("Since your last visit 16 Dec 2025, ")
    assert "3 statements 2 positions changed" in told
    assert "Union 1 change, 2 new" in told
    assert "Deal 1 change, 1 new" in told
    links = paper.page("/").links()
    assert f"/t/union?since=@{since}" in links
    assert strip(paper, f"/t/union?since=@{since}").startswith("Since your last visit")


def test_a_development_is_new_though_nobody_spoke(paper: Paper) -> None:
    paper.open("/")
    happened(paper, "union", "deal")
    told = strip(paper)
    assert "1 development" in told
    assert "Union 1 new" in told
    assert "Deal 1 new" in told


@pytest.mark.parametrize("what", ["corrected", "retracted", "reinstated"])
def test_what_was_put_right_is_new_too(paper: Paper, what: str) -> None:
    room, number = paper.newsroom.statements, paper.numbers["still"]
    if what == "reinstated":
        room.retract(paper.dora(), number, "Another Bland.")
    paper.open("/")
    if what == "corrected":
        room.correct(paper.dora(), number, {"paraphrase": "Wants it, still."}, "A comma.")
    elif what == "retracted":
        room.retract(paper.dora(), number, "Another Bland.")
    else:
        room.reinstate(paper.dora(), number, "It was Bland.")
    assert f"1 {what}" in strip(paper)
    assert "/corrections" in paper.page("/").links()


def test_what_concerns_no_reader_is_not_new(paper: Paper) -> None:
    paper.open("/")
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    assert strip(paper) == ""


def test_a_vote_of_many_counts_once(demo: Site) -> None:
    told = strip(demo, "/?since=@2600")
    changed = int(told.partition(" positions changed")[0].rpartition(" ")[2])
    assert 0 < changed < 150


def test_more_topics_than_are_named_are_counted(paper: Paper) -> None:
    slugs = [f"topic-{n}" for n in range(7)]
    for slug in slugs:
        paper.newsroom.topics.open(paper.dora(), f"Is {slug} so?", "claim", slug=slug)
    paper.open("/")
    for slug in slugs:
        paper.say(slug, "bland", "asserts", "2025-12-10", topic=slug, paraphrase="Yes.")
    assert "and 3 more topics" in strip(paper)


def test_the_strip_stays_until_it_is_marked_as_seen(paper: Paper) -> None:
    paper.open("/")
    happened(paper, "union")
    assert strip(paper)
    assert strip(paper)
    answer = paper.post("/seen")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert strip(paper) == ""


def test_with_script_it_goes_away_where_it_stands(paper: Paper) -> None:
    paper.open("/")
    happened(paper, "union")
    answer = paper.post("/seen", **HTMX)
    assert (answer.status_code, answer.text) == (200, "")
    assert strip(paper) == ""


def test_a_topic_remembers_by_itself(paper: Paper) -> None:
    paper.open("/")
    paper.open("/t/union")
    happened(paper, "union")
    paper.post("/seen")
    assert strip(paper) == ""
    assert "1 new" in strip(paper, "/t/union")


def test_readers_of_a_read_only_site_may_mark_it_but_no_other_site_may(paper: Paper) -> None:
    site = Site(paper.services, identify=everybody_reads)
    site.open("/")
    assert site.post("/seen", Sec_Fetch_Site="cross-site").status_code == 403
    assert site.post("/seen").status_code == 303


@pytest.mark.parametrize("cookie", ["", "~", ".", ".x", ".-1", ".99999999999999999999", "a.b~.7"])
def test_a_broken_cookie_breaks_nothing(paper: Paper, cookie: str) -> None:
    paper.reader.set_cookie("seen", cookie)
    assert paper.open("/").status_code == 200


def test_since_takes_a_position_or_a_time_and_refuses_anything_else(paper: Paper) -> None:
    assert "statements" in strip(paper, "/?since=@1")
    assert strip(paper, "/?since=2100-01-01T00:00Z") == ""
    answer = paper.open("/?since=yesterday")
    assert answer.status_code == 422
