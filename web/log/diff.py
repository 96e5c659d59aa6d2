"""Compare a topic at two moments: what was said since, and how the past itself changed."""

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
from web.lanes.reading import lanes_in_short
from web.lanes.window import RECENT, Window, window
from web.log.differences import Difference, Differences
from web.log.scatter import Scatter, scatter
from web.wording import two_moments
from web.wording.clocks import Clocks, is_now_in_words, read_clocks
from web.wording.grammar import noun
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.chart.model import Lane

MOST_COMPARED = 5_000
"""How many statements are compared one by one; other lanes compare only their positions."""

UNKNOWN_CLOCK = Message("unknown_clock", "%(clock)s is not a clock", fix="use said or known")


class Moment(msgspec.Struct, frozen=True):
    """One side: its label, the chart at that moment, and the number of statements."""

    label: str
    chart: Chart
    statements: int


class DiffPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of a comparison reads; ``opening`` says what differs."""

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
    opening: str = ""


def read_moments_asked(conn: Connection, query: MultiDict[str, str]) -> AskedDates:
    """Read the two moments; leave out one that is unreadable or in the future."""
    clock = query.get("clock", "known")

    def read(typed: str) -> None:
        _clocks(conn, clock, typed)
        day = typed.partition("@")[0]
        if day and not is_now_in_words(day):
            check_come_to_pass(day, "a")

    return read_moments(query, ("a", "b"), read)


def diff_page(conn: Connection, args: Mapping[str, str], *, now: int) -> DiffPage:
    """Return the comparison; raises `Refused` for an unknown clock or an unreadable moment."""
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
    whole_lanes = _lanes_to_compare(crowds.words_now(conn, topic.id))
    lanes = [_lanes(conn, topic, side, whole_lanes) for side in sides]
    address = TopicAddress(begin=_begin(sides))
    period = window(address, *_ends(conn, topic, lanes, now), now)
    names = Names(conn)
    second_hand = _second_hand(conn, lanes[0], sides[0]) | _second_hand(conn, lanes[1], sides[1])
    differences = Differences(lanes, topic, names, second_hand)
    moved = sorted(differences.moved(), key=_name)
    rewritten = sorted(differences.past(), key=_name)
    again = sorted(differences.again(), key=_name)
    differing = {difference.actor.slug for difference in (*moved, *rewritten)}
    then, later = (
        _moment(conn, topic, side, histories, names, period, now, differing)
        for side, histories in zip(sides, _with_same_lanes(lanes), strict=True)
    )
    ends, over = said_known.extent(conn, topic.id), axis.Window(period.start, period.end)
    return DiffPage(
        topics=topics,
        topic=topic,
        clock=clock,
        a=a,
        b=b,
        then=then,
        later=later,
        new_position=_dated(conn, moved, sides[1]),
        past=rewritten,
        again=_dated(conn, again, sides[1]),
        said=scatter(conn, topic, ends, over, sides) if ends else None,
        opening=_opening(topic, sides, moved, again, rewritten),
    )


def _dated(conn: Connection, found: list[Difference], clocks: Clocks) -> list[Difference]:
    """Add to each difference when the statement that shows it was made."""
    said = entries.statements(conn, {one.number for one in found if one.number}, clocks.known_at)
    return [
        msgspec.structs.replace(
            one, text=dates.said(entry.said_at), voted=entry.attribution == "voted"
        )
        if (entry := said.get(one.number))
        else one
        for one in found
    ]


def _opening(
    topic: Topic,
    sides: list[Clocks],
    moved: list[Difference],
    again: list[Difference],
    past: list[Difference],
) -> str:
    if not (moved or again or past):
        return ""
    return two_moments.opening(
        _when(*sides),
        topic.scale.name,
        [one.side for one in moved if one.side],
        [noun(one.actor) for one in again],
        [noun(one.actor) for one in past],
    )


def _when(then: Clocks, later: Clocks) -> str:
    """Name the moments if they are in order and of one clock."""
    if (then.known_at, later.known_at) == (None, None) and then.as_of is not None:
        last = later.as_of
        if last is None or then.as_of < last:
            end = "" if last is None else dates.day(last)
            return two_moments.compared_days(dates.day(then.as_of), end)
    if (then.as_of, later.as_of) == (None, None) and then.known_at is not None:
        until = later.known_at
        if until is None or then.known_at < until:
            return two_moments.compared_events(then.known_at, until)
    return gettext("at the second moment")


def _begin(sides: list[Clocks]) -> str:
    """Return the first day of the charts, some time before the earlier moment; "" for now."""
    moments = [clocks.as_of for clocks in sides if clocks.as_of is not None]
    return iso_day(day_of(min(moments) - RECENT)) if moments else ""


def _second_hand(
    conn: Connection, lanes: list[LaneHistory], clocks: Clocks
) -> dict[int, StatementEntry]:
    """Return the second-hand statements that positions rest on, by number."""
    positions = [lane.position for lane in lanes if lane.position.rank]
    numbers = {number for position in positions for number in position.counted}
    return entries.statements(conn, numbers, clocks.known_at)


def _lanes_to_compare(words: Mapping[str, int]) -> set[str]:
    """Return the lanes whose statements are compared one by one, the shortest first."""
    total, lanes = 0, set[str]()
    for lane, count in sorted(words.items(), key=lambda pair: (pair[1], pair[0])):
        total += count
        if total > MOST_COMPARED:
            break
        lanes.add(lane)
    return lanes


def _lanes(conn: Connection, topic: Topic, clocks: Clocks, compared: set[str]) -> list[LaneHistory]:
    """Return every lane; lanes not in ``compared`` have only the readings of their position."""
    changes = TopicChanges(conn, topic.id, clocks)
    lanes = lanes_in_short(conn, topic.id, clocks, changes)
    histories = read_histories(conn, [topic.id], clocks, actors=compared)
    by_actor = {lane.actor: lane for _, lane in histories}
    by_actor |= {lane.actor: lane for lane in lanes if lane.readings and lane.actor not in by_actor}
    rest = [lane for lane in lanes if lane.actor not in by_actor]
    counted = {number for lane in rest for number in lane.position.counted}
    by_number = {
        entry.number: entry for entry in entries.statements(conn, counted, clocks.known_at).values()
    }

    def holding(lane: LaneHistory) -> LaneHistory:
        statements = (by_number[number] for number in lane.position.counted if number in by_number)
        return msgspec.structs.replace(lane, readings=tuple(map(_reading, statements)))

    rows = (by_actor.get(lane.actor) or holding(lane) for lane in lanes)
    return own_lanes(
        [
            msgspec.structs.replace(lane, is_for_others=short.is_for_others)
            for short, lane in zip(lanes, rows, strict=True)
        ]
    )


def _ends(
    conn: Connection, topic: Topic, sides: list[list[LaneHistory]], now: int
) -> tuple[int, int]:
    """Return the instants of the first and last statement, from the topic if lanes are short."""
    lanes = [lane for side in sides for lane in side]
    if any(lane.totals for lane in lanes):
        return extent.span(conn, topic.id) or (now, now)
    instants = [reading.counts_from for lane in lanes for reading in lane.readings] or [now]
    return min(instants), max(instants)


def _with_same_lanes(sides: list[list[LaneHistory]]) -> list[list[LaneHistory]]:
    """Add empty lanes so that both sides have the same rows."""
    then, later = sides
    return [with_empty_lanes(then, later), with_empty_lanes(later, then)]


def _reading(statement: StatementEntry) -> Reading:
    return Reading(
        statement=statement.number,
        speaker=statement.speaker,
        counts_from=statement.counts_from,
        timed=statement.timed,
        rank=statement.rank,
        joint=statement.attribution == "joint",
        stance=statement.stance,
        wording=statement.wording,
        known_from=statement.known_from,
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
    period: Window,
    now: int,
    differing: set[str],
) -> Moment:
    numbers = {r.statement for lane in lanes for r in lane.readings}
    statements = entries.statements(conn, numbers, clocks.known_at)
    facts = extent.facts(conn, topic.id, clocks)
    everybody = {lane.actor: lane for lane in lanes}
    data = ChartData(topic=topic, lanes=lanes, statements=statements, moment=now, present=everybody)
    chart_data = chart_input(data, names, TopicAddress(sort="name"), clocks, period, now)
    first = _first(chart_data.lanes, differing)
    plain = msgspec.structs.replace(chart_data, lanes=first, links=False)
    return Moment(_label(conn, clocks), draw(plain, dates.wording()), facts.statements)


def _first(lanes: tuple[Lane, ...], differing: set[str]) -> tuple[Lane, ...]:
    """Put the lanes that differ first, so that none is left out if there are many."""
    marked = [msgspec.structs.replace(lane, named=lane.slug in differing) for lane in lanes]
    return tuple(sorted(marked, key=lambda lane: not lane.named))


def _label(conn: Connection, clocks: Clocks) -> str:
    parts = [] if clocks.as_of is None else [dates.day(clocks.as_of)]
    if clocks.known_at is not None:
        parts.append(gettext("Event %(n)s of the log", n=clocks.known_at))
        rows = log.lines(conn, before=clocks.known_at + 1, limit=1)
        parts += [dates.moment_us(row.recorded_at) for row in rows]
    return ", ".join(parts)
