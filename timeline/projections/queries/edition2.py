"""Edition 2 of the position rule over the record: what it reads of a topic, gathered on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from timeline.domain.dates import parse_date
from timeline.domain.position.edition2 import (
    ASKS,
    LIMIT,
    Mandate,
    MandateStanding,
    Record,
    Topic,
    Words,
)
from timeline.domain.position.edition2.words import NO_TERMS
from timeline.domain.position.reading import Withdrawal
from timeline.domain.standing import proposed_standing
from timeline.domain.statement import Words as FreeText
from timeline.projections.queries import directory
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import Lanes, known, lanes_known, walk_backs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.standing import Standing

_free_text = msgspec.json.Decoder(FreeText).decode
_CONDITION = '"condition":'
FIRST_SCALE = "position"
"""The scale whose *conditional* is no direction."""


class Gathered(msgspec.Struct, frozen=True):
    """What edition 2 reads of a topic, and what of it nobody said and the record proposes.

    The record is as known at the position that was asked for: the rule needs no bound for it.
    ``proposed`` are the persons and sides whose standing is proposed by the words of the role;
    ``recurring`` is true where the topic is taken for one of recurring decisions, since members of
    a body vote on a direction there.
    """

    topic: directory.Topic
    record: Record
    proposed: tuple[tuple[str, str], ...] = ()
    recurring: bool = False


def gather(conn: Connection, topic: directory.Topic, known_at: int | None = None) -> Gathered:
    """Return what edition 2 reads of a topic, as known at a log position."""
    lanes = lanes_known(conn, known_at)
    words = _words(conn, topic, lanes, known_at)
    speakers = {one.speaker for one in words}
    mandates, standings = _mandates(conn, lanes, speakers, topic.id, known_at)
    recurring = topic.scale.name == "direction" and any(one.voted for one in words)
    asks = ASKS[topic.scale.name]
    record = Record(
        topic=Topic(
            asks=asks,
            recurring=recurring,
            limit=None if recurring or asks == "vote" else LIMIT,
            rhythm=topic.usual_gap or 0,
        ),
        words=tuple(words),
        withdrawals=tuple(_withdrawals(conn, known_at)),
        mandates=tuple(mandates),
        standings=tuple(standings),
    )
    return Gathered(topic, record, _proposed(mandates, standings), recurring)


def _withdrawals(conn: Connection, known_at: int | None) -> Iterator[Withdrawal]:
    """Yield the walk-backs known at a log position, as if nothing had followed."""
    for some in walk_backs(conn, known_at).values():
        yield from (msgspec.structs.replace(link, known_until=None) for link in some)


def _words(
    conn: Connection, topic: directory.Topic, lanes: Lanes, known_at: int | None
) -> list[Words]:
    table = schema.statements
    here = table.c.topic == topic.id, *known(table.c, known_at)
    rows = conn.execute(select(table).where(*here)).all()
    speakers = directory.actors_by_id(conn, {row.speaker for row in rows})
    kinds = {key: one.kind for key, one in speakers.items()}
    own, amended = _own_texts(conn, rows, lanes), _amended(conn, topic.id, known_at)
    is_first_scale = topic.scale.name == FIRST_SCALE
    return [
        Words(
            statement=row.number,
            speaker=lanes.of(row.speaker),
            speaker_kind=kinds.get(row.speaker, ""),
            side=lanes.of(row.on_behalf_of) if row.on_behalf_of else None,
            direction=row.stance,
            reason=row.no_position_reason,
            uncoded=is_first_scale and row.stance == 0,
            sets=_conditions(row),
            rank=row.rank,
            joint=row.attribution == "joint",
            voted=row.attribution == "voted",
            own_text=row.number in own,
            earliest=row.said_earliest,
            counts_from=row.counts_from,
            timed=bool(row.timed),
            wording=row.wording,
            occasion=f"{row.document} {row.utterance or ''}",
            amended_at=amended.get(row.number, 0),
            retracted=bool(row.retracted),
            known_from=max(row.known_from, lanes.since.get(row.speaker, 0)),
        )
        for row in rows
    ]


def _conditions(row: Any) -> frozenset[str]:  # noqa: ANN401 - a row of `statements`
    """Return the condition of a statement: by its topic, else by its words."""
    if row.stance is None or _CONDITION not in row.words:
        return NO_TERMS
    if row.condition_topic:
        return frozenset({f"topic:{row.condition_topic}"})
    text = " ".join(_free_text(row.words).condition.split())
    return frozenset({text}) if text else NO_TERMS


def _own_texts(conn: Connection, rows: Sequence[Any], lanes: Lanes) -> set[int]:
    """Return the numbers of statements whose source the speaker wrote."""
    documents = documents_by_id(conn, {row.document for row in rows})
    names = {one.author for one in documents.values() if one.author}
    bearers = {
        name: {lanes.of(one) for one in some}
        for name, some in directory.bearers(conn, names).items()
    }
    authors = {key: bearers.get(one.author or "", set()) for key, one in documents.items()}
    return {row.number for row in rows if lanes.of(row.speaker) in authors.get(row.document, ())}


def _amended(conn: Connection, topic: str, known_at: int | None) -> dict[int, int]:
    """Return the log position at which a statement was last amended, by its number."""
    said, table = schema.statements.c, schema.amendments.c
    numbers = select(said.number).where(said.topic == topic)
    query = select(table.number, func.max(table.position)).where(table.number.in_(numbers))
    if known_at is not None:
        query = query.where(table.position <= known_at)
    rows = conn.execute(query.group_by(table.number))
    return {row.number: int(row[1]) for row in rows}


def _mandates(
    conn: Connection, lanes: Lanes, speakers: set[str], topic: str, known_at: int | None
) -> tuple[list[Mandate], list[MandateStanding]]:
    """Return the mandates of those who spoke, and all that is said of their standing."""
    every = directory.mandates(conn, known_at=known_at)
    held = [one for one in every if lanes.of(one.actor) in speakers]
    standings = [standing for one in held for standing in _standings(one, topic)]
    return [_mandate(one, lanes) for one in held], standings


def _standings(one: directory.Mandate, topic: str) -> Iterator[MandateStanding]:
    """Yield how a mandate stands: as its role proposes, until somebody says it."""
    said = one.standing or proposed_standing(one.role)
    yield MandateStanding(
        mandate=one.id, standing=_checked(said), proposed=not one.standing, known_from=0
    )
    for order, stated in enumerate(one.stated, start=1):
        if stated.topic in (None, topic):
            yield MandateStanding(
                mandate=one.id,
                standing=_checked(stated.standing),
                for_topic=stated.topic is not None,
                begins=parse_date(stated.since).earliest if stated.since else None,
                ends=parse_date(stated.until).latest if stated.until else None,
                known_from=order,
            )


def _checked(standing: str) -> Standing:
    return "decides" if standing == "decides" else "speaks"


def _mandate(one: directory.Mandate, lanes: Lanes) -> Mandate:
    begins = parse_date(one.since) if one.since else None
    return Mandate(
        mandate=one.id,
        person=lanes.of(one.actor),
        side=lanes.of(one.on_behalf_of),
        role=one.role,
        begins=begins.earliest if begins else None,
        begins_by=begins.latest if begins else None,
        ends=parse_date(one.until).latest if one.until else None,
        known_from=0,
    )


def _proposed(
    mandates: Sequence[Mandate], standings: Sequence[MandateStanding]
) -> tuple[tuple[str, str], ...]:
    """Return persons and sides of the mandates of which nobody said how they stand."""
    said = {one.mandate for one in standings if not one.proposed}
    return tuple(sorted({(one.person, one.side) for one in mandates if one.mandate not in said}))
