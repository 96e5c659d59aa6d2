"""A topic's chart as a picture: what its page draws, with title, moment, legend and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import directory
from web.i18n.translate import gettext, ngettext
from web.lanes.address import read_address
from web.lanes.answers import answer
from web.lanes.asked_dates import check_come_to_pass
from web.lanes.chart_input import chart_input
from web.picture.answer import wanted_size
from web.picture.fitting import fitted
from web.picture.layout import Texts
from web.picture.origin import position_of, source_lines
from web.shell.request import read_connection, this_request
from web.topic.reading import TopicReading
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from web.chart.drawing import Chart
    from web.picture.layout import Picture, Size


def picture_of(slug: str) -> Picture:
    """Return the picture of a topic that the address asks for; raises `NotFound` for none.

    Raises `Refused` for one that would begin in days to come.
    """
    conn, query = read_connection(), this_request().query
    topic, clocks = directory.topic(conn, slug), read_clocks(conn, query)
    address = read_address(query).as_picture()
    if address.begin:
        check_come_to_pass(address.begin, "from")
    reading = TopicReading(conn, topic, address, clocks, now=this_request().now)
    return topic_picture(reading, wanted_size())


def topic_picture(reading: TopicReading, size: Size) -> Picture:
    """Return the picture of a topic as it is read; of a fixed height, with the lanes that fit.

    A line says how many are left out.
    """
    given = chart_input(
        reading.drawn,
        reading.names,
        reading.address,
        reading.clocks,
        reading.window,
        reading.now,
    )
    return fitted(given, lambda chart, left_out: _texts(reading, chart, left_out), size)


def _texts(reading: TopicReading, chart: Chart, left_out: int) -> Texts:
    return Texts(
        title=reading.topic.question,
        moment=" · ".join((chart.title, ", ".join(reading.clocks.in_words(reading.now)))),
        nothing=gettext("no statement"),
        happened=gettext("What happened"),
        more=ngettext("and %(num)d more actor", "and %(num)d more actors", left_out)
        if left_out
        else "",
        missing="" if chart.lanes else gettext("No statement on record in this view."),
        source=source_lines(reading.conn, reading.clocks, f"/t/{reading.topic.slug}"),
        about=_about(reading, chart),
    )


def _about(reading: TopicReading, chart: Chart) -> str:
    """Say in words what a picture shows: all sides, each lane, and where it can be seen again."""
    told = answer(reading.conn, reading.topic, reading.sides, reading.names, reading.clocks)
    position = position_of(reading.clocks)
    fixed = reading.address.url(reading.topic.slug, known=f"@{position}")
    said = (told.summary, told.latest) if told else ()
    lanes = (lane.sentence for lane in chart.lanes)
    return " ".join(filter(None, (*said, *lanes, this_request().site + fixed)))
