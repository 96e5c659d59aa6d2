"""The changes of a view as an Atom feed (RFC 4287), each told as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from timeline.domain.naming import keyed_id
from web.i18n.translate import gettext, translator
from web.shell.atom import add, as_recorded, atom_response, new_feed
from web.shell.publisher import publisher
from web.shell.request import this_request
from web.wording import sentences
from web.wording.facts import tellings
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.projections.queries.positions import LaneChange
    from web.data.view import View
    from web.wording.facts import Telling

MOST = 50


def as_atom(view: View) -> Response:
    """Return the latest changes, those first that came to be known last."""
    found = sorted(view.changes(mixed=False), key=lambda one: -one.change.known_at)[:MOST]
    names, host = Names(view.conn), this_request().host
    numbers = {n for one in found for n in (*one.change.before, *one.change.after)}
    told = tellings(
        view.conn,
        numbers,
        host,
        view.clocks.known_at,
        own=publisher().language,
        lanes={one.lane for one in found},
    )
    known = {one: as_recorded(view.conn, one.change.known_at) for one in found}
    nothing_since = as_recorded(view.conn, view.clocks.known_at)
    feed = new_feed(_title(view), max(known.values(), default=nothing_since))
    for one in found:
        _entry(feed, one, known[one], names, told)
    return atom_response(feed)


def _entry(
    feed: Element, one: LaneChange, known: str, names: Names, told: tuple[Telling, ...]
) -> None:
    change, topic, actor = one.change, names.topic(one.topic), names.actor(one.lane)
    texts = sentences.of_change(actor.id, change, told)
    proof = told[0].told.get(change.after[-1]) if change.after else None
    entry = SubElement(feed, "entry")
    name = f"{one.topic}/{one.lane}/{change.kind}/{change.counts_from}/{change.known_at}"
    add(entry, "id", f"urn:uuid:{keyed_id('change', name)}")
    add(entry, "title", gettext("%(actor)s on %(topic)s", actor=actor.name, topic=topic.label))
    add(entry, "updated", known)
    add(entry, "published", known)
    text = next((one.text for one in texts if one.lang == translator().code), "")
    add(entry, "summary", text or topic.question)
    number = f"?s={change.after[-1]}" if change.after else ""
    page = f"{this_request().host}t/{topic.slug}{number}#lane-{actor.slug}"
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    if proof is not None:
        SubElement(entry, "link", {"rel": "related", "href": proof.link})
        if proof.url:
            SubElement(entry, "link", {"rel": "via", "href": proof.url})


def _title(view: View) -> str:
    if view.topic:
        return gettext("%(topic)s: changes of position", topic=view.topic.question)
    if view.actor:
        return gettext("%(actor)s: changes of position", actor=view.actor.name)
    return gettext("Standline: latest changes of position")
