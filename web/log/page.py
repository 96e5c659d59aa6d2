"""The list of events, each with its subject, and its payload when opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.dates import iso_us
from timeline.interchange.native.readable import readable_event
from timeline.projections.queries import entries, log
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.withheld import withheld_streams
from timeline.stores.trouble import UnreadableEvent
from web.i18n import dates
from web.shell.policies import may_record
from web.wording import stances
from web.wording.event_titles import full_title
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.log import QuarantinedEvent
    from timeline.projections.tables.rows import LogRow
    from timeline.stores.log import EventLog

PAGE = 60
MARKS = {
    "corrected": "corrected",
    "retracted": "retracted",
    "linked": "linked",
    "unlinked": "linked",
    "recorded": "added",
}


class EventView(msgspec.Struct, frozen=True):
    """An event of the list; ``payload`` is set if it is opened."""

    position: int
    title: str
    mark: str
    number: int | None
    about: str
    recorded: str
    by: str
    via: str
    payload: str


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the log's template."""

    count: int
    head: int
    shown: int
    first: str
    last: str
    events: list[EventView]
    before: int | None
    types: list[tuple[str, str]]
    handles: list[str]
    type_: str
    by: str
    quarantined: list[QuarantinedEvent]


def log_page(
    conn: Connection,
    stored: EventLog,
    *,
    before: int | None,
    at: int | None,
    type_: str,
    by: str,
    opened: frozenset[int],
) -> LogPage:
    """Read the list; ``at`` starts it at an event, which is opened."""
    begin = at + 1 if at is not None else before
    types = [type_] if type_ else []
    lines = log.lines(conn, before=begin, limit=PAGE + 1, types=types, by=by or None)
    shown = lines[:PAGE]
    unfolded = opened | ({at} if at is not None else frozenset())
    latest, first = log.last(conn), log.first(conn)
    return LogPage(
        count=log.count(conn),
        head=stored.head(),
        shown=latest.position if latest else 0,
        first=dates.moment_us(first.recorded_at) if first else "",
        last=dates.moment_us(latest.recorded_at) if latest else "",
        events=_views(conn, stored, shown, unfolded),
        before=shown[-1].position if len(lines) > PAGE else None,
        types=[(name, full_title(name)) for name in EVENT_TYPES],
        handles=log.handles(conn),
        type_=type_,
        by=by,
        quarantined=[
            replace(quarantined, error=_trouble(quarantined.error))
            for quarantined in log.quarantined_events(conn)
        ],
    )


def _views(
    conn: Connection, stored: EventLog, lines: list[LogRow], opened: frozenset[int]
) -> list[EventView]:
    numbers = {line.number for line in lines if line.number is not None}
    about: dict[int, Entry] = {}
    about |= entries.statements(conn, numbers)
    about |= entries.developments(conn, numbers - about.keys())
    names = Names(conn, about.values())
    streams = log.subjects(conn, {line.stream for line in lines if line.stream is not None})
    return [
        EventView(
            position=line.position,
            title=full_title(line.type),
            mark=MARKS.get(line.type.partition(".")[2], "other"),
            number=line.number,
            about=_about(about[line.number], names)
            if line.number in about
            else streams.get(line.stream or "", ""),
            recorded=_recorded(line),
            by=line.recorded_by,
            via=line.via,
            payload=_payload(conn, stored, line.position) if line.position in opened else "",
        )
        for line in lines
    ]


def _recorded(line: LogRow) -> str:
    """Return when an event was recorded; a dash if this version cannot read the event."""
    return iso_us(line.recorded_at)[:19].replace("T", " ") if line.recorded_by else "–"


def _about(entry: Entry, names: Names) -> str:
    if not isinstance(entry, StatementEntry):
        return entry.title
    topic = names.topic(entry.topic)
    word = stances.word(topic.scale, entry.stance, entry.scale_version)
    return f"{names.actor(entry.speaker).name}, {topic.label}: {word}"


def _trouble(error: str) -> str:
    """Return why an event is quarantined; readers get only the kind, without values."""
    return error if may_record() else error.partition(":")[0]


def _payload(conn: Connection, stored: EventLog, position: int) -> str:
    """Return an event as recorded, as far as readers may see it."""
    try:
        event = stored.event(position)
    except UnreadableEvent as error:
        return _trouble(str(error))
    if event is None:
        return ""
    about = {event.originator_id, getattr(event, "target", "")}
    plain = readable_event(event, withheld=bool(withheld_streams(conn, about)))
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()
