"""Topics: the page of a question, its replay, and explanations of positions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec
from flask import Blueprint
from werkzeug.datastructures import MultiDict

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import directory, extent, log
from web.entries.notices import corrections_strip
from web.lanes.address import GO, TopicAddress, read_address
from web.lanes.asked_dates import AskedDates, answer_page, read_asked_dates
from web.lanes.window import brushed, read_place
from web.shell.page_cache import cached
from web.shell.rendering import render_page, see_other, stay_or_see, wanted_part, wants_fragment
from web.shell.request import read_connection, services, this_request
from web.shell.visits import mark_seen, seen_here, visited, with_news
from web.topic import why
from web.topic.page import entries_part, topic_page
from web.topic.reading import TopicReading
from web.topic.replay import moments, moved_to, step
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Topic
    from web.wording.clocks import Clocks

UNKNOWN_STEP = Message("unknown_step", "%(step)s is not a step", fix="use one of: %(choices)s")
NO_PLACE_AMONG_ENTRIES = Message(
    "no_place_among_entries",
    "%(text)s is not a place among the entries",
    fix="follow the link at the end of the list",
)

blueprint = Blueprint("topic", __name__)

BELOW = "why-below"
"""The block of an explanation that opens below its lane."""

DATES = ("as_of", "known_at", "since", "from", "to")
"""The dates of the address."""

PLACE = re.compile(r"(-?\d{1,18}),(\d{1,18})")
"""The place where a list of entries continues: an instant in seconds and a number."""


@blueprint.get("/t/<slug>")
@visited
@cached
def show(slug: str) -> Response:
    """Show a topic; redirect a step of the replay to its address."""
    conn = read_connection()
    topic = directory.topic(conn, slug)
    dates = _asked_dates(conn)
    address = read_address(dates.query)
    clocks = read_clocks(conn, dates.query)
    if {"go", "place"} & dates.query.keys():
        return see_other(_stepped(topic, address, clocks).url(slug))
    if {"left", "right"} & this_request().query.keys():
        return see_other(_brushed(topic, address).url(slug))
    after = _after()
    if not dates.unread and not _is_canonical(address):
        return see_other(address.more_url(slug, this_request().query.get("after", "")))
    now = this_request().now
    if after and wants_fragment():
        more = entries_part(TopicReading(conn, topic, address, clocks, now=now), after)
        return render_page("topic/page.html", block="more", page=more)
    seen = with_news(log.read_known(conn, address.since) if address.since else seen_here())
    reading = TopicReading(conn, topic, address, clocks, now=now, new_after=seen)
    page = topic_page(reading, services().log, after=after, is_part=wants_fragment())
    strip = corrections_strip(conn, topic, now=now) if clocks.is_now else None
    host = this_request().host.rstrip("/")
    block = "chart" if wanted_part() == "chart" else "view"
    context = {"page": page, "corrections": strip, "host": host}
    return answer_page("topic/page.html", dates, block=block, **context)


@blueprint.get("/t/<slug>/why/<actor>")
@cached
def why_(slug: str, actor: str) -> Response:
    """Explain a position: the rule, what counted, and what did not and why."""
    conn = read_connection()
    dates = read_asked_dates(conn, this_request().query, ("as_of", "known_at"))
    topic, who = directory.topic(conn, slug), directory.actor(conn, actor)
    page = why.why_page(conn, topic, who, read_clocks(conn, dates.query), this_request().host)
    block = "below" if wanted_part() == BELOW else "view"
    return answer_page("topic/why.html", dates, block=block, page=page)


@blueprint.post("/seen/<slug>")
def mark(slug: str) -> Response:
    """Remember that the reader has seen a topic as it is now."""
    topic = directory.topic(read_connection(), slug)
    here = stay_or_see(f"/t/{topic.slug}")
    return mark_seen(here, topic.slug, this_request().record.shown)


def _asked_dates(conn: Connection) -> AskedDates:
    """Read the dates of the query; a typed day overrides the place of the slider.

    If the typed day is invalid, the page stays at the reader's moment.
    """
    query = MultiDict(this_request().query)
    typed = query.pop("day", "").strip()
    if not typed:
        return read_asked_dates(conn, query, DATES)
    query.poplist("place")
    name = "known_at" if query.get("clock") == "known" else "as_of"
    stay = {name: query.get(name, "")}
    query[name] = typed
    dates = read_asked_dates(conn, query, DATES, stay)
    if name in dates.unread:
        # The day was typed into its own field.
        dates.unread["day"] = msgspec.structs.replace(dates.unread.pop(name), name="day")
    return dates


def _stepped(topic: Topic, address: TopicAddress, clocks: Clocks) -> TopicAddress:
    steps = moments(read_connection(), topic, address, clocks, this_request().now)
    if "go" in this_request().query:
        go = this_request().query["go"]
        if go not in GO:
            raise Refused(UNKNOWN_STEP, field="go", step=InQuotes(go), choices=", ".join(GO))
        return step(read_connection(), topic, address, clocks, steps, go)
    return moved_to(address, clocks, steps, read_place(this_request().query, "place"))


def _brushed(topic: Topic, address: TopicAddress) -> TopicAddress:
    """Return the address of the time that was chosen with the overview's brush."""
    now = this_request().now
    first, _ = extent.span(read_connection(), topic.id) or (now, now)
    query = this_request().query
    way = brushed(first, now, (read_place(query, "left"), read_place(query, "right")))
    return msgspec.structs.replace(address, begin=way.begin, end=way.end)


def _is_canonical(address: TopicAddress) -> bool:
    """Tell whether the query is the canonical one, so that history holds no other."""
    pairs = [pair for pair in this_request().query.items(multi=True) if pair[0] != "after"]
    return pairs == parse_qsl(address.query())


def _after() -> tuple[int, int] | None:
    text = this_request().query.get("after", "")
    if not text:
        return None
    match = PLACE.fullmatch(text)
    if match is None:
        raise Refused(NO_PLACE_AMONG_ENTRIES, field="after", text=InQuotes(text))
    return int(match[1]), int(match[2])
