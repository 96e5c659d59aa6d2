"""One round over all sources: new entries go into the inbox, errors are stored with the source."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.files.fetching import FINE, USUAL, fetch
from timeline.desk import feeds
from timeline.desk.feeds import SOURCE_BROKEN, SOURCE_FAILED, SOURCE_NOT_A_FEED, SOURCE_STATUS, Feed
from timeline.desk.inbox import ASIDE, NOBODY, Move
from timeline.domain.errors import Refused
from timeline.domain.instants import DAY, MICROSECONDS
from timeline.interchange.foreign.feed import read_feed
from timeline.projections.queries.documents import filed_documents
from timeline.watching.arriving import of_feed, with_article, with_suggestions
from timeline.watching.folders import Folders
from timeline.watching.sources import AddedSource, FeedSource, FolderSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.capture.files.fetching import Bounds, FetchedAnswer
    from timeline.desk.inbox import Arrival
    from timeline.interchange.foreign.feed import Feed as FeedFile

AT_ONCE = 8
"""Feeds that are fetched at the same time."""

UNCHANGED = 304


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result for one source: counts of its ``entries``, of ``new`` ones and ``repeated`` ones.

    ``old`` were published too long ago, ``recorded`` are on record already. ``trouble`` is an error
    of the source, ``unread`` are errors of its files, by name. A file that was read before counts
    only in ``entries``.
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
        """Look at every source that is due, or at all with ``at_all``; yield a report for each.

        Raises `StandlineError` if the store refuses to write.
        """
        desk, now = self._services.desk, self._services.clock()
        sources = self._every_source()
        desk.feeds.leave_out([watched.address for watched in sources])
        states = {feed.address: feed for feed in desk.feeds.every()}
        due = [
            (watched, states.get(watched.address, Feed(address=watched.address)))
            for watched in sources
            if at_all or watched.address not in states or states[watched.address].again_at <= now
        ]
        feed_sources = [(watched, feed) for watched, feed in due if isinstance(watched, FeedSource)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda pair: self._ask(*pair), feed_sources)
            for (source, feed), answer in zip(feed_sources, answers, strict=True):
                yield self._read(source, feed, answer, now)
        for folder, feed in due:
            if isinstance(folder, FolderSource):
                yield self._walk(folder, feed, now)
        self._tidy(now)

    def _every_source(self) -> list[FeedSource | FolderSource]:
        """Return the operator's sources, then those added at the desk."""
        named = {source.address for source in self._sources}
        added = self._services.desk.feeds.added()
        more = [AddedSource(url=feed.address) for feed in added if feed.address not in named]
        return [*self._sources, *more]

    def _ask(self, source: FeedSource, feed: Feed) -> FetchedAnswer | Refused:
        try:
            validators = {"etag": feed.etag, "modified": feed.modified}
            return fetch(source.url, **validators, own_address=source.named, bounds=self._bounds)
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
            feed_file = _feed_in(answer.body)
            report = self._take_in(source, _arrivals_in(source, feed_file, now), now)
        except Refused as error:
            return self._failed(feed, error, now)
        name, etag, modified = feed_file.name, answer.etag, answer.modified
        state = feeds.after_reading(feed, now, name=name, etag=etag, modified=modified)
        self._services.desk.feeds.keep(state)
        return report

    def _walk(self, folder: FolderSource, feed: Feed, now: int) -> Report:
        try:
            folder_report = self._folders.look(folder, self._services.desk.inbox.knows, now)
            report = self._take_in(folder, folder_report.arrivals, now)
        except Refused as error:
            return self._failed(feed, error, now)
        self._folders.remember(folder_report)
        state = feeds.with_unread(feeds.after_reading(feed, now), folder_report.unread, feed)
        self._services.desk.feeds.keep(state)
        return msgspec.structs.replace(
            report, entries=folder_report.files, unread=folder_report.troubles
        )

    def _take_in(
        self, source: FeedSource | FolderSource, arrivals: list[Arrival], now: int
    ) -> Report:
        """Put arrivals into the inbox that are not old and not on record."""
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
        """Return the arrivals that are not in the inbox yet, with the articles they link to."""
        known = self._services.desk.inbox.knows([arrival.id for arrival in wanted])
        new = [arrival for arrival in wanted if arrival.id not in known]
        if isinstance(source, FeedSource) and source.articles:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                new = list(pool.map(lambda entry: with_article(source, entry, self._bounds), new))
        return [with_suggestions(arrival) for arrival in new]

    def _failed(self, feed: Feed, error: Refused, now: int, pause: int = 0) -> Report:
        self._services.desk.feeds.keep(feeds.after_failing(feed, now, error, pause=pause))
        return Report(address=feed.address, trouble=str(error))

    def _tidy(self, now: int) -> None:
        late = Move(tray=ASIDE, moved_by=NOBODY, moved_at=now)
        self._services.desk.inbox.tidy(late, now - self._days * DAY * MICROSECONDS)


def _feed_in(data: bytes) -> FeedFile:
    """Parse a feed; raises `Refused` for anything else, and for what breaks the parser."""
    try:
        feed = read_feed(data)
    except Exception:  # noqa: BLE001 - whatever a parser raises, the others are read
        raise Refused(SOURCE_FAILED) from None
    if feed is None:
        raise Refused(SOURCE_NOT_A_FEED)
    return feed


def _arrivals_in(source: FeedSource, feed: FeedFile, now: int) -> list[Arrival]:
    """Return the entries of a feed; raises `Refused` if a broken feed has none."""
    arrivals = of_feed(source, feed, now)
    if not arrivals and not feed.is_whole:
        raise Refused(SOURCE_BROKEN)
    return arrivals
