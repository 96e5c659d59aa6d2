"""Pages about a part of a topic, such as its codebook, with the same as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from flask import Blueprint

from timeline.projections.queries import directory
from timeline.projections.queries.directory import Story, Topic
from web.shell.data_answer import data_answer
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection
from web.wording.clocks import Clocks, read_clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response


class AboutTopic(msgspec.Struct, frozen=True, kw_only=True):
    """The topic of a page, with its story and clocks."""

    topic: Topic
    story: Story | None
    clocks: Clocks


P = TypeVar("P", bound=AboutTopic)


def about_topic(conn: Connection, slug: str, args: Mapping[str, str]) -> dict[str, Any]:
    """Read the fields of an `AboutTopic`.

    Raises `NotFound` for an unknown topic, `Refused` for invalid clocks.
    """
    topic = directory.topic(conn, slug)
    stories = {story.id: story for story in directory.stories(conn)}
    story = stories.get(topic.story or "")
    return {"topic": topic, "story": story, "clocks": read_clocks(conn, args)}


def page_and_data(
    name: str,
    read: Callable[[Connection, str], P],
    fields_of: Callable[[P], Mapping[str, Any]],
) -> Blueprint:
    """Return the routes of a part of a topic: ``/t/<slug>/<name>``, and the same as JSON.

    Its page is the template ``<name>/page.html``. The data are those that ``fields_of`` returns for
    the page, with the topic and the log position at which it is known.
    """
    blueprint = Blueprint(name, f"web.{name}")

    @blueprint.get(f"/t/<slug>/{name}")
    @cached
    def show(slug: str) -> Response:
        return render_page(f"{name}/page.html", page=read(read_connection(), slug))

    @blueprint.get(f"/t/<slug>/{name}.json")
    @cached
    def data(slug: str) -> Response:
        page = read(read_connection(), slug)
        known = {"topic": page.topic.slug, "known_at": page.clocks.known_at}
        return data_answer(msgspec.json.encode({**known, **fields_of(page)}), "application/json")

    return blueprint
