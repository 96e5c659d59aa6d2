"""What all Atom feeds (RFC 4287) of the site share."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import request

from timeline.domain.dates import iso_us
from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries import log
from web.i18n.translate import translator
from web.shell.data_answer import data_answer
from web.shell.request import this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

ATOM = "http://www.w3.org/2005/Atom"


def atom_response(feed: Element) -> Response:
    """Return a feed as what a reader of feeds takes."""
    text = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, "utf-8")
    return data_answer(text, "application/atom+xml")


def new_feed(title: str, updated: str) -> Element:
    """Return the feed of the page that is asked for, without entries yet."""
    page = request.base_url.removesuffix(".atom").removesuffix("index")
    shown = f"{page}?{urlencode(list(request.args.items(multi=True)))}".removesuffix("?")
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": translator().code})
    add(feed, "id", page)
    add(feed, "title", title)
    add(feed, "updated", updated)
    add(SubElement(feed, "author"), "name", "Standline")
    SubElement(feed, "link", {"rel": "self", "href": request.url})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": shown})
    return feed


def as_recorded(conn: Connection, position: int | None = None) -> str:
    """Return when a log position was recorded; the last one, which a feed without entries is of.

    Of a log without events it is now.
    """
    found = log.lines(conn, before=None if position is None else position + 1, limit=1)
    return iso_us(found[0].recorded_at if found else this_request().now * MICROSECONDS)


def add(parent: Element, name: str, text: str) -> None:
    """Put an element with a text into another."""
    SubElement(parent, name).text = text
