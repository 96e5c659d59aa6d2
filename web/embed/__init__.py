"""Embeds: a topic's lanes, or an entry with its proof, in a frame on somebody else's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import directory
from web.embed.entry_offer import entry_offer
from web.embed.frames import entry_frame, topic_frame
from web.embed.topic_offer import topic_offer
from web.entries.address import fixed_at
from web.lanes.address import read_address
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.rendering import render
from web.shell.request import read_connection, this_request
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("embed", __name__, url_prefix="/embed")
blueprint.app_template_global()(topic_offer)
blueprint.app_template_global()(entry_offer)
add_part(blueprint, "topic.use", "embed/topic_offer.html")
add_part(blueprint, "statement.use", "embed/entry_offer.html")

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *"
)
"""Frames may stand anywhere, and run no script."""


@blueprint.get("/t/<slug>")
@cached
def topic(slug: str) -> Response:
    """Show the lanes of a topic, at both clocks."""
    conn = read_connection()
    found, address = directory.topic(conn, slug), read_address(this_request().query)
    clocks = read_clocks(conn, this_request().query)
    frame = topic_frame(conn, found, address, clocks, now=this_request().now)
    return _framed("embed/topic.html", frame=frame)


@blueprint.get("/s/<reference>")
@cached
def entry(reference: str) -> Response:
    """Show an entry with its proof as it is now, or with ``@<position>`` as it was then."""
    number, known_at = fixed_at(reference)
    frame = entry_frame(read_connection(), number, known_at, now=this_request().now)
    return _framed("embed/entry.html", frame=frame)


@blueprint.after_request
def _framable(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _framed(template: str, **context: object) -> Response:
    """Render a frame; what its links lead to opens beside the page around it."""
    return render(template, framed=True, **context)
