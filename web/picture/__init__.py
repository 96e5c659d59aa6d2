"""Charts as SVG and PNG files, for print and for social cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import directory
from web.actor.address import read_address
from web.actor.page import actor_page
from web.i18n.translate import ngettext
from web.picture.answer import picture_answer, wanted_size
from web.picture.of_topic import fitted, picture_of, position_of, texts_around
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.request import read_connection, services, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.actor.page import ActorPage
    from web.chart.drawing import Chart
    from web.picture.layout import Picture, Texts

blueprint = Blueprint("picture", __name__)
add_part(blueprint, "topic.head", "picture/topic_head.html")
add_part(blueprint, "topic.formats", "picture/topic_formats.html")
add_part(blueprint, "topic.downloads", "picture/topic_downloads.html")
add_part(blueprint, "actor.head", "picture/actor_head.html")
add_part(blueprint, "actor.formats", "picture/actor_formats.html")


@blueprint.get("/t/<slug>.<any(svg, png):form>")
@cached
@costly
def topic(slug: str, form: str) -> Response:
    """Return the chart of a topic's view as a picture, the same for every reader."""
    return picture_answer(picture_of(slug), form)


@blueprint.get("/a/<slug>.<any(svg, png):form>")
@cached
@costly
def actor(slug: str, form: str) -> Response:
    """Return the chart of an actor as a picture, the same for every reader."""
    return picture_answer(actor_picture(slug), form)


def actor_picture(slug: str) -> Picture:
    """Return the picture of an actor; raises `NotFound` for an unknown slug."""
    conn, query = read_connection(), this_request().query
    actor, size = directory.actor(conn, slug), wanted_size()
    address = read_address(actor.slug, query, read_clocks(conn, query))
    host, now = this_request().host, this_request().now
    page = actor_page(conn, services().log, actor, address, now=now, host=host)
    return fitted(page.charted, lambda chart, left_out: _texts(page, chart, left_out), size)


def _texts(page: ActorPage, chart: Chart, left_out: int) -> Texts:
    left_out += page.topics - len(page.charted.lanes)
    return texts_around(
        chart,
        page.clocks,
        f"/a/{page.actor.slug}",
        title=page.actor.name,
        more=ngettext("and %(num)d more question", "and %(num)d more questions", left_out)
        if left_out
        else "",
        about=_about(page, chart),
    )


def _about(page: ActorPage, chart: Chart) -> str:
    """Describe a picture in words: each lane, and its address."""
    clocks = page.clocks
    fixed = page.address.url(known_at=f"@{position_of(clocks)}")
    return " ".join((*(lane.sentence for lane in chart.lanes), this_request().site + fixed))
