"""The changes of a view as a feed, each told as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.dates import iso_us
from timeline.domain.naming import keyed_id
from timeline.projections.queries import attached, entries
from timeline.projections.queries.happenings import together
from timeline.projections.tables.lanes import lane_of
from web.i18n.translate import gettext, translator
from web.lanes.crowd import is_crowd
from web.shell.feeds import Deleted, Entry, Feed, as_recorded
from web.shell.publisher import publisher
from web.shell.request import this_request
from web.wording import moves, sentences
from web.wording.facts import tellings
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.projections.queries.positions import LaneChange
    from web.data.view import View
    from web.wording.facts import Telling

MOST, AMENDED = 50, 20
"""Changes that a feed tells of, and corrections after which it looks for those that are gone."""


def changes_feed(view: View) -> Feed:
    """Return the latest changes, those first that came to be known last.

    What the same words change for a person and for their side is one entry.
    """
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
    said = entries.statements(view.conn, numbers, view.clocks.known_at)
    heads = [moves.head(alike, said, names.lanes) for alike in together(found)]
    shown = [_entry(one, known[one], names, told) for one in heads]
    deleted = list(_deleted(view, names))
    times = [*known.values(), *(one.when for one in deleted)]
    return Feed(_title(view), max(times, default=nothing_since), shown, deleted)


def _deleted(view: View, names: Names) -> Iterator[Deleted]:
    """Yield the changes that are none any more since an entry was put right or taken back.

    Of a crowded topic nothing is looked for: its lanes are too long to be read again and again.
    """
    conn, known_at = view.conn, view.clocks.known_at
    amended = attached.amendments(conn, known_at=known_at, limit=AMENDED)
    said = entries.statements(conn, {one.number for one in amended}, known_at)
    into, told = lane_of(conn, known_at), set[str]()
    for one in amended:
        entry = said.get(one.number)
        for lane in {into.get(actor, actor) for actor in entry.actors} if entry else ():
            if entry is None or not view.is_about(entry.topic, lane):
                continue
            if is_crowd(names.topic(entry.topic)):
                continue
            then, now = (
                {_id(change) for change in view.changes_of(entry.topic, lane, known)}
                for known in (one.position - 1, known_at)
            )
            for gone in sorted(then - now - told):
                told.add(gone)
                yield Deleted(gone, iso_us(one.recorded_at), one.reason)


def _id(one: LaneChange) -> str:
    change = one.change
    name = f"{one.topic}/{one.lane}/{change.kind}/{change.counts_from}/{change.known_at}"
    return f"urn:uuid:{keyed_id('change', name)}"


def _entry(one: LaneChange, known: str, names: Names, told: tuple[Telling, ...]) -> Entry:
    change, topic, actor = one.change, names.topic(one.topic), names.actor(one.lane)
    texts = sentences.of_change(actor.id, change, told)
    text = next((one.text for one in texts if one.lang == translator().code), "")
    proof = told[0].told.get(change.after[-1]) if change.after else None
    number = f"?s={change.after[-1]}" if change.after else ""
    return Entry(
        id=_id(one),
        title=gettext("%(actor)s on %(topic)s", actor=actor.name, topic=topic.label),
        text=text or topic.question,
        published=known,
        updated=known,
        page=f"{this_request().host}t/{topic.slug}{number}#lane-{actor.slug}",
        proofs=(proof.link,) if proof else (),
        sources=(proof.url,) if proof and proof.url else (),
    )


def _title(view: View) -> str:
    if view.topic:
        return gettext("%(topic)s: changes of position", topic=view.topic.question)
    if view.actor:
        return gettext("%(actor)s: changes of position", actor=view.actor.name)
    return gettext("Standline: latest changes of position")
