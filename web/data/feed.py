"""The changes of a view as a feed, each with its statements and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.dates import iso_us
from timeline.domain.naming import keyed_id
from timeline.projections.queries import attached, entries
from timeline.projections.queries.story_changes import group_by_words
from timeline.projections.tables.lanes import lanes_known
from web.entries.in_feeds import paragraphs
from web.entries.presenter import Presenter
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.feeds import Deleted, Entry, Feed, as_recorded
from web.shell.publisher import publisher
from web.shell.request import this_request
from web.wording import moves, stances
from web.wording.change_sentences import ChangeSentence, ChangeWriter
from web.wording.names import Names
from web.wording.when import changed_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.data.view import View
    from web.wording.stances import StanceView

MOST, AMENDED = 50, 20
"""The most changes of a feed, and the most amendments that it checks for deleted ones."""


def changes_feed(view: View) -> Feed:
    """Return the latest changes, those that became known last first.

    Changes of a person and their side by the same words are one entry.
    """
    changes = sorted(view.changes(mixed=False), key=lambda change: -change.change.known_at)[:MOST]
    names = Names(view.conn)
    numbers = {n for change in changes for n in (*change.change.before, *change.change.after)}
    known = {change: as_recorded(view.conn, change.change.known_at) for change in changes}
    nothing_since = as_recorded(view.conn, view.clocks.known_at)
    said = entries.statements(view.conn, numbers, view.clocks.known_at)
    heads = [moves.head(group, said, names.lanes) for group in group_by_words(changes)]
    names.actors({change.lane for change in heads})
    views = Presenter(view.conn, names, [*said.values()], known_at=view.clocks.known_at)
    teller = ChangeWriter(
        view.conn,
        names,
        heads,
        own=publisher().language,
        known_at=view.clocks.known_at,
        said=said,
    )
    shown = [
        _entry(change, known[change], names, views, said, view, teller.tell(change))
        for change in heads
    ]
    deleted = list(_deleted(view))
    times = [*known.values(), *(entry.when for entry in deleted)]
    return Feed(_title(view), max(times, default=nothing_since), shown, deleted)


def _deleted(view: View) -> Iterator[Deleted]:
    """Yield changes that an amendment of an entry removed."""
    conn, known_at = view.conn, view.clocks.known_at
    amended = attached.amendments(conn, known_at=known_at, limit=AMENDED)
    said = entries.statements(conn, {amendment.number for amendment in amended}, known_at)
    into, deleted_numbers = lanes_known(conn, known_at), set[str]()
    here: dict[tuple[str, str], set[str]] = {}
    for amendment in amended:
        entry = said.get(amendment.number)
        for lane in sorted({into.of(actor) for actor in entry.actors}) if entry else ():
            if entry is None or not view.is_about(entry.topic, lane):
                continue
            if (entry.topic, lane) not in here:
                here[entry.topic, lane] = _changes_then(view, entry.topic, lane, known_at)
            changes_then = _changes_then(view, entry.topic, lane, amendment.position - 1)
            for number in sorted(changes_then - here[entry.topic, lane] - deleted_numbers):
                deleted_numbers.add(number)
                yield Deleted(number, iso_us(amendment.recorded_at), amendment.reason)


def _changes_then(view: View, topic: str, lane: str, known_at: int | None) -> set[str]:
    return {_id(change) for change in view.changes_of(topic, lane, known_at)}


def _id(lane_change: LaneChange) -> str:
    change = lane_change.change
    lane = f"{lane_change.topic}/{lane_change.lane}"
    name = f"{lane}/{change.kind}/{change.counts_from}/{change.known_at}"
    return f"urn:uuid:{keyed_id('change', name)}"


def _entry(
    lane_change: LaneChange,
    known: str,
    names: Names,
    views: Presenter,
    said: Mapping[int, StatementEntry],
    view: View,
    change_sentence: ChangeSentence,
) -> Entry:
    change, topic, actor = (
        lane_change.change,
        names.topic(lane_change.topic),
        names.actor(lane_change.lane),
    )
    before, after = stances.sides(topic.scale, change, said)
    proof = views.statement(said[change.after[-1]]) if change.after else None
    said_before = [said[number] for number in change.before[-1:]]
    host, number = this_request().host, f"?s={proof.number}" if proof else ""
    return Entry(
        id=_id(lane_change),
        title=moves.heading(
            actor.name,
            None if change.from_ is None else before,
            after,
            changed_on(change, said),
            topic="" if view.topic else topic.label,
        ),
        text="\n".join(
            [
                *change_sentence.lines(),
                *(paragraphs(proof) if proof else ()),
                *(
                    gettext("Before: %(stance)s", stance=_then(before, entry))
                    for entry in said_before
                ),
                gettext("Question: %(question)s", question=topic.question),
            ]
        ),
        published=known,
        updated=known,
        page=f"{host}t/{topic.slug}{number}#lane-{actor.slug}",
        proofs=(f"{host}s/{proof.number}@{proof.known_from}",) if proof else (),
        sources=tuple(s.href for s in proof.sources[:1] if s.href) if proof else (),
    )


def _then(before: StanceView, said: StatementEntry) -> str:
    return f"{stances.in_brief(before)}, {dates.said(said.said_at)}"


def _title(view: View) -> str:
    about = view.topic.label if view.topic else view.actor.name if view.actor else ""
    if about:
        return gettext("%(name)s: first positions and changes of position", name=about)
    return gettext("Standline: latest changes of position")
