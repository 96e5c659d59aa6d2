"""What a statement that is not recorded would do to the position of whom it counts for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.entry import RANKS
from timeline.domain.errors import Conflict
from timeline.domain.instants import day_of, end_of_day
from timeline.domain.messages import Message
from timeline.domain.position import Reading, changes_between, position, steps
from timeline.domain.position.edition2 import Words
from timeline.domain.position.edition2.track import Track, tracks
from timeline.domain.statement import StatementRecorded, condition_of
from timeline.projections.queries import directory
from timeline.projections.queries.alike import draft_instant
from timeline.projections.queries.edition2 import Gathered, gather
from timeline.projections.queries.positions import lanes_at
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.tables.lanes import lane_of

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
"""Stands for the number of what is not recorded: none is ever that high, and none is shown."""


class Turn(msgspec.Struct, frozen=True):
    """Where a side stood on the day of a statement, and where it would stand with it.

    ``side`` is the id of the actor, ``topic`` that of the question.
    """

    side: str
    topic: str
    before: Stance
    after: Stance


def side_turned(conn: Connection, drafted: Sequence[Event]) -> Turn | None:
    """Return how a statement moves the side for which its speaker has a mandate, if it does.

    ``drafted`` is what recording it would append. Nothing is returned where the speaker speaks for
    themselves, a reason says why they speak for another, or the side had no position on that day.
    """
    said = drafted[-1] if drafted else None
    if not isinstance(said, StatementRecorded) or not said.on_behalf_of:
        return None
    if said.content and said.content.mandate_reason:
        return None
    lanes = lane_of(conn)
    side = lanes.get(said.on_behalf_of, said.on_behalf_of)
    if side == lanes.get(said.speaker, said.speaker):
        return None
    counts_from = draft_instant(conn, drafted, said)
    day_over = end_of_day(day_of(counts_from))
    before, after = (
        track.position for track in tracks_around(conn, said, counts_from, side, as_of=day_over)
    )
    if not before.counted or before.stance == after.stance:
        return None
    return Turn(side, said.topic, before.stance, after.stance)


def refuse_unmeant_turn(
    conn: Connection,
    drafted: Sequence[Event],
    speaker: str | None,
    side: str | None,
    spoke_for: str | None,
) -> None:
    """Raise `Conflict` where a mandate moves the side that it is for, and nobody said it was meant.

    ``drafted`` is what recording the statement would append; the others are slugs, and
    ``spoke_for`` answers the question where it is the ``side``.
    """
    if spoke_for != side and side_turned(conn, drafted):
        raise Conflict(TURNS_A_SIDE, side=side, speaker=speaker)


def tracks_around(
    conn: Connection,
    said: StatementRecorded,
    counts_from: int,
    lane: str,
    *,
    as_of: int | None = None,
) -> tuple[Track, Track]:
    """Return the lane of an actor (an id) without a statement that is not recorded, and with it."""
    if vote_topics(conn, [said.topic]):
        readings, back = readings_of(conn, said.topic, lane)
        draft = draft_reading(said, counts_from, lane_of(conn))
        before, after = (
            _track_of_votes(some, back, as_of) for some in (readings, [*readings, draft])
        )
        return before, after
    known, drafted = gathered_around(conn, said, counts_from)
    nothing = Track((), (), (), position(()))
    before, after = (
        tracks(gathered.record, as_of=as_of).get(lane, nothing) for gathered in (known, drafted)
    )
    return before, after


def gathered_around(
    conn: Connection, said: StatementRecorded, counts_from: int
) -> tuple[Gathered, Gathered]:
    """Return what edition 2 reads of a topic without a statement that is not recorded, and with."""
    topic = directory.topics_by_id(conn, {said.topic})[said.topic]
    known = gather(conn, topic, speaker=lane_of(conn).get(said.speaker, said.speaker))
    words = (*known.record.words, _draft_words(conn, said, counts_from))
    record = msgspec.structs.replace(known.record, words=words)
    named = {DRAFT: said.content.condition} if said.content and said.content.condition else {}
    drafted = msgspec.structs.replace(known, record=record, conditions=known.conditions | named)
    return known, drafted


def _track_of_votes(
    readings: Sequence[Reading], back: Sequence[Withdrawal], as_of: int | None
) -> Track:
    said = [reading for reading in readings if as_of is None or reading.counts_from <= as_of]
    days = tuple(steps(said, back))
    return Track(tuple(said), days, changes_between(days), position(said, back))


def _draft_words(conn: Connection, said: StatementRecorded, counts_from: int) -> Words:
    """Return a statement that is not recorded as edition 2 of the rule reads it."""
    lanes = lane_of(conn)
    when = parse_date(said.said_at)
    speaker = directory.actors_by_id(conn, {said.speaker})[said.speaker]
    condition = condition_of(said) if said.stance is not None else None
    behalf = said.on_behalf_of
    return Words(
        statement=DRAFT,
        speaker=lanes.get(said.speaker, said.speaker),
        speaker_kind=speaker.kind,
        side=lanes.get(behalf, behalf) if behalf else None,
        stance=said.stance,
        reason=said.no_position_reason,
        sets=frozenset({condition} if condition else ()),
        drops=frozenset(said.drops),
        rank=RANKS[said.attribution],
        joint=said.attribution == "joint",
        voted=said.attribution == "voted",
        against=said.dissent,
        earliest=when.earliest,
        counts_from=counts_from,
        timed=when.timed,
        wording=said.wording,
        known_from=DRAFT,
    )


def readings_of(conn: Connection, topic: str, lane: str) -> tuple[list[Reading], list[Withdrawal]]:
    """Return what was said on a lane, and what was taken back there."""
    for _, readings, back in lanes_at(conn, topic=topic, lane=lane):
        return readings, back
    return [], []


def draft_reading(said: StatementRecorded, counts_from: int, lanes: dict[str, str]) -> Reading:
    """Return a statement that is not recorded as the rule reads it; ``lanes`` by id of an actor."""
    return Reading(
        statement=DRAFT,
        speaker=lanes.get(said.speaker, said.speaker),
        counts_from=counts_from,
        timed=parse_date(said.said_at).timed,
        rank=RANKS[said.attribution],
        joint=said.attribution == "joint",
        stance=said.stance,
        wording=said.wording,
        known_from=DRAFT,
    )
