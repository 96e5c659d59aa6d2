"""Every topic of the demo opens with who stood where and who moved, as its record says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from timeline.domain.nature import VOTE
from timeline.domain.position import edition2
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import gather

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.web.site import Site
    from timeline.domain.position.edition2 import Record
    from timeline.projections.queries.directory import Topic

NAMED = 4
"""Sides up to which a sentence names all."""

VERBS = {
    -2: "opposed",
    -1: "doubted",
    0: "was undecided|were undecided",
    1: "accepted",
    2: "support",
}


@pytest.fixture
def conn(demo: Site) -> Connection:
    return demo.services.models.engine().connect()


def spoken_topics(conn: Connection) -> list[tuple[Topic, Record]]:
    """Return the topics that ask where somebody stands, with what the rule reads of each."""
    found = ((topic, gather(conn, topic).record) for topic in directory.topics(conn))
    return [(topic, record) for topic, record in found if record.topic.asks != VOTE]


def lede(demo: Site, topic: Topic) -> str:
    page = Page(demo.open(f"/t/{topic.slug}").text)
    (told,) = page.find("p", class_="answer-all")
    return " ".join("".join(one.text for one in page.texts if told in one.around).split())


def sides(record: Record) -> dict[str, edition2.Position]:
    """Return who has a position and speaks for themselves, or is spoken for, by id."""
    held = {one.lane: one for one in edition2.positions(record) if one.counted}
    spoke = {one.speaker: [] for one in record.words}  # type: dict[str, list[bool]]
    for one in record.words:
        spoke[one.speaker].append(one.side not in (None, one.speaker))
    only_for_others = {speaker for speaker, some in spoke.items() if all(some)}
    return {lane: one for lane, one in held.items() if lane not in only_for_others}


def test_it_names_whoever_stood_at_a_step_where_these_are_few(demo: Site, conn: Connection) -> None:
    told = 0
    for topic, record in spoken_topics(conn):
        found = sides(record)
        if not found or topic.scale.name != "position":
            continue
        opening = lede(demo, topic)
        names = directory.actors_by_id(conn, set(found))
        for step, verb in VERBS.items():
            here = [names[lane].name for lane, one in found.items() if one.stance == step]
            if not here:
                assert verb not in opening.partition(".")[0], (topic.slug, opening)
            if 0 < len(here) <= NAMED:
                assert all(name in opening for name in here), (topic.slug, step, here, opening)
                told += 1
    assert told > 4


def test_it_counts_who_changed_and_dates_the_last(demo: Site, conn: Connection) -> None:
    numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]
    for topic, record in spoken_topics(conn):
        found = sides(record)
        if len(found) < 2:
            continue
        moved = {
            lane
            for one in edition2.changes(record)
            if one.is_told
            for lane in one.lanes
            if lane in found
        }
        opening = lede(demo, topic).lower()
        if moved:
            word = numbers[len(moved)]
            assert f"{word} of these" in opening, (topic.slug, moved, opening)
        else:
            assert "no change of position is on record" in opening, (topic.slug, opening)


PRESENT = re.compile(
    r"\b(supports?|opposes?|accepts?|doubts?|wants?|expects?|denies|asserts?|votes?)"
    r" (this|for|against)"
    r"|\b(is|are) undecided"
)


def test_no_opening_tells_in_the_present_what_was_said_long_ago(
    demo: Site, conn: Connection
) -> None:
    for topic in directory.topics(conn):
        page = Page(demo.open(f"/t/{topic.slug}").text)
        for told in page.find("p", class_="answer-all"):
            opening = "".join(one.text for one in page.texts if told in one.around)
            assert not PRESENT.search(opening), (topic.slug, opening)


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS += ("eleven", "twelve")


def test_the_lede_of_each_story_and_year_counts_who_changed_and_names_the_last(
    demo: Site, conn: Connection
) -> None:
    every = directory.actors_by_id(conn).values()
    bodies = {one.slug for one in every if one.kind in ("state", "organisation")}
    names = {one.slug: one.name for one in every}
    told = 0
    for story in directory.stories(conn):
        data = demo.open(f"/story/{story.slug}.json").get_json()["changes"]
        changes = [one for one in data if one["kind"] != "mixed"]
        years = {_year(one) for one in changes}
        for year in (*sorted(years), None):
            inside = [one for one in changes if year in (None, _year(one))]
            query = "" if year is None else f"?from={year}&to={year}"
            lede = " ".join(
                Page(demo.open(f"/story/{story.slug}{query}").text)
                .words(class_="story-lede")
                .split()
            )
            moved = [[who for who in one["actors"] if who in bodies][:1] for one in inside]
            sides = Counter(side for some in moved for side in some)
            if not sides:
                assert "no side changed its position" in lede, (story.slug, year, lede)
                continue
            count = len(sides)
            number = NUMBERS[count] if count < len(NUMBERS) else str(count)
            assert f"{number} side{'s' if count > 1 else ''} changed" in lede, (story.slug, year)
            days = [_day(one) for one, some in zip(inside, moved, strict=True) if some]
            last = {
                names[some[0]]
                for one, some in zip(inside, moved, strict=True)
                if some and _day(one) == max(days)
            }
            assert any(name in lede for name in last), (story.slug, year, last, lede)
            told += 1
    assert told > 10


def _day(change: dict[str, str]) -> str:
    return change["said_at"].rpartition("/")[2].strip("?~%")


def _year(change: dict[str, str]) -> str:
    return _day(change)[:4]
