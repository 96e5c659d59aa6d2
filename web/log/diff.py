"""Two moments side by side: what was said anew, and where the past itself looks different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.instants import day_of, iso_day
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position import Reading
from timeline.projections.queries import crowds, directory, entries, extent, log, said_known
from timeline.projections.queries.topic_changes import TopicChanges
from web.chart import axis
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.address import TopicAddress
from web.lanes.asked_dates import AskedDates, check_come_to_pass, read_moments
from web.lanes.chart_data import ChartData
from web.lanes.chart_input import chart_input
from web.lanes.history import LaneHistory, own_lanes, read_histories, with_empty_lanes
from web.lanes.in_short import lanes_in_short
from web.lanes.window import RECENT, Window, window
from web.log.differences import Difference, Differences
from web.log.scatter import Scatter, scatter
from web.wording.clocks import Clocks, is_now_in_words, read_clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.chart.model import Lane

MOST_COMPARED = 5_000
"""Statements that are compared one by one; of further lanes those that hold their positions."""

UNKNOWN_CLOCK = Message("unknown_clock", "%(clock)s is not a clock", fix="use said or known")


class Moment(msgspec.Struct, frozen=True):
    """One side: its label, the chart at that moment, and how many statements it holds."""

    label: str
    chart: Chart
    statements: int


class DiffPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of a comparison reads."""

    topics: list[Topic]
    topic: Topic | None
    clock: str
    a: str
    b: str
    then: Moment | None
    later: Moment | None
    new_position: list[Difference]
    past: list[Difference]
    again: list[Difference]
    said: Scatter | None


def asked_moments(conn: Connection, query: MultiDict[str, str]) -> AskedDates:
    """Read what is asked; a moment that cannot be read or is still to come is left out."""
    clock = query.get("clock", "known")

    def read(typed: str) -> None:
        _clocks(conn, clock, typed)
        day = typed.partition("@")[0]
        if day and not is_now_in_words(day):
            check_come_to_pass(day, "a")

    return read_moments(query, ("a", "b"), read)


def diff_page(conn: Connection, args: Mapping[str, str], *, now: int) -> DiffPage:
    """Read both moments; raises `Refused` for an unknown clock or an unreadable moment."""
    topics = directory.topics(conn)
    slug = args.get("topic", "") or (topics[0].slug if topics else "")
    clock = args.get("clock", "known")
    if clock not in ("said", "known"):
        raise Refused(UNKNOWN_CLOCK, field="clock", clock=InQuotes(clock))
    a, b = args.get("a", "").strip(), args.get("b", "").strip()
    if not slug:
        return DiffPage(
            topics=[],
            topic=None,
            clock=clock,
            a=a,
            b=b,
            then=None,
            later=None,
            new_position=[],
            past=[],
            again=[],
            said=None,
        )
    topic = directory.topic(conn, slug)
    sides = [_clocks(conn, clock, a), _clocks(conn, clock, b)]
    compared = _compared_whole(crowds.words_now(conn, topic.id))
    lanes = [_lanes(conn, topic, side, compared) for side in sides]
    asked = TopicAddress(begin=_begin(sides))
    shown = window(asked, *_ends(conn, topic, lanes, now), now)
    names = Names(conn)
    heard = _heard(conn, lanes[0], sides[0]) | _heard(conn, lanes[1], sides[1])
    differences = Differences(lanes, topic, names, heard)
    turned = sorted(differences.moved(), key=_name)
    rewritten = sorted(differences.past(), key=_name)
    differing = {difference.actor.slug for difference in (*turned, *rewritten)}
    then, later = (
        _moment(conn, topic, side, found, names, shown, now, differing)
        for side, found in zip(sides, _beside_each_other(lanes), strict=True)
    )
    ends, over = said_known.extent(conn, topic.id), axis.Window(shown.start, shown.end)
    return DiffPage(
        topics=topics,
        topic=topic,
        clock=clock,
        a=a,
        b=b,
        then=then,
        later=later,
        new_position=turned,
        past=rewritten,
        again=sorted(differences.again(), key=_name),
        said=scatter(conn, topic, ends, over, sides) if ends else None,
    )


def _begin(sides: list[Clocks]) -> str:
    """Return the day from which charts show what led to the earlier moment; "" where it is now."""
    moments = [clocks.as_of for clocks in sides if clocks.as_of is not None]
    return iso_day(day_of(min(moments) - RECENT)) if moments else ""


def _heard(conn: Connection, lanes: list[LaneHistory], clocks: Clocks) -> dict[int, StatementEntry]:
    """Return the second-hand words that hold a position."""
    stood = [lane.position for lane in lanes if lane.position.rank]
    numbers = {number for position in stood for number in position.counted}
    return entries.statements(conn, numbers, clocks.known_at)


def _compared_whole(words: Mapping[str, int]) -> set[str]:
    """Return the lanes whose words are compared one by one, the shortest first."""
    read, found = 0, set[str]()
    for lane, count in sorted(words.items(), key=lambda one: (one[1], one[0])):
        read += count
        if read > MOST_COMPARED:
            break
        found.add(lane)
    return found


def _lanes(conn: Connection, topic: Topic, clocks: Clocks, compared: set[str]) -> list[LaneHistory]:
    """Return every lane; of those that are not compared whole the words that hold its position."""
    changes = TopicChanges(conn, topic.id, clocks)
    lanes = lanes_in_short(conn, topic.id, clocks, changes)
    read = read_histories(conn, [topic.id], clocks, actors=compared)
    whole = {lane.actor: lane for _, lane in read}
    whole |= {lane.actor: lane for lane in lanes if lane.readings and lane.actor not in whole}
    rest = [lane for lane in lanes if lane.actor not in whole]
    counted = {number for lane in rest for number in lane.position.counted}
    held = {
        entry.number: entry for entry in entries.statements(conn, counted, clocks.known_at).values()
    }

    def holding(lane: LaneHistory) -> LaneHistory:
        said = (held[number] for number in lane.position.counted if number in held)
        return msgspec.structs.replace(lane, readings=tuple(map(_reading, said)))

    found = (whole.get(lane.actor) or holding(lane) for lane in lanes)
    return own_lanes(
        [
            msgspec.structs.replace(lane, is_for_others=short.is_for_others)
            for short, lane in zip(lanes, found, strict=True)
        ]
    )


def _ends(
    conn: Connection, topic: Topic, sides: list[list[LaneHistory]], now: int
) -> tuple[int, int]:
    """Return the instants of the first and the last words; of lanes in short nobody knows those."""
    lanes = [lane for side in sides for lane in side]
    if any(lane.totals for lane in lanes):
        return extent.span(conn, topic.id) or (now, now)
    instants = [reading.counts_from for lane in lanes for reading in lane.readings] or [now]
    return min(instants), max(instants)


def _beside_each_other(sides: list[list[LaneHistory]]) -> list[list[LaneHistory]]:
    """Give both sides a lane for everybody who has one on either, so that rows can be compared."""
    then, later = sides
    return [with_empty_lanes(then, later), with_empty_lanes(later, then)]


def _reading(said: StatementEntry) -> Reading:
    return Reading(
        statement=said.number,
        speaker=said.speaker,
        counts_from=said.counts_from,
        timed=said.timed,
        rank=said.rank,
        joint=said.attribution == "joint",
        stance=said.stance,
        wording=said.wording,
        known_from=said.known_from,
    )


def _name(difference: Difference) -> str:
    return difference.actor.name


def _clocks(conn: Connection, clock: str, text: str) -> Clocks:
    """Read a moment of one clock, or of both: ``2025-12-14@1042``."""
    said, at, position = text.partition("@")
    if said and at:
        return read_clocks(conn, {"as_of": said, "known_at": at + position})
    return read_clocks(conn, {"known_at" if clock == "known" or at else "as_of": text})


def _moment(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    lanes: list[LaneHistory],
    names: Names,
    shown: Window,
    now: int,
    differing: set[str],
) -> Moment:
    numbers = {r.statement for lane in lanes for r in lane.readings}
    said = entries.statements(conn, numbers, clocks.known_at)
    facts = extent.facts(conn, topic.id, clocks)
    everybody = {lane.actor: lane for lane in lanes}
    data = ChartData(topic, None, lanes, said, [], frozenset(), None, now, present=everybody)
    given = chart_input(data, names, TopicAddress(sort="name"), clocks, shown, now)
    first = _first(given.lanes, differing)
    plain = msgspec.structs.replace(given, lanes=first, links=False)
    return Moment(_label(conn, clocks), draw(plain, dates.wording()), facts.statements)


def _first(lanes: tuple[Lane, ...], differing: set[str]) -> tuple[Lane, ...]:
    """Put the lanes that differ first; none of them is left out where there are many."""
    told = [msgspec.structs.replace(lane, named=lane.slug in differing) for lane in lanes]
    return tuple(sorted(told, key=lambda lane: not lane.named))


def _label(conn: Connection, clocks: Clocks) -> str:
    parts = [] if clocks.as_of is None else [dates.day(clocks.as_of)]
    if clocks.known_at is not None:
        parts.append(gettext("Event %(n)s of the log", n=clocks.known_at))
        rows = log.lines(conn, before=clocks.known_at + 1, limit=1)
        parts += [dates.moment_us(row.recorded_at) for row in rows]
    return ", ".join(parts)
