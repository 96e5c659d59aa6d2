"""One round over all sources: what is new goes into the inbox, what is wrong is kept beside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.files.fetching import FINE, USUAL, fetch
from timeline.desk import feeds
from timeline.desk.feeds import (
    SOURCE_BROKEN,
    SOURCE_FAILED,
    SOURCE_NOT_A_FEED,
    SOURCE_STATUS,
    Feed,
)
from timeline.desk.inbox import ASIDE, NOBODY, Move
from timeline.domain.errors import Refused
from timeline.domain.instants import DAY, MICROSECONDS
from timeline.interchange.foreign.feed import read_feed
from timeline.projections.queries.documents import filed_documents
from timeline.watching.arriving import (
    of_feed,
    with_article,
    with_suggestions,
)
from timeline.watching.folders import Folders
from timeline.watching.sources import AddedSource, FeedSource, FolderSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.capture.files.fetching import Bounds, FetchedAnswer
    from timeline.desk.inbox import Arrival
    from timeline.interchange.foreign.feed import Feed as FeedFile

AT_ONCE = 8
"""Feeds that are asked at the same time."""

UNCHANGED = 304


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a source: of its ``entries`` some are ``new``, some of those ``repeated``.

    ``old`` were published too long ago, ``recorded`` are on record. ``trouble`` is what is wrong
    with it, ``unread`` what is wrong with files of it, by name. A file that was looked at before
    counts among the ``entries`` alone.
    """

    address: str
    entries: int = 0
    new: int = 0
    repeated: int = 0
    old: int = 0
    recorded: int = 0
    trouble: str = ""
    unread: dict[str, str] = {}


class Watch:
    """Looks at sources, round by round."""

    def __init__(
        self,
        services: Services,
        sources: Sequence[FeedSource | FolderSource],
        *,
        days: int,
        bounds: Bounds = USUAL,
    ) -> None:
        self._services, self._sources = services, sources
        self._days, self._bounds = days, bounds
        self._folders = Folders()

    def look(self, *, at_all: bool = False) -> Iterator[Report]:
        """Look at every source whose time has come, or ``at_all``; yield what came of each.

        Raises `StandlineError` where the store takes nothing in.
        """
        desk, now = self._services.desk, self._services.clock()
        sources = self._every_source()
        desk.feeds.leave_out([one.address for one in sources])
        stood = {one.address: one for one in desk.feeds.every()}
        due = [
            (one, stood.get(one.address, Feed(address=one.address)))
            for one in sources
            if at_all or one.address not in stood or stood[one.address].again_at <= now
        ]
        asked = [(one, feed) for one, feed in due if isinstance(one, FeedSource)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda each: self._ask(*each), asked)
            for (source, feed), answer in zip(asked, answers, strict=True):
                yield self._read(source, feed, answer, now)
        for folder, feed in due:
            if isinstance(folder, FolderSource):
                yield self._walk(folder, feed, now)
        self._tidy(now)

    def _every_source(self) -> list[FeedSource | FolderSource]:
        """Return what the operator names and, behind it, what was added at the desk."""
        named = {source.address for source in self._sources}
        added = self._services.desk.feeds.added()
        more = [AddedSource(url=feed.address) for feed in added if feed.address not in named]
        return [*self._sources, *more]

    def _ask(self, source: FeedSource, feed: Feed) -> FetchedAnswer | Refused:
        try:
            told = {"etag": feed.etag, "modified": feed.modified}
            return fetch(source.url, **told, own_address=source.named, bounds=self._bounds)
        except Refused as error:
            return error

    def _read(
        self, source: FeedSource, feed: Feed, answer: FetchedAnswer | Refused, now: int
    ) -> Report:
        if isinstance(answer, Refused):
            return self._failed(feed, answer, now)
        if answer.status == UNCHANGED:
            same = feeds.after_reading(feed, now, etag=feed.etag, modified=feed.modified)
            self._services.desk.feeds.keep(same)
            return Report(address=source.address)
        if answer.status != FINE:
            refused = Refused(SOURCE_STATUS, status=answer.status)
            return self._failed(feed, refused, now, answer.pause * MICROSECONDS)
        try:
            found = _feed_in(answer.body)
            report = self._take_in(source, _arrivals_in(source, found, now), now)
        except Refused as error:
            return self._failed(feed, error, now)
        name, etag, modified = found.name, answer.etag, answer.modified
        read = feeds.after_reading(feed, now, name=name, etag=etag, modified=modified)
        self._services.desk.feeds.keep(read)
        return report

    def _walk(self, folder: FolderSource, feed: Feed, now: int) -> Report:
        try:
            looked = self._folders.look(folder, self._services.desk.inbox.knows, now)
            report = self._take_in(folder, looked.arrivals, now)
        except Refused as error:
            return self._failed(feed, error, now)
        self._folders.remember(looked)
        read = feeds.with_unread(feeds.after_reading(feed, now), looked.unread, feed)
        self._services.desk.feeds.keep(read)
        return msgspec.structs.replace(report, entries=looked.files, unread=looked.told)

    def _take_in(
        self, source: FeedSource | FolderSource, arrivals: list[Arrival], now: int
    ) -> Report:
        """Keep what is not old and not on record."""
        since = now - self._days * DAY * MICROSECONDS
        fresh = [arrival for arrival in arrivals if arrival.listed_at >= since]
        with self._services.models.engine().connect() as conn:
            filed = filed_documents(conn, {arrival.document for arrival in fresh} - {""})
        wanted = [arrival for arrival in fresh if arrival.document not in filed]
        taken = self._services.desk.inbox.take_in(self._completed(source, wanted), now)
        return Report(
            address=source.address,
            entries=len(arrivals),
            new=taken.new,
            repeated=taken.repeated,
            old=len(arrivals) - len(fresh),
            recorded=len(fresh) - len(wanted),
        )

    def _completed(self, source: FeedSource | FolderSource, wanted: list[Arrival]) -> list[Arrival]:
        """Return those that are not in the inbox yet, with the articles that a feed leads to."""
        known = self._services.desk.inbox.knows([arrival.id for arrival in wanted])
        new = [arrival for arrival in wanted if arrival.id not in known]
        if isinstance(source, FeedSource) and source.articles:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                new = list(pool.map(lambda one: with_article(source, one, self._bounds), new))
        return [with_suggestions(arrival) for arrival in new]

    def _failed(self, feed: Feed, error: Refused, now: int, pause: int = 0) -> Report:
        self._services.desk.feeds.keep(feeds.after_failing(feed, now, error, pause=pause))
        return Report(address=feed.address, trouble=str(error))

    def _tidy(self, now: int) -> None:
        late = Move(tray=ASIDE, moved_by=NOBODY, moved_at=now)
        self._services.desk.inbox.tidy(late, now - self._days * DAY * MICROSECONDS)


def _feed_in(data: bytes) -> FeedFile:
    """Return what a feed holds; raises `Refused` for what is none, and for what breaks readers."""
    try:
        feed = read_feed(data)
    except Exception:  # noqa: BLE001 - whatever a parser raises, the others are read
        raise Refused(SOURCE_FAILED) from None
    if feed is None:
        raise Refused(SOURCE_NOT_A_FEED)
    return feed


def _arrivals_in(source: FeedSource, feed: FeedFile, now: int) -> list[Arrival]:
    """Return the entries of a feed; raises `Refused` where none can be read of a broken one."""
    arrivals = of_feed(source, feed, now)
    if not arrivals and not feed.is_whole:
        raise Refused(SOURCE_BROKEN)
    return arrivals
