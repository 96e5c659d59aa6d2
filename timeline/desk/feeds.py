"""The sources of the inbox: when each was read last, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, select

from timeline.desk.inbox import INBOX_FULL
from timeline.desk.part import DeskPart
from timeline.desk.tables import added_feeds, feeds, make_room, put
from timeline.domain.errors import Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timeline.domain.errors import StandlineError

SOURCE_SILENT = Message(
    "source_silent",
    "nothing answers there",
    fix="check the address; it is asked again later",
)
SOURCE_SLOW = Message(
    "source_slow",
    "it takes longer than %(seconds)s seconds",
    fix="it is asked again later",
)
SOURCE_CERTIFICATE = Message(
    "source_certificate",
    "its certificate is not one that this machine trusts",
    fix="check the address, or the certificates of this machine",
)
SOURCE_TOO_LARGE = Message(
    "source_too_large",
    "it has more than %(most)s megabytes",
    fix="name a feed with fewer entries",
)
SOURCE_STATUS = Message(
    "source_status",
    "it answers with status %(status)s",
    fix="check the address; it is asked again later",
)
SOURCE_LEADS_INSIDE = Message(
    "source_leads_inside",
    "it leads on to a host inside a network",
    fix="name the address itself, if it is meant",
)
SOURCE_LEADS_ROUND = Message(
    "source_leads_round", "it leads on too often", fix="name the last address"
)
SOURCE_NOT_A_FEED = Message(
    "source_not_a_feed",
    "what it answers is no feed",
    fix="open the address, and name that of its RSS or Atom feed",
)
SOURCE_BROKEN = Message(
    "source_broken",
    "its feed breaks off or is malformed, and no entry of it can be read",
    fix="tell whoever publishes it, or name another feed; it is asked again later",
)
FILES_UNREAD = Message(
    "files_unread",
    "no text could be read from %(names)s",
    fix="save such a file as a web page, PDF with text or Word document, or paste its text",
)
FOLDER_MISSING = Message("folder_missing", "there is no such folder", fix="check the path")
SOURCE_FAILED = Message("source_failed", "it cannot be read", fix="look at what the address gives")
SOURCE_ADDRESS = Message(
    "source_address",
    "%(address)s is no address of a feed",
    fix="write it like https://example.org/feed.xml",
)
FEED_INSIDE = Message(
    "feed_inside",
    "the host %(host)s is inside a network, and what is added here is asked on the internet alone",
    fix="whoever runs this site can name it in the file of sources",
)
TOO_MANY_FEEDS = Message(
    "too_many_feeds",
    "%(count)s feeds were added here, and no more are watched",
    fix="remove one first",
)

TROUBLES = {
    message.code: message
    for message in (
        SOURCE_SILENT,
        SOURCE_SLOW,
        SOURCE_CERTIFICATE,
        SOURCE_TOO_LARGE,
        SOURCE_STATUS,
        SOURCE_LEADS_INSIDE,
        SOURCE_LEADS_ROUND,
        SOURCE_NOT_A_FEED,
        SOURCE_BROKEN,
        FILES_UNREAD,
        FOLDER_MISSING,
        INBOX_FULL,
        SOURCE_FAILED,
    )
}
"""The errors of sources, by code."""

FIRST_PAUSE, LONGEST_PAUSE = 600_000_000, 6 * 3_600_000_000
"""How long to wait after a failure, in microseconds: twice as long each time, up to a limit."""


MOST_NAMED = 5
"""How many unreadable files an error names."""


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a source; times are in microseconds UTC, 0 for never.

    ``name`` is its own name. ``etag`` and ``modified`` are from its last response, to be sent with
    the next request.
    """

    address: str
    name: str = ""
    etag: str = ""
    modified: str = ""
    read_at: int = 0
    trouble: Refused | None = None
    failing_since: int = 0
    failures: int = 0
    again_at: int = 0


class AddedFeed(msgspec.Struct, frozen=True):
    """A feed that an editor added on the page; ``added_at`` is in microseconds UTC."""

    address: str
    added_by: str
    added_at: int


MOST_ADDED = 200
"""The most feeds that editors may add; each is polled in every round."""


class _Trouble(msgspec.Struct, frozen=True):
    code: str
    values: dict[str, Any]


_trouble = msgspec.json.Decoder(_Trouble).decode


class Feeds(DeskPart):
    """Keeps the state of the inbox's sources."""

    def every(self) -> list[Feed]:
        """Return all sources by address."""
        rows = self._rows(select(feeds).order_by(feeds.c.address))
        return [
            Feed(
                **dict(row._mapping) | {"trouble": _error_of(row.trouble) if row.trouble else None}
            )
            for row in rows
        ]

    def keep(self, feed: Feed) -> None:
        """Keep the state of a source, in place of the old one."""
        row = msgspec.structs.asdict(feed) | {"trouble": _json_of(feed.trouble)}
        with self._writing() as conn:
            put(conn, feeds, row)

    def added(self) -> list[AddedFeed]:
        """Return the feeds that editors added, by address."""
        query = select(added_feeds).order_by(added_feeds.c.address)
        return [AddedFeed(**row._mapping) for row in self._rows(query)]

    def add(self, feed: AddedFeed) -> None:
        """Add a feed, which is polled from the next round on; adding it again changes nothing.

        Raises `Refused` for one too many.
        """
        with self._writing() as conn:
            others = added_feeds.c.address != feed.address
            make_room(conn, others, MOST_ADDED, TOO_MANY_FEEDS, "url")
            put(conn, added_feeds, msgspec.structs.asdict(feed))

    def remove(self, address: str) -> None:
        """Remove a feed that an editor added; its texts stay in the inbox."""
        with self._writing() as conn:
            conn.execute(delete(added_feeds).where(added_feeds.c.address == address))
            conn.execute(delete(feeds).where(feeds.c.address == address))

    def leave_out(self, watched: Collection[str]) -> None:
        """Remove the state of sources that are no longer watched."""
        self._run(delete(feeds).where(feeds.c.address.not_in(list(watched))))


def after_reading(
    feed: Feed, now: int, *, name: str = "", etag: str = "", modified: str = ""
) -> Feed:
    """Return the state of a source that was read now."""
    return Feed(
        address=feed.address, name=name or feed.name, etag=etag, modified=modified, read_at=now
    )


def with_unread(feed: Feed, names: Sequence[str], before: Feed) -> Feed:
    """Return the state of a folder in which these files could not be read, if any.

    ``before`` is its old state, which says since when.
    """
    if not names:
        return feed
    shown = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    since = before.failing_since or feed.read_at
    return msgspec.structs.replace(
        feed, trouble=Refused(FILES_UNREAD, names=shown), failing_since=since
    )


def after_failing(feed: Feed, now: int, trouble: Refused, *, pause: int = 0) -> Feed:
    """Return the state of a source that failed now, with the time of the next try.

    ``pause`` is the time that it asks us to wait, in microseconds.
    """
    own = min(FIRST_PAUSE << min(feed.failures, 10), LONGEST_PAUSE)
    return msgspec.structs.replace(
        feed,
        trouble=trouble,
        failing_since=feed.failing_since or now,
        failures=feed.failures + 1,
        again_at=now + max(own, min(pause, LONGEST_PAUSE)),
    )


def _json_of(trouble: StandlineError | None) -> str:
    if trouble is None:
        return ""
    values = {name: str(value) for name, value in trouble.values.items()}
    return msgspec.json.encode(_Trouble(trouble.code, values)).decode()


def _error_of(stored: str) -> Refused:
    trouble = _trouble(stored)
    return Refused(TROUBLES.get(trouble.code, SOURCE_FAILED), **trouble.values)
