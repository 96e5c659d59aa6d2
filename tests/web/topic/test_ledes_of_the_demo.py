"""Every topic of the demo opens with who stood where and who moved, as its record says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.nature import VOTE
from timeline.domain.position import edition2
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import read_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

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
def conn(demo: Site) -> Iterator[Connection]:
    with demo.services.models.engine().connect() as conn:
        yield conn


def spoken_topics(conn: Connection) -> list[tuple[Topic, Record]]:
    """Return the topics that ask where somebody stands, with what the rule reads of each."""
    found = ((topic, read_evidence(conn, topic).record) for topic in directory.topics(conn))
    return [(topic, record) for topic, record in found if record.topic.asks != VOTE]


def lede(demo: Site, topic: Topic) -> str:
    page = demo.page(f"/t/{topic.slug}")
    elements = [*page.find("p", class_="answer-all"), *page.find("p", class_="answer-beside")]
    found = (text.text for opening in elements for text in page.texts if opening in text.around)
    return " ".join(" ".join(found).split())


def sides(record: Record) -> dict[str, edition2.Position]:
    """Return who has a position and speaks for themselves, or is spoken for, by id."""
    held = {position.lane: position for position in edition2.positions(record) if position.counted}
    spoke = {version.speaker: [] for version in record.words}  # type: dict[str, list[bool]]
    for word in record.words:
        spoke[word.speaker].append(word.side not in (None, word.speaker))
    only_for_others = {speaker for speaker, some in spoke.items() if all(some)}
    return {lane: position for lane, position in held.items() if lane not in only_for_others}


def test_it_names_whoever_stood_at_a_step_where_these_are_few(demo: Site, conn: Connection) -> None:
    told = 0
    for topic, record in spoken_topics(conn):
        positions = sides(record)
        if not positions or topic.scale.name != "position":
            continue
        opening = lede(demo, topic)
        names = directory.actors_by_id(conn, set(positions))
        for step, verb in VERBS.items():
            here = [
                names[lane].name for lane, position in positions.items() if position.stance == step
            ]
            if not here:
                assert verb not in opening.partition(".")[0], (topic.slug, opening)
            if 0 < len(here) <= NAMED:
                assert all(name in opening for name in here), (topic.slug, step, here, opening)
                told += 1
    assert told > 4


def test_it_counts_who_changed_and_dates_the_last(demo: Site, conn: Connection) -> None:
    numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]
    for topic, record in spoken_topics(conn):
        positions = sides(record)
        if len(positions) < 2:
            continue
        moved = {
            lane
            for change in edition2.changes(record)
            if change.is_visible
            for lane in change.lanes
            if lane in positions
        }
        opening = lede(demo, topic).lower()
        if moved:
            word = numbers[len(moved)]
            assert f"{word} of the " in opening, (topic.slug, moved, opening)
        else:
            none = "no change of position is on record", "no editor has signed a change"
            assert any(words in opening for words in none), (topic.slug, opening)
