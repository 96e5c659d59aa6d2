"""When statements were said and recorded, for a topic or for all: a plot and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_start
from timeline.domain.instants import DAY, MICROSECONDS, day_of, iso_day
from timeline.projections.queries import directory, entries, said_known
from timeline.projections.queries.directory import Topic
from web.chart.axis import Window
from web.entries.views import found_late
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.log.scatter import Scatter, address, days_in_words, read_cell, scatter
from web.wording import stances
from web.wording.grammar import noun
from web.wording.names import Names
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.said_known import Box, Extent

PAGE = 40

PAD = 0.02
"""The margin of the plot, as a share of the time shown."""


class SaidRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the list; ``days`` are those between saying and recording."""

    number: int
    who: str
    whom: str
    topic: Topic
    stance: StanceView
    said: str
    recorded: str
    days: int
    late: bool
    retracted: bool


class SaidList(msgspec.Struct, frozen=True):
    """A page of the list; ``cell`` describes its part of the plot."""

    rows: list[SaidRow]
    count: int
    cell: str
    all_href: str
    more_href: str


class Period(msgspec.Struct, frozen=True):
    """A period to choose: its name and its address."""

    label: str
    href: str
    chosen: bool


class SaidPage(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the page's template."""

    topics: list[Topic]
    topic: Topic | None
    periods: list[Period]
    picture: Scatter | None
    list: SaidList


def said_page(
    conn: Connection, args: Mapping[str, str], after: tuple[int, int] | None, *, now: int
) -> SaidPage:
    """Return plot and list; raises `NotFound` for an unknown topic, `Refused` for bad values."""
    topic = _topic(conn, args)
    ends = said_known.extent(conn, topic.id if topic else None)
    begin = args.get("from", "")
    start = parse_start(begin) if begin else None
    picture = None
    if ends:
        pad = max(int((ends.last - ends.first) * PAD), DAY)
        first = ends.first - pad if start is None else start
        end = max(ends.last, first) + pad
        picture = scatter(conn, topic, ends, Window(first, end), begin=begin)
    return SaidPage(
        topics=directory.topics(conn),
        topic=topic,
        periods=_periods(topic, ends, begin, now) if ends else [],
        picture=picture,
        list=said_list(conn, args, after),
    )


def _periods(topic: Topic | None, ends: Extent, begin: str, now: int) -> list[Period]:
    """Return the periods to choose: those that have statements and leave some out."""
    starts = [(gettext("Last 2 years"), now - 730 * DAY)]
    starts += [(gettext("Last 6 months"), now - 182 * DAY)]
    useful = [(label, start) for label, start in starts if ends.first < start <= ends.last]
    offers = [(gettext("Everything"), ""), *((label, iso_day(day_of(at))) for label, at in useful)]
    return [Period(label, address(topic, begin=day), day == begin) for label, day in offers]


def said_list(conn: Connection, args: Mapping[str, str], after: tuple[int, int] | None) -> SaidList:
    """Return a page of the list, latest said first."""
    topic, box = _topic(conn, args), read_cell(args.get("cell", ""))
    topic_id = topic.id if topic else None
    members = said_known.members(conn, topic_id, box, after=after, limit=PAGE + 1)
    shown = members[:PAGE]
    statements = entries.statements(conn, [number for _, number in shown])
    count = said_known.count(conn, topic_id, box)
    more = ",".join(map(str, shown[-1])) if len(members) > PAGE else ""
    names = Names(conn, statements.values())
    return SaidList(
        rows=[_row(statements[number], names) for _, number in shown if number in statements],
        count=count,
        cell=_in_words(conn, box, count) if box else "",
        all_href=address(topic) + "#list",
        more_href=address(topic, box, after=more) if more else "",
    )


def _topic(conn: Connection, args: Mapping[str, str]) -> Topic | None:
    slug = args.get("topic", "")
    return directory.topic(conn, slug) if slug else None


def _row(entry: StatementEntry, names: Names) -> SaidRow:
    topic = names.topic(entry.topic)
    return SaidRow(
        number=entry.number,
        who=names.actor(entry.speaker).name,
        whom=noun(names.lane(entry.on_behalf_of)).for_whom if entry.on_behalf_of else "",
        topic=topic,
        stance=stances.of(topic.scale, entry),
        said=dates.said(entry.said_at),
        recorded=dates.moment_us(entry.recorded_at),
        days=max(0, day_of(entry.recorded_at // MICROSECONDS) - day_of(entry.counts_from)),
        late=found_late(entry, topic),
        retracted=entry.retracted,
    )


def _in_words(conn: Connection, box: Box, count: int) -> str:
    if not count:
        return ngettext("%(num)d statement", "%(num)d statements", count)
    return days_in_words(count, box.said, said_known.recorded_span(conn, box))
