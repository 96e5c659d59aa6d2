"""Of a withheld entry readers learn number, reason and days; who records sees it all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.tiers import thorough
from tests.web.discretion import Confidences, addresses
from tests.web.site import Site, plain
from tests.web.test_api import every
from tests.web.test_readable import _read
from timeline.interchange.native.readable import ALWAYS, ENVELOPE
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper

OWN = {
    "statement.show",
    "statement.citation",
    "embed.entry",
    "proof.show",
    "proof.proof",
    "api.entry",
    "api.entry_events",
    "rewording.show",
    "rewording.data",
}
"""The routes of the very entry."""

TELLS = {"corrections.show", "corrections.feed", "log.show", "api.events"}
"""The routes that tell that it was withheld."""

COMPARES = {"log.diff"}
"""The route that tells of moments when it was not withheld yet by what became of it."""

THEN = ("known_at=", "@")
"""What an address of another moment has."""


@pytest.fixture
def confidences(paper: Paper) -> Confidences:
    """A paper that withholds an entry of each kind, with a topic and an actor of their own."""
    confidences = Confidences(paper)
    confidences.withhold()
    return confidences


@pytest.fixture
def readers(confidences: Confidences) -> Site:
    return Site(confidences.paper.services, identify=everybody_reads)


def test_the_page_and_the_data_of_a_withheld_entry_give_number_reason_and_days_alone(
    confidences: Confidences, readers: Site
) -> None:
    number, event = confidences.numbers
    before = confidences.paper.services.log.head() - 2
    ways = ["/s/{}", f"/s/{{}}@{before}", "/s/{}.bib", "/s/{}.ris", "/s/{}.csl", "/s/{}/proof"]
    ways += ["/embed/s/{}", "/api/v1/entries/{}", "/s/{}.tlog-proof"]
    for one in (number, event):
        for way in ways:
            answer = readers.open(way.format(one))
            assert answer.status_code == 410, way
            text = plain(answer.text).lower()
            for words in (f"number {one}", "a private person.", "is withheld since 20"):
                assert words in text, way
            assert not confidences.names.found_in(answer.text), way
            assert not confidences.marks.found_in(answer.text), way
            assert "dora" not in answer.text.lower(), way


@pytest.mark.thorough
@pytest.mark.timeout(900)
@pytest.mark.parametrize("moment", ["now", *thorough("then")])
def test_no_list_chart_feed_or_file_names_a_withheld_entry(
    confidences: Confidences, readers: Site, moment: str
) -> None:
    then = moment == "then"
    urls, shown, broken = confidences.paper.app.url_map.bind(""), [], []
    readers.app.testing = readers.app.config["PROPAGATE_EXCEPTIONS"] = False
    for address in addresses(confidences):
        route = urls.match(address.partition("?")[0])[0]
        if route in OWN | (TELLS | COMPARES if then else TELLS):
            continue
        if any(part in address for part in THEN) is not then:
            continue
        answer = readers.open(address)
        broken += [address] * (answer.status_code >= 500)
        text = _read(answer)
        shown += [address for number in confidences.numbers if re.search(mention(number), text)]
    assert (broken, shown) == ([], [])


def mention(number: int) -> str:
    return rf'(/s/{number}\b|"number": ?{number}\b|#{number}\b)'


def test_corrections_tell_that_it_was_withheld_and_why_and_not_of_whom(
    confidences: Confidences, readers: Site
) -> None:
    for address in ("/corrections", "/corrections.atom", "/corrections.jsonfeed"):
        answer = readers.open(address)
        assert "A private person" in answer.text
        assert f"s/{confidences.said}" in answer.text
        assert not confidences.names.found_in(answer.text)


def test_the_log_gives_the_envelope_and_the_reason_of_its_events(
    confidences: Confidences, readers: Site
) -> None:
    streams = {confidences.desk(number).stream(number) for number in confidences.numbers}
    found = 0
    for event in every(readers, "/api/v1/events?limit=500"):
        if event["originator_id"] in streams:
            found += 1
            own = event.keys() | event.get("content", {}).keys()
            assert own <= {*ENVELOPE, *ALWAYS, "type", "position", "content"}
    assert found > len(streams)
    page = readers.open(f"/log?at={confidences.said}").text
    assert not {one for one in confidences.names.found_in(page) if one.startswith("role")}


def test_who_records_sees_a_withheld_entry_whole(confidences: Confidences) -> None:
    page = confidences.paper.open(f"/s/{confidences.said}")
    assert page.status_code == 200
    assert confidences.names.found_in(page.text)


def test_a_reinstated_entry_is_seen_again(confidences: Confidences, readers: Site) -> None:
    confidences.paper.newsroom.statements.reinstate(
        confidences.paper.dora(), confidences.said, "A public person."
    )
    assert readers.open(f"/s/{confidences.said}").status_code == 200


DATA = (
    *("/t/{}.json?", "/t/{}.csv?", "/api/v1/positions?topic={}&why=1&", "/compare.json?topic={}&"),
    *("/api/v1/changes?topic={}&", "/api/v1/entries?topic={}&", "/api/v1/matrix?topic={}&"),
    *("/api/v1/positions?actor=eland&", "/api/v1/positions?actor=dora&"),
)
PAGES = (
    *("/t/{}?", "/t/{}?view=table&", "/t/{}.svg?", "/embed/t/{}?", "/compare?topic={}&", "/?"),
    *("/a/dora?", "/story/talks?", "/compare?actor=dora&", "/log/diff?topic={}&a="),
)
"""Addresses that tell of a topic at another moment, which is to be named at their end."""


@pytest.mark.few(3)
@pytest.mark.parametrize("place", DATA)
def test_data_of_a_past_moment_hold_nothing_of_an_entry_that_is_withheld_since(
    confidences: Confidences, readers: Site, place: str
) -> None:
    for topic in ("quiet", "union"):
        before, after = (
            _told_at(readers, place, topic, confidences.said + more) for more in (-1, 0)
        )
        assert before == after


@pytest.mark.few(4)
@pytest.mark.parametrize("place", PAGES)
def test_a_page_of_a_past_moment_names_nobody_for_the_sake_of_an_entry_that_is_withheld_since(
    confidences: Confidences, readers: Site, place: str
) -> None:
    for topic in ("quiet", "union"):
        before, after = (
            _told_at(readers, place, topic, confidences.said + more) for more in (-1, 0)
        )
        assert confidences.names.found_in(after) == confidences.names.found_in(before)


def test_a_moment_before_an_entry_was_withheld_differs_from_now_by_nothing_of_it(
    confidences: Confidences, readers: Site
) -> None:
    for topic in ("quiet", "union"):
        page = plain(readers.open(f"/log/diff?topic={topic}&a=@{confidences.said}").text)
        assert "retracted" not in page.lower()
        assert "no position" not in page.lower()


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        ("/t/union", 'href="/a/eland'),
        ("/t/union.json", '"actor":"eland","stance"'),
        ("/api/v1/positions?topic=union", '"actor":"eland"'),
        ("/api/v1/positions?topic=union&known_at=@{}", '"actor":"eland"'),
    ],
)
def test_who_has_only_words_on_a_topic_that_are_withheld_has_no_lane_there(
    confidences: Confidences, readers: Site, path: str, lane: str
) -> None:
    path = path.format(confidences.happened)
    assert lane not in readers.open(path).text
    confidences.paper.newsroom.statements.reinstate(
        confidences.paper.dora(), confidences.said, "A public person."
    )
    assert lane in readers.open(path).text


def _told_at(readers: Site, place: str, topic: str, position: int) -> str:
    moment = f"@{position}" if place.endswith("a=") else f"known_at=@{position}"
    answer = readers.open(place.format(topic) + moment)
    assert answer.status_code == 200, place
    return re.sub(rf"\b{position}\b", "…", _read(answer))
