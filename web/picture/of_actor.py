"""An actor's chart as a picture: every topic a lane, with title, moment, legend and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import directory
from web.actor.address import read_address
from web.actor.page import actor_page
from web.i18n.translate import gettext, ngettext
from web.picture.answer import wanted_size
from web.picture.layout import Texts
from web.picture.of_topic import fitted, position_of, source_lines
from web.shell.request import read_connection, services, this_request
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from web.actor.page import ActorPage
    from web.chart.drawing import Chart
    from web.picture.layout import Picture


def actor_picture(slug: str) -> Picture:
    """Return the picture of an actor that the address asks for; raises `NotFound` for none."""
    conn, query = read_connection(), this_request().query
    actor, size = directory.actor(conn, slug), wanted_size()
    address = read_address(actor.slug, query, read_clocks(conn, query))
    host, now = this_request().host, this_request().now
    page = actor_page(conn, services().log, actor, address, now=now, host=host)
    return fitted(page.charted, lambda chart, left_out: _texts(page, chart, left_out), size)


def _texts(page: ActorPage, chart: Chart, left_out: int) -> Texts:
    conn, now = read_connection(), this_request().now
    left_out += page.topics - len(page.charted.lanes)
    return Texts(
        title=page.actor.name,
        moment=" · ".join((chart.title, ", ".join(page.clocks.in_words(now)))),
        nothing=gettext("no statement"),
        happened="",
        more=ngettext("and %(num)d more question", "and %(num)d more questions", left_out)
        if left_out
        else "",
        missing="" if chart.lanes else gettext("No statement on record in this view."),
        source=source_lines(conn, page.clocks, f"/a/{page.actor.slug}"),
        about=_about(page, chart),
    )


def _about(page: ActorPage, chart: Chart) -> str:
    """Say in words what a picture shows: each lane, and where it can be seen again."""
    clocks = page.clocks
    fixed = page.address.url(known_at=f"@{position_of(clocks)}")
    return " ".join((*(lane.sentence for lane in chart.lanes), this_request().site + fixed))
