"""What a sentence needs of a statement: names, dates and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import attached, entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.projections.queries.attached import Source
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.names import Names


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with what a sentence needs of it: names and where it stands."""

    entry: StatementEntry
    topic: Topic
    speaker: Actor
    behalf: Actor | None
    outlet: str
    published_at: str
    via: str
    link: str


def tell(
    conn: Connection,
    numbers: Iterable[int],
    names: Names,
    host: str,
    known_at: int | None = None,
) -> dict[int, Told]:
    """Return these statements ready to be told, each by its strongest source."""
    found = entries.statements(conn, numbers, known_at)
    names.learn(found.values())
    sources = attached.sources(conn, found, known_at)
    return {
        number: _told(entry, _strongest(entry, sources[number]), names, host)
        for number, entry in found.items()
    }


def needed(stood: Position) -> set[int]:
    """Return the numbers of the statements that a position is told by."""
    beside = stood.reported.statements[-1:] if stood.reported else ()
    return {*stood.counted, *beside, *(one for one in (stood.first, stood.last) if one)}


def _told(entry: StatementEntry, source: Source, names: Names, host: str) -> Told:
    document = names.document(source.document)
    return Told(
        entry=entry,
        topic=names.topic(entry.topic),
        speaker=names.actor(entry.speaker),
        behalf=names.lane(entry.on_behalf_of) if entry.on_behalf_of else None,
        outlet=document.outlet or document.title or document.url,
        published_at=document.published_at or "",
        via=source.reported_via,
        link=f"{host}s/{entry.number}@{entry.known_from}",
    )


def _strongest(entry: StatementEntry, sources: list[Source]) -> Source:
    return next((one for one in sources if one.attribution == entry.attribution), sources[0])
