"""Coverage: lanes are hatched where nobody watched, and silence there is no constancy."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import answered, done, refused
from tests.support.access import THEMES, check_access
from tests.support.signed import sign_all
from tests.web.record.desk import Desk
from tests.web.site import plain
from timeline.application.commands import Source
from timeline.bootstrap import open_store
from timeline.domain.coverage import Watch
from timeline.domain.instants import DAY, MICROSECONDS, day_of, iso_day
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.access import Theme
    from tests.support.web_server import Serve

POST = Source(outlet="Invented Post")
PLACE = "/record/topic/a-union/coverage"
HATCHED = '<rect class="unwatched"'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(open_store(f"sqlite:///{tmp_path / 'newsroom.db'}")) as services:
        found = Desk(services)
        found.furnish()
        for days in (160, 20):
            found.say(
                said_at=ago(found, days), paraphrase=f"Rejected {days} days ago.", source=POST
            )
        services.models.catch_up()
        yield found


def ago(desk: Desk, days: int) -> str:
    return iso_day(day_of(desk.services.clock() // MICROSECONDS - days * DAY))


def watch(desk: Desk, since: int, until: int | None = None, actor: str | None = "bland") -> None:
    """Say that somebody was watched, from so many days ago to so many."""
    last = ago(desk, until) if until is not None else None
    said = Watch(since=ago(desk, since), until=last, actor=actor, outlets=("Invented Post",))
    desk.services.newsroom.topics.watch(desk.byline(), "a-union", said)
    desk.services.models.catch_up()


def chart(desk: Desk) -> str:
    return desk.get("/t/a-union").text


def test_without_a_word_on_who_watched_nothing_is_hatched(desk: Desk) -> None:
    page = chart(desk)
    assert HATCHED not in page
    assert "not watched" not in page
    assert "/t/a-union/coverage" in page  # an editor says it there


def test_a_lane_is_hatched_where_nobody_watched_and_the_legend_says_so(desk: Desk) -> None:
    watch(desk, 170, 120)
    watch(desk, 60)
    page = chart(desk)
    assert re.search(rf"{HATCHED}[^>]*><title>not monitored from [^<]* to [^<]*</title>", page)
    assert "not monitored; gaps mean nothing" in page
    assert page.count(HATCHED) >= 2  # in the lane and in the legend
    watch(desk, 130, 50)
    assert "not monitored from" not in chart(desk)


def test_only_who_was_watched_is_hatched_and_everybody_is_by_a_word_on_all(desk: Desk) -> None:
    desk.say(actor="aland", said_at=ago(desk, 150), source=POST)
    watch(desk, 170, 120)
    lanes = {slug: _lane(chart(desk), slug) for slug in ("bland", "aland")}
    assert HATCHED in lanes["bland"]
    assert HATCHED not in lanes["aland"]
    watch(desk, 170, 100, actor=None)
    assert HATCHED in _lane(chart(desk), "aland")


def _lane(page: str, slug: str) -> str:
    return page.partition(f'id="lane-{slug}"')[2].partition('class="lane-block')[0]


def test_what_was_said_before_nobody_watched_is_last_known_and_not_held_now(desk: Desk) -> None:
    assert "last known" not in plain(chart(desk))
    watch(desk, 170, 10)
    page = plain(chart(desk))
    assert "last known" in page
    assert "monitored until" in page
    watch(desk, 10)
    assert "last known" not in plain(chart(desk))


def test_a_line_is_not_solid_where_nobody_watched(desk: Desk) -> None:
    def solid() -> float:
        lines = re.findall(
            r'<line class="line line-1" x1="([\d.]+)%" x2="([\d.]+)%"', _lane(chart(desk), "bland")
        )
        return sum(float(x2) - float(x1) for x1, x2 in lines)

    whole = solid()
    watch(desk, 170, 150)
    watch(desk, 40)
    assert 0 < solid() < whole - 10


def test_at_an_earlier_moment_what_was_known_then_counts(desk: Desk) -> None:
    head = desk.head()
    watch(desk, 170, 120)
    assert HATCHED not in desk.get(f"/t/a-union?known_at=@{head}").text
    assert HATCHED in chart(desk)


def test_the_picture_and_the_frame_are_hatched_too(desk: Desk) -> None:
    watch(desk, 170, 120)
    picture = desk.get("/t/a-union.svg").text
    assert 'class="unwatched"' in picture
    assert ".unwatched{fill:url(#unwatched)}" in picture
    assert "not monitored" in picture
    assert desk.get("/t/a-union.png").status_code == 200
    assert HATCHED in desk.get("/embed/t/a-union").text
    assert HATCHED in desk.get("/a/bland").text


def test_the_page_says_in_words_and_as_data_what_was_watched_and_what_not(desk: Desk) -> None:
    watch(desk, 170, 120)
    watch(desk, 60, 30)
    page = plain(desk.get("/t/a-union/coverage").text)
    for words in ("Bland: not monitored before", "not monitored from", "monitored until"):
        assert words in page
    assert "Invented Post" in page
    assert "not said" in page  # how it was watched
    told = json.loads(desk.get("/t/a-union/coverage.json").text)
    items = json.loads(desk.get("/api/v1/topics/a-union/coverage").text)["items"]
    assert items == told["coverage"]
    assert [one["watched"]["actor"] for one in told["coverage"]] == ["bland", "bland"]
    assert all("how" not in one["watched"] for one in told["coverage"])
    assert [one["to"] is None for one in told["unwatched"]] == [False, False, True]
    assert told["unwatched"][0] == {
        "actor": "bland",
        "from": None,
        "to": f"{ago(desk, 171)}T23:59:59Z",
    }


def test_a_part_of_the_page_has_its_chart_too(desk: Desk) -> None:
    desk.say()
    watch(desk, 300, 200)
    part = desk.get("/t/a-union/coverage", **{"HX-Request": "true", "HX-Target": "view"})
    assert part.status_code == 200
    assert "coverage-chart" in part.text


def test_the_answer_in_words_says_since_when_nobody_watches(desk: Desk) -> None:
    watch(desk, 170, 10)
    answer = plain(desk.get("/t/a-union").text.partition("in-words-h")[2])
    assert "monitored until" in answer


def test_who_cannot_see_the_hatching_hears_of_it(desk: Desk) -> None:
    watch(desk, 170, 120)
    plot = re.search(
        r'class="lane-plot" role="group" aria-label="([^"]*)"', _lane(chart(desk), "bland")
    )
    assert plot
    assert "monitored until" in plot[1]


def test_beside_others_nobody_is_said_to_be_silent_whom_nobody_watched(desk: Desk) -> None:
    desk.say(actor="aland", said_at=ago(desk, 150), source=POST)
    desk.say(actor="aland", said_at=ago(desk, 1), source=POST, paraphrase="Rejects it again.")
    desk.say(actor="petrow", said_at=ago(desk, 140), source=POST, paraphrase="Rejects it, too.")
    desk.services.models.catch_up()
    path = "/compare?actor=petrow&actor=aland&topic=a-union"
    over_time = f"/matrix?topic=a-union&at={ago(desk, 100)}&at={ago(desk, 0)}"
    assert 'class="compare-silent"' in desk.get(path).text
    assert 'class="compare-silent"' in desk.get(over_time).text
    watch(desk, 170, 120, actor="petrow")
    for page in (desk.get(path).text, desk.get(over_time).text):
        assert 'class="compare-silent"' not in page.replace("compare-key", "")
        assert "monitored until" in page


def test_the_front_page_hatches_the_end_of_a_line_and_says_what_that_means(desk: Desk) -> None:
    desk.say(stance="supports", said_at=ago(desk, 5), paraphrase="Wants it after all.", source=POST)
    desk.services.models.catch_up()
    with desk.services.models.engine().connect() as conn:
        assert sign_all(desk.services.newsroom, conn) == 1
    desk.services.models.catch_up()
    strip = re.compile(rf'<div class="question-line">.*?{HATCHED}', re.DOTALL)
    assert not strip.search(desk.get("/").text)
    watch(desk, 170, 3)
    page = desk.get("/").text
    assert strip.search(page)
    assert "not monitored; gaps mean nothing" in page
    watch(desk, 10)
    assert HATCHED not in desk.get("/").text


def test_actors_who_were_watched_alike_stand_together(desk: Desk) -> None:
    for actor in ("aland", "bland", "petrow", "dora"):
        watch(desk, 170, 120, actor=actor)
    page = desk.get("/t/a-union/coverage").text
    assert page.count("<tr>") == 2  # the head, and one row
    assert "and 1 more: not monitored before" in plain(page)
    assert len(json.loads(desk.get("/t/a-union/coverage.json").text)["unwatched"]) == 8
    watch(desk, 100, 90, actor="dora")
    assert desk.get("/t/a-union/coverage").text.count("<tr>") == 3


def test_the_chart_of_coverage_shows_what_was_watched_and_when_something_was_said(
    desk: Desk,
) -> None:
    assert "coverage-chart" not in desk.get("/t/a-union/coverage").text
    watch(desk, 200, 100)
    chart = desk.get("/t/a-union/coverage").text.partition('class="coverage-chart"')[2]
    lane = chart.rpartition('class="coverage-lane"')[2]
    (watched,) = re.findall(
        r'<rect class="coverage-watched" x="([\d.]+)%" y="16" width="([\d.]+)', lane
    )
    assert float(watched[0]) < 5
    assert 45 < float(watched[1]) < 50
    assert lane.count(HATCHED) == 2
    assert chart.count('<rect class="coverage-spoken" x="') == 2 + 1  # and its key


def test_where_was_watched_is_told_in_the_language_of_the_reader(desk: Desk) -> None:
    watch(desk, 170, 120)
    words = {"coverage:Invented Post": "Erfundene Post"}
    desk.services.newsroom.topics.translate(desk.byline(), "a-union", "de", words)
    desk.services.models.catch_up()
    german = desk.get("/t/a-union/coverage", **{"Accept-Language": "de"}).text
    assert "<span>Erfundene Post</span>" in german
    assert "Invented Post" in desk.get("/t/a-union/coverage").text


def test_merged_actors_share_their_coverage_and_who_speaks_for_a_side_has_that_of_the_side(
    desk: Desk,
) -> None:
    rooms = desk.services.newsroom
    desk.say(actor="petrow", said_at=ago(desk, 90), source=POST, paraphrase="Rejects it, too.")
    watch(desk, 170, 120, actor="petrow")
    rooms.actors.merge(desk.byline(), "petrow", "bland", "One and the same.")
    desk.services.models.catch_up()
    assert HATCHED in _lane(chart(desk), "bland")
    for whom, words in (("aland", "Aland rejects it."), (None, "I reject it myself.")):
        desk.say(
            actor="dora", on_behalf_of=whom, said_at=ago(desk, 80), paraphrase=words, source=POST
        )
    watch(desk, 170, 120, actor="aland")
    page = chart(desk)
    assert HATCHED in _lane(page, "aland")
    assert HATCHED in _lane(page, "dora")


def test_an_editor_says_it_ends_it_and_takes_it_back(desk: Desk) -> None:
    form = desk.opened(PLACE) | {
        "actor": "Bland",
        "outlets": "Invented Post\nIts feed",
        "since": ago(desk, 100),
        "how": "searched",
    }
    answer = desk.post(f"{PLACE}/watch", form)
    assert answer.location == "/t/a-union/coverage"
    assert "Invented Post , Its feed" in plain(desk.get(answer.location).text)
    assert desk.types()[-1] == "topic.watched"
    assert "searched afterwards" in plain(desk.get(answer.location).text)
    page = desk.get(f"{PLACE}?number=1").text
    assert ">\nInvented Post\nIts feed</textarea>" in page
    assert '<option value="searched" selected>' in page
    again = desk.opened(f"{PLACE}?number=1") | form | {"number": "1", "until": ago(desk, 20)}
    again |= {name: desk.opened(f"{PLACE}?number=1")[name] for name in ("version", "key")}
    desk.post(f"{PLACE}/watch", again)
    assert "monitored until" in plain(desk.get("/t/a-union/coverage").text)
    taken = desk.opened(f"{PLACE}?number=1") | {"reason": "Nobody did."}
    desk.post(f"{PLACE}/withdraw", taken)
    assert "Nobody has said yet" in desk.get("/t/a-union/coverage").text
    assert "monitoring taken back" in plain(desk.get("/log").text)


def test_what_is_missing_or_cannot_be_is_told_and_kept(desk: Desk) -> None:
    form = desk.opened(PLACE) | {"outlets": "Invented Post", "note": "On workdays."}
    for wrong, told in (
        ({"since": ""}, "Give the first day"),
        ({"since": "2025", "outlets": ""}, "Name the outlets"),
        ({"since": "soon"}, "soon"),
        ({"since": "2025", "until": "2024"}, "before it begins"),
        ({"since": "2025", "actor": "Nobody Known"}, "Nobody Known"),
    ):
        answer = desk.post(f"{PLACE}/watch", form | wrong)
        assert answer.status_code in (404, 422)
        assert told in plain(answer.text) or told in answer.text
        assert "On workdays." in answer.text


def test_a_script_says_it_lists_it_and_takes_it_back(desk: Desk) -> None:
    store = ("--store", desk.services.url.text)
    said = ("coverage", "watched", "a-union", "--from", "2025", "--where", "Invented Post")
    done(*said, "--actor", "bland", *store)
    (one,) = answered("coverage", "list", "a-union", *store)
    assert (one["number"], one["actor"], one["since"]) == (1, "bland", "2025")
    assert one["outlets"] == ["Invented Post"]
    assert one["how"] == ""
    done(*said, "--actor", "bland", "--how", "complete", "--number", "1", *store)
    assert answered("coverage", "list", "a-union", *store)[0]["how"] == "complete"
    assert '"how":"complete"' in desk.get("/t/a-union/coverage.json").text
    assert "complete: all that it holds" in plain(desk.get("/t/a-union/coverage").text)
    assert "has no number 9" in refused(
        "coverage", "withdraw", "a-union", "9", "--reason", "x", *store
    )
    done("coverage", "withdraw", "a-union", "1", "--reason", "Nobody did.", *store)
    assert answered("coverage", "list", "a-union", *store) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_are_within_reach_of_everybody(
    desk: Desk, page: Page, serve: Serve, theme: Theme
) -> None:
    watch(desk, 170, 120)
    page.set_viewport_size({"width": 390, "height": 844})
    site = serve(create_app(desk.services, identify=everybody_is("anna")))
    for place in ("/t/a-union/coverage", PLACE, "/t/a-union"):
        page.goto(site + place)
        check_access(page, theme)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
