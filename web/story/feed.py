"""The latest changes and developments of a story as a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.naming import keyed_id
from web.entries.in_feeds import change_told, paragraphs
from web.i18n.translate import gettext
from web.shell.feeds import Entry, Feed, as_recorded
from web.shell.request import this_request
from web.story.turns import Turn, developments, turns
from web.wording import moves
from web.wording.changes import DERIVED

if TYPE_CHECKING:
    from web.entries.views import DevelopmentView
    from web.story.reading import StoryReading

FEED = 50
"""Changes, and as many developments, that a feed tells of."""


def story_feed(reading: StoryReading) -> Feed:
    """Return the latest changes and developments, those first that came to be known last."""
    told = turns(reading, reading.story_changes.latest(FEED))
    found: list[tuple[int, Turn | DevelopmentView]] = [
        *((one.change.change.known_at, one) for one in told),
        *((one.number, one) for one in _latest_developments(reading)),
    ]
    found.sort(key=lambda entry: -entry[0])
    return Feed(
        gettext("%(story)s: what changed and what happened", story=reading.story.title),
        as_recorded(reading.conn, found[0][0] if found else reading.clocks.known_at),
        [_entry(one, as_recorded(reading.conn, position)) for position, one in found],
    )


def _entry(one: Turn | DevelopmentView, known: str) -> Entry:
    return _change(one, known) if isinstance(one, Turn) else _development(one, known)


def _latest_developments(reading: StoryReading) -> list[DevelopmentView]:
    days = [one for one in reading.days() if one.developments]
    held, first = 0, 0
    for one in reversed(days):
        held, first = held + one.developments, one.day
        if held >= FEED:
            break
    if not days:
        return []
    found = reading.story_changes.developments(first * DAY, end_of_day(days[-1].day))
    return developments(reading, found[-FEED:])


def _change(one: Turn, known: str) -> Entry:
    name = f"{one.change.topic}/{one.change.lane}/{one.day}/{one.change.change.known_at}"
    said, host = (*one.then, *one.now), this_request().host
    sources = (source.href for proof in said for source in proof.sources[:1])
    return Entry(
        id=f"urn:uuid:{keyed_id('story-change', name)}",
        title=moves.heading(one.actor.name, one.before, one.after, one.date, topic=one.topic.label),
        text="\n".join(
            [
                *change_told(one.told),
                *(line for proof in one.now for line in paragraphs(proof)),
                *(
                    gettext("Before: %(stance)s", stance=f"{proof.stance.word}, {proof.said}")
                    for proof in one.then
                ),
                *([str(DERIVED)] if one.told.derived else []),
                gettext("Question: %(question)s", question=one.topic.question),
            ]
        ),
        published=known,
        updated=known,
        page=host + one.href.removeprefix("/"),
        proofs=tuple(f"{host}s/{proof.number}@{proof.known_from}" for proof in said),
        sources=tuple(filter(None, sources)),
    )


def _development(one: DevelopmentView, known: str) -> Entry:
    return Entry(
        id=f"urn:uuid:{keyed_id('story-development', str(one.number))}",
        title=one.title or gettext("The words are withheld."),
        text=f"{one.when}: {one.summary or one.title}",
        published=known,
        updated=known,
        page=this_request().host + one.href.removeprefix("/"),
        sources=tuple(source.href for source in one.sources[:1] if source.href),
    )
