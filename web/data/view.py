"""The data of a page as rows, in the record's own names, untranslated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.position import MIXED, Change
from timeline.domain.two_clocks import TwoClocks
from timeline.interchange.exporting.picking import PickedEntries
from timeline.interchange.native.readable import readable_line, readable_replies, readable_row
from timeline.projections.queries import attached, directory, paging
from timeline.projections.queries.answers import (
    answer_actors,
    answer_topics,
    ask_positions,
)
from timeline.projections.queries.change_answers import ChangeFilter as WantedChanges
from timeline.projections.queries.change_answers import count_waiting, shown_lane
from timeline.projections.queries.historical_changes import changes_at
from timeline.projections.queries.positions import (
    LaneChange,
    current_changes,
    latest_first,
)
from timeline.projections.queries.story_changes import StoryChanges, StoryFilter
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.queries.withheld import hidden_numbers, withheld_entries
from timeline.projections.tables.kinds import MOVED
from timeline.projections.tables.lanes import lanes_known
from timeline.stores.query_limit import limit_queries
from web.lanes import filters
from web.shell.downloads import query_seconds
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from timeline.interchange.exporting.rows_out import Row
    from timeline.projections.queries.answers import PositionAnswer
    from timeline.projections.queries.attached import Reply
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.paging import Filter
    from web.lanes.address import TopicAddress
    from web.wording.clocks import Clocks

AT_ONCE = 5_000
"""The number of entries that are read at once; a few megabytes."""

LATEST = 100
"""The most changes of the front page; those of a topic or an actor are complete."""


class EntryRow(msgspec.Struct, frozen=True):
    """One entry of a view with its native row, as far as readers may see it.

    ``before`` are the lines of nouns that an import needs first, ``replies`` are the actor's own
    replies to it.
    """

    entry: Entry
    row: Row
    before: tuple[Row, ...]
    replies: list[Row]


class Entries:
    """The entries of a view in order; they are read while the answer is sent."""

    def __init__(self, view: View) -> None:
        self._view, self._store = view, services()
        self._query_seconds = query_seconds(of_file=True)
        clocks, shown = view.clocks, this_request().record.shown
        self._wanted = view.wanted(view.changes())
        upto = shown if clocks.known_at is None else clocks.known_at
        self._picked = PickedEntries(self._store.log, upto)
        self._unseen = frozenset(hidden_numbers(view.conn))

    def __iter__(self) -> Iterator[EntryRow]:
        """Yield every entry."""
        for entries, replies in self._pages():
            seen = (entry for entry in entries if entry.number not in self._unseen)
            by_stream = {entry.stream: entry for entry in seen}
            for stream, row, before in self._picked.rows(list(by_stream)):
                entry = by_stream[stream]
                lines = tuple(map(readable_line, before))
                shown = readable_row(row, withheld=entry.withheld)
                replies_read = readable_replies(replies.get(entry.number, ()))
                yield EntryRow(entry, shown, lines, replies_read)

    def links(self) -> Iterator[Row]:
        """Yield the valid links between entries, after all entries."""
        ends = self._picked.ends
        if ends:
            standing = (entry for page, _ in self._pages() for entry in page if not entry.retracted)
            there = {entry.stream for entry in standing if entry.stream in ends}
            with self._store.models.engine().connect() as conn:
                hidden = {*withheld_entries(conn).values()}
            yield from map(readable_line, self._picked.link_rows(there, hidden))

    def _pages(self) -> Iterator[tuple[tuple[Entry, ...], dict[int, list[Reply]]]]:
        view, after = self._view, None
        while True:
            with limit_queries(self._store.models.engine().connect(), self._query_seconds) as conn:
                page = paging.page(
                    conn,
                    view.about,
                    self._wanted,
                    view.clocks,
                    newest_first=view.address.order == "new",
                    after=after,
                    limit=AT_ONCE,
                )
                numbers = [entry.number for entry in page.entries]
                replies = attached.replies(conn, numbers, view.clocks.known_at)
            yield page.entries, replies
            after = page.following
            if after is None:
                return


class View:
    """A topic, an actor, or with neither the front page, at both clocks."""

    def __init__(
        self,
        conn: Connection,
        clocks: Clocks,
        address: TopicAddress,
        *,
        topic: Topic | None = None,
        actor: Actor | None = None,
    ) -> None:
        self.conn, self.clocks, self.address = conn, clocks, address
        self.topic, self.actor = topic, actor
        self.about = topic.id if topic else None
        self._lane = actor.id if actor else None
        self._lanes = {directory.actor(conn, slug).id for slug in address.actor}

    def subject(self) -> dict[str, Any]:
        """Return the topics and actors of the view, as in the command line."""
        if self.topic:
            return {"topic": answer_topics(self.conn, [self.topic], self.clocks)[0]}
        if self.actor:
            return {"actor": answer_actors(self.conn, [self.actor])[0]}
        return {"topics": answer_topics(self.conn, directory.topics(self.conn), self.clocks)}

    def positions(self) -> list[PositionAnswer]:
        """Return the positions of the view's lanes, by topic and actor."""
        clocks = self.clocks
        answers = ask_positions(
            self.conn, clocks, topic=self.about, lane=self._lane, now=this_request().now
        )
        return [
            answer for answer in answers if not self.address.actor or answer.actor in self._slugs()
        ]

    def changes(self, *, mixed: bool = True) -> list[LaneChange]:
        """Return the changes of the view, latest first; on the front page the latest real ones."""
        if self.topic is None and self.actor is None:
            return self._latest()
        change_filter = self.wanted([])
        return [
            change
            for change in self._every_change()
            if (mixed or MIXED not in (change.change.from_, change.change.to))
            and (not self._lanes or change.lane in self._lanes)
            and (change_filter.begin is None or change.change.counts_from >= change_filter.begin)
            and (change_filter.end is None or change.change.counts_from <= change_filter.end)
        ]

    def each_change_once(self) -> list[LaneChange]:
        """Return each change of the view once: on the lane of who moved, or on chosen lanes.

        First votes are included, as in `find_changes`.
        """
        lanes, changes = self._lanes or {self._lane} - {None}, self.changes()
        votes = vote_topics(self.conn, {change.topic for change in changes}, self.clocks.known_at)
        return [
            change
            for change in changes
            if shown_lane(change, lanes) == change.lane
            if change.change.is_visible or change.topic in votes
        ]

    def count_waiting(self) -> int:
        """Return how many changes of the view wait for an editor."""
        lanes = self._lanes or {self._lane} - {None}
        change_filter = WantedChanges(
            topics=(self.about,) if self.about else (),
            lanes=tuple(sorted(filter(None, lanes))),
            as_of=self.clocks.as_of,
            known_at=self.clocks.known_at,
        )
        return count_waiting(self.conn, change_filter)

    def _latest(self) -> list[LaneChange]:
        """Return the latest changes of the whole record from one position to another."""
        clocks = self.clocks
        if clocks.known_at is None:
            return current_changes(
                self.conn, until=clocks.as_of, mixed=False, firsts=False, limit=LATEST
            )
        story_filter = StoryFilter(
            topics=tuple(directory.topics(self.conn)),
            kinds=MOVED,
            as_of=clocks.as_of,
            known_at=clocks.known_at,
        )
        return latest_first(StoryChanges(self.conn, story_filter).latest(LATEST))

    def is_about(self, topic: str, lane: str) -> bool:
        """Tell whether a lane on a topic belongs to the view."""
        return (
            self.about in (None, topic)
            and self._lane in (None, lane)
            and (not self._lanes or lane in self._lanes)
        )

    def changes_of(self, topic: str, lane: str, known_at: int | None) -> list[LaneChange]:
        """Return the changes of a lane, as known at a log position, that a feed has."""
        is_home = self.topic is None and self.actor is None
        changes = changes_at(
            self.conn, TwoClocks(self.clocks.as_of, known_at), topic=topic, lane=lane
        )
        return [
            change
            for change in changes
            if MIXED not in (change.change.from_, change.change.to)
            and (change.change.is_visible if is_home else _is_listed(change.change))
        ]

    def _every_change(self) -> list[LaneChange]:
        if self.clocks.is_now:
            return current_changes(self.conn, topic=self.about, lane=self._lane)
        clocks = self.clocks
        changes = changes_at(self.conn, clocks, topic=self.about, lane=self._lane)
        return latest_first(change for change in changes if _is_listed(change.change))

    def wanted(self, changes: list[LaneChange]) -> Filter:
        """Return the filter of the view's entries; ``changes`` are its changes."""
        if self.actor:
            members = lanes_known(self.conn).members(self.actor.id)
            return paging.Filter(actors=frozenset(members))
        about, known_at = self.about or "", self.clocks.known_at
        filter_ = filters.read_filter(self.conn, about, self.address, known_at)
        if self.address.only != "changes":
            return filter_
        proofs = (n for change in changes if change.change.is_visible for n in change.change.after)
        return msgspec.structs.replace(filter_, numbers=frozenset(proofs))

    def entries(self) -> Entries:
        """Return the entries of the view."""
        return Entries(self)

    def _slugs(self) -> set[str]:
        actors = directory.actors_by_id(self.conn, self._lanes)
        return {actor.slug for actor in actors.values()}


def _is_listed(change: Change) -> bool:
    """Tell whether lists of one topic or actor have a change: first or published ones."""
    return change.is_visible or change.kind == "first"
