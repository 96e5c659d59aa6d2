"""A topic's chart as a picture, with title, moment, legend and source."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries import directory, log
from web.chart.layout import draw, drop_lanes
from web.i18n import dates
from web.i18n.dates import wording
from web.i18n.translate import gettext, ngettext
from web.lanes.address import read_address
from web.lanes.answers import answer
from web.lanes.asked_dates import check_come_to_pass
from web.picture.answer import wanted_size
from web.picture.layout import Texts, lay_out
from web.shell.publisher import publisher
from web.shell.request import read_connection, this_request
from web.topic.reading import TopicReading
from web.wording.change_sentences import ChangeWriter
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from web.chart.drawing import Chart
    from web.chart.model import ChartInput
    from web.picture.layout import Picture, Size
    from web.wording.clocks import Clocks


def picture_of(slug: str) -> Picture:
    """Return the picture of a topic; raises `NotFound` for an unknown slug.

    Raises `Refused` for one that would begin in the future.
    """
    conn, query = read_connection(), this_request().query
    topic, clocks = directory.topic(conn, slug), read_clocks(conn, query)
    address = read_address(query).as_picture()
    if address.begin:
        check_come_to_pass(address.begin, "from")
    reading = TopicReading(conn, topic, address, clocks, now=this_request().now)
    return topic_picture(reading, wanted_size())


def topic_picture(reading: TopicReading, size: Size) -> Picture:
    """Return the picture of a topic; with a fixed height, with the lanes that fit.

    A line says how many are left out.
    """
    told = _told(reading)

    def texts(chart: Chart, left_out: int) -> Texts:
        return texts_around(
            chart,
            reading.clocks,
            f"/t/{reading.topic.slug}",
            title=reading.topic.question,
            told=told,
            more=ngettext("and %(num)d more actor", "and %(num)d more actors", left_out)
            if left_out
            else "",
            about=_about(reading, chart, told),
        )

    return fitted(reading.chart_input(reading.drawn), texts, size)


def texts_around(
    chart: Chart,
    clocks: Clocks,
    path: str,
    *,
    title: str,
    more: str,
    about: str,
    told: tuple[str, ...] = (),
) -> Texts:
    """Return the texts around a chart; ``path`` is the address of its page."""
    return Texts(
        title=title,
        told=told,
        moment=" · ".join((chart.title, ", ".join(clocks.in_words(this_request().now)))),
        nothing=gettext("no statement"),
        happened=gettext("What happened"),
        more=more,
        missing="" if chart.lanes else gettext("No statement on record in this view."),
        source=source_lines(read_connection(), clocks, path),
        about=about,
    )


def _told(reading: TopicReading) -> tuple[str, ...]:
    """Return the sentences that open the topic; of chosen actors, all about their latest change."""
    if reading.asked.actors:
        changes = [one for one in reading.changes.visible() if one.lane in reading.asked.actors]
        latest = sorted(changes, key=lambda one: one.change.counts_from)[-1:]
        teller = ChangeWriter(
            reading.conn,
            reading.names,
            latest,
            own=publisher().language,
            known_at=reading.clocks.known_at,
        )
        return tuple(" ".join(teller.tell(change).lines()) for change in latest)
    short_answer = answer(
        reading.conn,
        reading.topic,
        reading.sides,
        reading.names,
        reading.clocks,
        reading.in_person,
    )
    return (short_answer.summary, short_answer.latest) if short_answer else ()


def _about(reading: TopicReading, chart: Chart, told: tuple[str, ...]) -> str:
    """Describe a picture in words: what it tells, each lane, and its address."""
    position = position_of(reading.clocks)
    fixed = reading.address.url(reading.topic.slug, known_at=f"@{position}")
    lanes = (lane.sentence for lane in chart.lanes)
    return " ".join(filter(None, (*told, *lanes, this_request().site + fixed)))


def source_lines(conn: Connection, clocks: Clocks, path: str) -> tuple[str, ...]:
    """Return the lines below a picture: address and state of the record, then the credit."""
    address = this_request().site.partition("://")[2] + path
    position, day = _state(conn, clocks)
    state = gettext("record up to event %(n)s, %(date)s", n=position, date=day)
    first = gettext("Source: %(source)s", source=f"Standline, {address}; {state}")
    return (first, publisher().credit) if publisher().credit else (first,)


def position_of(clocks: Clocks) -> int:
    """Return the log position whose record is shown."""
    return this_request().record.shown if clocks.known_at is None else clocks.known_at


def _state(conn: Connection, clocks: Clocks) -> tuple[int, str]:
    position = position_of(clocks)
    rows = log.lines(conn, before=position + 1, limit=1)
    return position, dates.day(rows[0].recorded_at // MICROSECONDS) if rows else ""


def fitted(chart_data: ChartInput, texts: Callable[[Chart, int], Texts], size: Size) -> Picture:
    """Return the picture of a chart; ``texts`` are those around it for a number of lanes left out.

    If lanes do not fit, they are compact, then those that changed longest ago are left out.
    """
    chart_data = msgspec.structs.replace(chart_data, density="roomy", links=False, whole=None)
    whole = len(chart_data.lanes)
    while True:
        chart = draw(chart_data, wording())
        left_out = whole - len(chart_data.lanes) + chart.hidden
        picture = lay_out(chart, texts(chart, left_out), size)
        too_much = picture.height - size.height if size.height else 0
        if too_much <= 0 or len(chart_data.lanes) <= 1:
            return picture
        if chart_data.density == "roomy":
            chart_data = msgspec.structs.replace(chart_data, density="compact")
            continue
        count = ceil(too_much / chart.lanes[0].height)
        chart_data = drop_lanes(chart_data, min(count, len(chart_data.lanes) - 1))
