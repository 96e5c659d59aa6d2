"""The feeds of the site, as Atom (RFC 4287) and as JSON Feed 1.1."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from flask import request
from werkzeug.urls import iri_to_uri

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
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
JSON_FEED = "https://jsonfeed.org/version/1.1"
AUTHOR = "Standline"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a feed; ``page`` is the address of the whole, ``proofs`` those of its evidence.

    Each line of ``text`` is a paragraph. ``sources`` are pages of other sites. Times are written
    as in RFC 3339.
    """

    id: str
    title: str
    text: str
    published: str
    updated: str
    page: str
    proofs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Deleted(msgspec.Struct, frozen=True):
    """An item that was deleted: its id, when, and why (RFC 6721)."""

    id: str
    when: str
    why: str


class Feed(msgspec.Struct, frozen=True):
    """The feed of a page, its entries latest first; only Atom lists those that were ``deleted``."""

    title: str
    updated: str
    entries: list[Entry]
    deleted: list[Deleted] = []


def feed_response(feed: Feed, form: str) -> Response:
    """Return a feed in one of the `FORMS`."""
    page = request.base_url.removesuffix(f".{form}").removesuffix("index")
    shown = f"{page}?{urlencode(list(request.args.items(multi=True)))}".removesuffix("?")
    return FORMS[form](feed, page, shown)


def _asked_for() -> str:
    """Return the requested address, without characters that XML forbids."""
    return iri_to_uri(request.url)


def as_recorded(conn: Connection, position: int | None = None) -> str:
    """Return when a log position was recorded, the last one by default (for an empty feed).

    If the log has no events, return the current time.
    """
    rows = log.lines(conn, before=None if position is None else position + 1, limit=1)
    return iso_us(rows[0].recorded_at if rows else this_request().now * MICROSECONDS)


def _as_atom(feed: Feed, page: str, shown: str) -> Response:
    names = {"xmlns:at": TOMBSTONES} if feed.deleted else {}
    element = Element("feed", {"xmlns": ATOM, **names, "xml:lang": translator().code})
    _add(element, "id", page)
    _add(element, "title", feed.title)
    _add(element, "updated", feed.updated)
    _add(SubElement(element, "author"), "name", AUTHOR)
    _link(element, "self", _asked_for())
    _link(element, "alternate", shown)
    for entry in feed.entries:
        _add_entry(element, entry)
    for deleted in feed.deleted:
        tombstone = SubElement(
            element, "at:deleted-entry", {"ref": deleted.id, "when": deleted.when}
        )
        _add(tombstone, "at:comment", deleted.why)
    text = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(element, "utf-8")
    return data_answer(text, "application/atom+xml")


def _add_entry(element: Element, feed_entry: Entry) -> None:
    entry = SubElement(element, "entry")
    _add(entry, "id", feed_entry.id)
    _add(entry, "title", feed_entry.title)
    _add(entry, "updated", feed_entry.updated)
    _add(entry, "published", feed_entry.published)
    _add(entry, "summary", feed_entry.text)
    if "\n" in feed_entry.text:
        SubElement(entry, "content", {"type": "html"}).text = _html(feed_entry.text)
    _link(entry, "alternate", feed_entry.page)
    for proof in feed_entry.proofs:
        _link(entry, "related", proof)
    for source in feed_entry.sources:
        _link(entry, "via", source)


def _html(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, rel: str, href: str) -> None:
    kind = {"type": "text/html"} if rel == "alternate" else {}
    SubElement(parent, "link", {"rel": rel, **kind, "href": href})


def _as_json(feed: Feed, _page: str, shown: str) -> Response:
    fields = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": shown,
        "feed_url": _asked_for(),
        "language": translator().code,
        "authors": [{"name": AUTHOR}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return data_answer(msgspec.json.encode(fields), "application/feed+json")


def _item(entry: Entry) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": entry.id,
        "url": entry.page,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.published,
        "date_modified": entry.updated,
    }
    if "\n" in entry.text:
        fields["content_html"] = _html(entry.text)
    if entry.sources:
        fields["external_url"] = entry.sources[0]
    if entry.proofs:
        fields["_standline"] = {"proofs": entry.proofs}
    return fields


FORMS = {"atom": _as_atom, "jsonfeed": _as_json}
