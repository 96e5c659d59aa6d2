"""What waits to be signed, as far as pages show the record: found once, then kept up."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.verdict import ChangeDeclined, ChangeSigned
from timeline.projections.queries import directory, entries, log
from timeline.projections.queries.waiting import SHADES, waiting
from web.shell.request import kept_by_site, read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.log import LogLine
    from timeline.projections.queries.waiting import Waiting

FEW = 50
"""Events after which all topics are read anew instead of those that they touch."""

VERDICTS = ("change.signed", "change.declined", "change.reopened")
OF_A_STATEMENT = ("statement.recorded", "statement.quote_read")
OF_NO_TOPIC = ("document.filed", "document.snapshot_taken", "change.redacted")
"""By these two nothing waits that did not, and nothing that did goes."""


class Kept(msgspec.Struct, frozen=True):
    """What waits by the id of its topic, as it was at a log position."""

    position: int = -1
    by_topic: dict[str, list[Waiting]] = {}


class _Shelf:
    """Where the site keeps what it found last."""

    def __init__(self) -> None:
        self.kept = Kept()


def queue(*, shades: bool = False) -> list[Waiting]:
    """Return what waits, the most consequential first; with ``shades`` those behind it."""
    shelf = kept_by_site("changes that wait", lambda _: _Shelf())
    shelf.kept = _kept_up(read_connection(), shelf.kept, this_request().record.shown)
    every = chain.from_iterable(shelf.kept.by_topic.values())
    found = [one for one in every if shades or one.change.kind not in SHADES]
    return sorted(found, key=lambda one: one.place)


def _kept_up(conn: Connection, kept: Kept, shown: int) -> Kept:
    if kept.position == shown:
        return kept
    topics = directory.topics(conn)
    touched = _touched(conn, kept.position, shown)
    if touched is None:
        return Kept(shown, waiting(conn, topics))
    again = waiting(conn, [one for one in topics if one.id in touched])
    return Kept(shown, kept.by_topic | again)


def _touched(conn: Connection, since: int, upto: int) -> set[str] | None:
    """Return the ids of the topics on which something was said since; `None` for any of them."""
    lines = log.lines(conn, limit=FEW) if 0 <= since <= upto else []
    new = [one for one in lines if one.position > since]
    if not lines or len(new) == FEW:
        return None
    if any(one.type not in (*VERDICTS, *OF_A_STATEMENT, *OF_NO_TOPIC) for one in new):
        return None
    return {*_of_statements(conn, new), *_of_verdicts(new)}


def _of_statements(conn: Connection, lines: Iterable[LogLine]) -> set[str]:
    numbers = [one.number or one.position for one in lines if one.type in OF_A_STATEMENT]
    return {one.topic for one in entries.statements(conn, numbers).values()}


def _of_verdicts(lines: Iterable[LogLine]) -> set[str]:
    streams = {one.stream for one in lines if one.type in VERDICTS and one.stream}
    first = [event for _, event in services().log.first_events(streams).values()]
    return {one.topic for one in first if isinstance(one, ChangeSigned | ChangeDeclined)}
