"""Stories: the changes and developments on their topics, month by month."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec
from urllib.parse import parse_qsl

from flask import Blueprint

from timeline.projections.queries import directory, log
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.shell.cookies import keep_cookie
from web.shell.page_cache import cached
from web.shell.rendering import see_other, stay_or_see
from web.shell.request import read_connection, this_request
from web.shell.visits import mark_seen, seen_here, story_place, visited, with_news
from web.story import data
from web.story.address import ORDERS, read_address
from web.story.page import story_page
from web.story.reading import StoryReading
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Story
    from web.story.address import StoryAddress

P = ParamSpec("P")

blueprint = Blueprint("story", __name__)

COOKIE = "story_order"


def _remembering_order(view: Callable[P, Response]) -> Callable[P, Response]:
    """Remember in which order the reader asked for the months of a story."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = view(*args, **kwargs)
        order = this_request().query.get("order", "")
        if order in ORDERS and order != this_request().choices.story_order:
            keep_cookie(response, COOKIE, order)
        return response

    return answer


@blueprint.get("/story/<slug>")
@_remembering_order
@visited
@cached
def show(slug: str) -> Response:
    """Show the months of a story."""
    conn = read_connection()
    story = directory.story(conn, slug)
    dates = read_asked_dates(conn, this_request().query, ("as_of", "known_at", "since"))
    address = read_address(dates.query)
    if not dates.unread and list(this_request().query.items(multi=True)) != parse_qsl(
        address.query()
    ):
        return see_other(address.url(slug))
    new_after = _new_after(address)
    page = story_page(
        _reading(story, address, dates.query, new_after),
        order=_order(address, new_after),
        new_after=new_after,
    )
    return answer_page("story/page.html", dates, page=page)


@blueprint.get("/story/<slug>.<any(json, csv, atom, jsonfeed):form>")
@cached
def as_data(slug: str, form: str) -> Response:
    """Return a story as data, with its filters and clocks."""
    address = read_address(this_request().query)
    story = directory.story(read_connection(), slug)
    reading = _reading(story, address, this_request().query, _new_after(address))
    return data.give(reading, form)


@blueprint.post("/seen/story/<slug>")
def mark(slug: str) -> Response:
    """Remember that the reader has seen a story as it is now."""
    story = directory.story(read_connection(), slug)
    here = stay_or_see(f"/story/{slug}")
    return mark_seen(here, story_place(story.slug), this_request().record.shown)


def _reading(
    story: Story, address: StoryAddress, query: MultiDict[str, str], new_after: int | None
) -> StoryReading:
    conn = read_connection()
    return StoryReading(
        conn,
        story,
        address,
        read_clocks(conn, query),
        now=this_request().now,
        new_after=new_after,
    )


def _new_after(address: StoryAddress) -> int | None:
    since = address.since
    return with_news(log.read_known(read_connection(), since) if since else seen_here())


def _order(address: StoryAddress, new_after: int | None) -> str:
    """Return the order asked for, else the remembered one, else newest first if there is news."""
    return address.order or this_request().choices.story_order or ("new" if new_after else "old")
