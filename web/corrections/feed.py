"""The latest corrections, retractions and replies as an Atom feed (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from timeline.domain.naming import keyed_id
from web.i18n.translate import gettext
from web.shell.atom import add, as_recorded, atom_response, new_feed
from web.shell.request import this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from web.corrections.folding import Run
    from web.entries.notices import Notice


def as_atom(conn: Connection, runs: list[Run]) -> Response:
    """Return them, latest first, each leading to its entry; like ones are one."""
    feed = new_feed(gettext("Corrections"), runs[0].head.machine if runs else as_recorded(conn))
    for run in runs:
        if run.is_folded:
            _entry(feed, run.head, run.notices[-1], f"{run.head.title}: {run.in_words}")
        else:
            for one in run.notices:
                _entry(feed, one, one, f"{one.title}: {one.about}")
    return atom_response(feed)


def _entry(feed: Element, one: Notice, first: Notice, title: str) -> None:
    """Add an entry, known by the first of those that it stands for."""
    entry = SubElement(feed, "entry")
    add(entry, "id", f"urn:uuid:{keyed_id('correction', str(first.position))}")
    add(entry, "title", title)
    add(entry, "updated", one.machine)
    add(entry, "published", first.machine)
    told = ". ".join(part.rstrip(".") for part in (one.what, one.reason, one.reply) if part)
    add(entry, "summary", told or one.title)
    place = f"s/{one.number}" if one.number else f"corrections#e{one.position}"
    page = f"{this_request().host}{place}"
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
