"""A chart as a file that stands by itself, as SVG and as PNG: for print and for social cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.picture.answer import picture_answer
from web.picture.of_actor import actor_picture
from web.picture.of_topic import picture_of
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.slots import costly

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

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
    """Give the chart of a topic's view as a picture, for everybody alike."""
    return picture_answer(picture_of(slug), form)


@blueprint.get("/a/<slug>.<any(svg, png):form>")
@cached
@costly
def actor(slug: str, form: str) -> Response:
    """Give the chart of an actor as a picture, for everybody alike."""
    return picture_answer(actor_picture(slug), form)
