"""The latest changes and developments of a story as an Atom feed (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.naming import keyed_id
from web.i18n.translate import gettext
from web.shell.atom import add, as_recorded, atom_response, new_feed
from web.shell.request import this_request
from web.story.turns import Turn, developments, turns

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.entries.views import DevelopmentView
    from web.story.reading import StoryReading

FEED = 50
"""Changes, and as many developments, that a feed tells of."""


def as_atom(reading: StoryReading) -> Response:
    """Return the latest changes and developments, those first that came to be known last."""
    told = turns(reading, reading.happenings.latest(FEED))
    entries: list[tuple[int, Turn | DevelopmentView]] = [
        *((one.change.change.known_at, one) for one in told),
        *((one.number, one) for one in _latest_developments(reading)),
    ]
    entries.sort(key=lambda entry: -entry[0])
    feed = new_feed(
        gettext("%(story)s: what changed and what happened", story=reading.story.title),
        as_recorded(reading.conn, entries[0][0] if entries else reading.clocks.known_at),
    )
    for position, one in entries:
        entry, known = SubElement(feed, "entry"), as_recorded(reading.conn, position)
        add(entry, "updated", known)
        add(entry, "published", known)
        if isinstance(one, Turn):
            _tell_change(entry, one)
        else:
            _tell_development(entry, one)
    return atom_response(feed)


def _latest_developments(reading: StoryReading) -> list[DevelopmentView]:
    days = [one for one in reading.days if one.developments]
    held, first = 0, 0
    for one in reversed(days):
        held, first = held + one.developments, one.day
        if held >= FEED:
            break
    if not days:
        return []
    found = reading.happenings.developments(first * DAY, end_of_day(days[-1].day))
    return developments(reading, found[-FEED:])


def _tell_change(entry: Element, one: Turn) -> None:
    name = f"{one.change.topic}/{one.change.lane}/{one.day}/{one.change.change.known_at}"
    add(entry, "id", f"urn:uuid:{keyed_id('story-change', name)}")
    title = gettext("%(actor)s on %(topic)s", actor=one.actor.name, topic=one.topic.label)
    add(entry, "title", title)
    add(entry, "summary", f"{one.topic.question} {one.date}: {one.sentence}")
    _link(entry, "alternate", this_request().host + one.href.removeprefix("/"))
    for said in (*one.then, *one.now):
        _link(entry, "related", f"{this_request().host}s/{said.number}@{said.known_from}")
        for source in said.sources[:1]:
            if source.href:
                _link(entry, "via", source.href)


def _tell_development(entry: Element, one: DevelopmentView) -> None:
    add(entry, "id", f"urn:uuid:{keyed_id('story-development', str(one.number))}")
    add(entry, "title", one.title or gettext("The words are withheld."))
    add(entry, "summary", f"{one.when}: {one.summary or one.title}")
    _link(entry, "alternate", this_request().host + one.href.removeprefix("/"))
    for source in one.sources[:1]:
        if source.href:
            _link(entry, "via", source.href)


def _link(entry: Element, rel: str, href: str) -> None:
    SubElement(entry, "link", {"rel": rel, "href": href})
