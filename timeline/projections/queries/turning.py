"""What an unrecorded statement (a draft) would do to the position of a side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.entry import RANKS
from timeline.domain.errors import Conflict
from timeline.domain.instants import day_of, end_of_day
from timeline.domain.messages import Message
from timeline.domain.position import Reading, changes_between, position, steps
from timeline.domain.position.edition2 import StatementVersion
from timeline.domain.position.edition2.track import Track, tracks
from timeline.domain.statement import StatementRecorded, condition_of
from timeline.projections.queries import directory
from timeline.projections.queries.alike import draft_instant
from timeline.projections.queries.edition2 import TopicEvidence, read_around
from timeline.projections.queries.positions import lanes_at
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.tables.lanes import Lanes, lanes_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.domain.position import Stance, Withdrawal

TURNS_A_SIDE = Message(
    "turns_a_side",
    "by a mandate this would move “%(side)s”, which stood elsewhere on that day",
    fix="if “%(speaker)s” spoke for it, send it once more with “%(side)s” in “spoke_for”;"
    " if not, leave “on_behalf_of” out",
)

DRAFT = 2**62
"""The number of an unrecorded statement: no real one is that high, and it is never shown."""


class SideTurn(msgspec.Struct, frozen=True):
    """Where a side stood on the day of a statement, and where it would stand with it.

    ``side`` is the id of the actor, ``topic`` that of the question.
    """

    side: str
    topic: str
    before: Stance
    after: Stance


def turn_of_side(conn: Connection, events: Sequence[Event]) -> SideTurn | None:
    """Return how a statement moves the side for which its speaker has a mandate, if it does.

    ``events`` is what recording it would append. ``None`` where the speaker speaks for themselves,
    a reason says why they speak for another, or the side had no position on that day.
    """
    event = events[-1] if events else None
    if not isinstance(event, StatementRecorded) or not event.on_behalf_of:
        return None
    if event.content and event.content.mandate_reason:
        return None
    lanes = lanes_known(conn)
    side = lanes.of(event.on_behalf_of)
    if side == lanes.of(event.speaker):
        return None
    counts_from = draft_instant(conn, events, event)
    day_over = end_of_day(day_of(counts_from))
    before, after = (
        track.position for track in tracks_around(conn, event, counts_from, side, as_of=day_over)
    )
    if not before.counted or before.stance == after.stance:
        return None
    return SideTurn(side, event.topic, before.stance, after.stance)


def refuse_unmeant_turn(
    conn: Connection,
    events: Sequence[Event],
    speaker: str | None,
    side: str | None,
    spoke_for: str | None,
) -> None:
    """Raise `Conflict` if a mandate makes a statement move a side, and nobody confirmed that.

    ``events`` is what recording the statement would append; the others are slugs. The editor
    confirms by naming the ``side`` in ``spoke_for``.
    """
    if spoke_for != side and turn_of_side(conn, events):
        raise Conflict(TURNS_A_SIDE, side=side, speaker=speaker)


def tracks_around(
    conn: Connection,
    event: StatementRecorded,
    counts_from: int,
    lane: str,
    *,
    as_of: int | None = None,
) -> tuple[Track, Track]:
    """Return the lane of an actor (an id) without an unrecorded statement, and with it."""
    if vote_topics(conn, [event.topic]):
        readings, back = readings_of(conn, event.topic, lane)
        draft = draft_reading(event, counts_from, lanes_known(conn))
        before, after = (
            _track_of_votes(some, back, as_of) for some in (readings, [*readings, draft])
        )
        return before, after
    known, drafted = evidence_around(conn, event, counts_from)
    nothing = Track((), (), (), position(()))
    before, after = (
        tracks(gathered.record, as_of=as_of).get(lane, nothing) for gathered in (known, drafted)
    )
    return before, after


def evidence_around(
    conn: Connection, event: StatementRecorded, counts_from: int
) -> tuple[TopicEvidence, TopicEvidence]:
    """Return what the rule reads around an unrecorded statement, without it and with it."""
    topic = directory.topics_by_id(conn, {event.topic})[event.topic]
    speaker = lanes_known(conn).of(event.speaker)
    known, _ = read_around(
        conn, topic, {*filter(None, (event.speaker, event.on_behalf_of))}, speaker=speaker
    )
    words = (*known.record.words, _draft_words(conn, event, counts_from))
    record = msgspec.structs.replace(known.record, words=words)
    named = {DRAFT: event.content.condition} if event.content and event.content.condition else {}
    drafted = msgspec.structs.replace(known, record=record, conditions=known.conditions | named)
    return known, drafted


def _track_of_votes(
    readings: Sequence[Reading], withdrawals: Sequence[Withdrawal], as_of: int | None
) -> Track:
    said = [reading for reading in readings if as_of is None or reading.counts_from <= as_of]
    days = tuple(steps(said, withdrawals))
    return Track(tuple(said), days, changes_between(days), position(said, withdrawals))


def _draft_words(conn: Connection, event: StatementRecorded, counts_from: int) -> StatementVersion:
    """Return an unrecorded statement as edition 2 of the rule reads it."""
    lanes = lanes_known(conn)
    when = parse_date(event.said_at)
    speaker = directory.actors_by_id(conn, {event.speaker})[event.speaker]
    condition = condition_of(event) if event.stance is not None else None
    behalf = event.on_behalf_of
    return StatementVersion(
        statement=DRAFT,
        speaker=lanes.of(event.speaker),
        speaker_kind=speaker.kind,
        side=lanes.of(behalf) if behalf else None,
        stance=event.stance,
        reason=event.no_position_reason,
        sets=frozenset({condition} if condition else ()),
        drops=frozenset(event.drops),
        rank=RANKS[event.attribution],
        joint=event.attribution == "joint",
        voted=event.attribution == "voted",
        against=event.dissent,
        earliest=when.earliest,
        counts_from=counts_from,
        timed=when.timed,
        wording=event.wording,
        known_from=DRAFT,
    )


def readings_of(conn: Connection, topic: str, lane: str) -> tuple[list[Reading], list[Withdrawal]]:
    """Return the readings and the walk-backs of a lane."""
    for _, readings, withdrawals in lanes_at(conn, topic=topic, lane=lane):
        return readings, withdrawals
    return [], []


def draft_reading(event: StatementRecorded, counts_from: int, lanes: Lanes) -> Reading:
    """Return an unrecorded statement as edition 1 reads it; ``lanes`` are by id of an actor."""
    return Reading(
        statement=DRAFT,
        speaker=lanes.of(event.speaker),
        counts_from=counts_from,
        timed=parse_date(event.said_at).timed,
        rank=RANKS[event.attribution],
        joint=event.attribution == "joint",
        stance=event.stance,
        wording=event.wording,
        known_from=DRAFT,
    )
