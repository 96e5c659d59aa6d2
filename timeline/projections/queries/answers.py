"""Positions and changes in the words of the contract: what `--json` and the API answer."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timeline.domain.dates import iso_us
from timeline.domain.instants import NEWEST
from timeline.domain.position import MIXED, Ignored
from timeline.domain.position.edition2 import RULE
from timeline.domain.standing import proposed_standing
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.entries import StatementEntry, statements
from timeline.projections.queries.extent import facts
from timeline.projections.queries.ledes import latest_ledes
from timeline.projections.queries.natures import natures
from timeline.projections.queries.positions import (
    current_positions,
    explained_by_first,
    explained_on,
    positions_on,
    topics_asked,
)
from timeline.projections.queries.tracks import course, gathered, vote_topics
from timeline.projections.queries.watched_time import gap_as_dates, read_coverages
from timeline.projections.queries.whose_side import sides_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.domain.scales import Scale
    from timeline.domain.standing import StatedStanding
    from timeline.projections.queries.ledes import KnownLede
    from timeline.projections.queries.positions import LaneChange, LanePosition

LOOKUP = 5_000
"""Numbers or ids in one question to the database."""

AT_FIRST, AT_ONCE = 101, 1_000
"""Positions that are put into words together, or all of one topic where it has more."""

TOPICS_AT_ONCE = 100
"""Topics whose positions are read together."""

T = TypeVar("T")


class LedeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the newsroom says first of a topic, on record since the log ``position``.

    ``translations`` are those of the sentence, by language; ``pinned`` are the numbers of the
    statements with which pinned changes end, in order.
    """

    position: int
    recorded_at: str
    recorded_by: str
    sentence: str
    translations: dict[str, str]
    pinned: tuple[int, ...]


class TopicAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `standline topics --json`; ``statements`` and ``actors`` are counts.

    Who only speaks for somebody else is no further actor. ``lede`` is null where the newsroom says
    nothing itself.
    """

    slug: str
    question: str
    story: str | None
    scale: str
    asks: str
    recurring: bool
    limit_months: int | None
    prints: str
    statements: int
    actors: int
    lede: LedeAnswer | None


class ActorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `standline actors --json`."""

    slug: str
    name: str
    aliases: tuple[str, ...]


class StandingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of the standing of a mandate, on a topic or on all."""

    standing: str
    topic: str | None
    since: str | None
    until: str | None
    reason: str


class MandateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One mandate: ``proposed`` is the standing that the words of its role suggest."""

    mandate: str
    on_behalf_of: str
    role: str
    since: str | None
    until: str | None
    standing: str
    proposed: str
    stated: tuple[StandingAnswer, ...]


class VoiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who does not decide for a side last said on its behalf."""

    actor: str
    stance: str | None
    terms: tuple[str, ...]
    statements: tuple[int, ...]


class PositionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `standline positions --json`; ``why`` adds ``counted`` and ``ignored``.

    ``terms`` are the conditions that stand, in the words of who named them, ``held_by`` is who said
    it: the person, the body, or who decides for a side; ``proposed`` says that only the words of a
    role say who decides. ``last_known`` tells of a position that was not heard again within the
    topic's limit. ``reported`` is what others last said of them, ``according_to`` are all such
    statements, ``order_open`` those that may be later, ``voices`` those who speak for a side and do
    not decide. Edition 1 knows nothing of terms, deciders, ages and voices.

    ``unwatched`` is the time in which nobody watched the actor and in which the moment asked for
    lies, as EDTF: silence from its first day on says nothing. Null where somebody watched, or
    nobody said so. ``side`` is the slug of the side below which the lane of a speaker stands on the
    page of the topic; null for the sides themselves.
    """

    topic: str
    actor: str
    stance: str | None
    terms: tuple[str, ...]
    uncoded: bool
    joint: bool
    held_by: str | None
    proposed: bool
    attribution: str | None
    reported_via: str | None
    condition: str | None
    first_said: str | None
    last_said: str | None
    last_known: bool
    statements: int
    unwatched: str | None
    reported: dict[str, Any] | None
    according_to: tuple[int, ...]
    order_open: tuple[int, ...]
    voices: tuple[VoiceAnswer, ...]
    rule: int
    counted: tuple[int, ...] | msgspec.UnsetType = msgspec.UNSET
    ignored: tuple[Ignored, ...] | msgspec.UnsetType = msgspec.UNSET
    side: str | None


STANDING = (
    *("topic", "actor", "stance", "terms", "uncoded", "joint", "held_by", "proposed"),
    *("attribution", "reported_via", "condition"),
    *("first_said", "last_said", "last_known", "statements", "unwatched"),
)
"""The fields of a `PositionAnswer` that a table has a column for each."""

SIDE = "side"
"""The last of them, behind all that a table has besides."""


def answer_topics(
    conn: Connection,
    topics: Sequence[directory.Topic],
    clocks: TwoClocks = NOW,
) -> list[TopicAnswer]:
    """Tell of topics, in the order given; what the newsroom says first is that at both clocks."""
    stories = {story.id: story.slug for story in directory.stories(conn)}
    asks = natures(conn, topics)
    ledes = latest_ledes(conn, [topic.id for topic in topics], clocks)
    return [
        TopicAnswer(
            slug=topic.slug,
            question=topic.question,
            story=stories.get(topic.story or ""),
            scale=topic.scale.name,
            asks=asks[topic.id].asks,
            recurring=asks[topic.id].recurring,
            limit_months=asks[topic.id].limit_months,
            prints=asks[topic.id].prints,
            statements=topic.statements,
            actors=facts(conn, topic.id).actors,
            lede=answer_lede(ledes[topic.id]) if topic.id in ledes else None,
        )
        for topic in topics
    ]


def answer_lede(lede: KnownLede) -> LedeAnswer:
    """Tell what the newsroom said first of a topic."""
    return LedeAnswer(
        position=lede.position,
        recorded_at=iso_us(lede.recorded_at),
        recorded_by=lede.recorded_by,
        sentence=lede.sentence,
        translations=lede.translations,
        pinned=lede.pinned,
    )


def answer_mandates(conn: Connection, mandates: Sequence[directory.Mandate]) -> list[MandateAnswer]:
    """Tell of mandates, in the order given."""
    whom = directory.actors_by_id(conn, {mandate.on_behalf_of for mandate in mandates})
    on = {said.topic for mandate in mandates for said in mandate.stated if said.topic}
    topics = directory.topics_by_id(conn, on)

    def told(said: StatedStanding) -> StandingAnswer:
        topic = topics.get(said.topic or "")
        slug = topic.slug if topic else said.topic
        return StandingAnswer(
            standing=said.standing,
            topic=slug,
            since=said.since,
            until=said.until,
            reason=said.reason,
        )

    return [
        MandateAnswer(
            mandate=mandate.id,
            on_behalf_of=whom[mandate.on_behalf_of].slug,
            role=mandate.role,
            since=mandate.since,
            until=mandate.until,
            standing=mandate.standing,
            proposed=proposed_standing(mandate.role),
            stated=tuple(map(told, mandate.stated)),
        )
        for mandate in mandates
    ]


def answer_actors(conn: Connection, actors: Sequence[directory.Actor]) -> list[ActorAnswer]:
    """Tell of actors, in the order given."""
    names = directory.aliases_by_id(conn, {actor.id for actor in actors})
    return [
        ActorAnswer(slug=actor.slug, name=actor.name, aliases=tuple(names.get(actor.id, ())))
        for actor in actors
    ]


def ask_positions(
    conn: Connection,
    clocks: TwoClocks = NOW,
    *,
    topic: str | None = None,
    lane: str | None = None,
    why: bool = False,
    begin: str = "",
    now: int | None = None,
    rule: int = RULE,
) -> Iterator[PositionAnswer]:
    """Say where lanes stood, by topic and actor; with ``why`` also of those that never spoke.

    ``topic`` and ``lane`` are ids, ``begin`` is the slug of the first topic that is wanted, ``now``
    the instant up to which ages are counted. Memory holds a few topics at a time.
    """
    known_at = clocks.known_at
    place = {one: place for place, one in enumerate(_opened_by(conn, known_at, begin, topic))}
    if clocks.is_now and not why and rule == RULE:
        positions: Iterable[LanePosition] = _now(conn, topic, lane, place)
    else:
        asked = [one for one in topics_asked(conn, topic, lane, known_at) if one in place]
        asked.sort(key=place.__getitem__)
        explain = explained_on if rule == RULE else explained_by_first
        then = explain(conn, asked, clocks, lane=lane)
        positions = (position for position in then if why or position.spoke)
    for some in _whole_topics(positions):
        answers = answer_positions(conn, some, clocks, now=now, why=why, rule=rule)
        answers = _on_their_sides(conn, some, answers)
        yield from sorted(answers, key=lambda answer: (answer.topic, answer.actor))


def _on_their_sides(
    conn: Connection, positions: Sequence[LanePosition], answers: Sequence[PositionAnswer]
) -> list[PositionAnswer]:
    """Say of lanes below which side they stand; the answers are in the order of the lanes."""
    sides = sides_on(conn, {(position.topic, position.lane) for position in positions})
    slugs = {
        actor.id: actor.slug for actor in directory.actors_by_id(conn, {*sides.values()}).values()
    }
    of_each = (slugs.get(sides.get((position.topic, position.lane), "")) for position in positions)
    return [
        msgspec.structs.replace(answer, side=side) if side else answer
        for answer, side in zip(answers, of_each, strict=True)
    ]


def _now(
    conn: Connection, topic: str | None, lane: str | None, place: dict[str, int]
) -> Iterator[LanePosition]:
    """Yield positions of now, topic by topic in their places."""
    if topic is not None or lane is not None:
        positions = current_positions(conn, topic=topic, lane=lane)
        here = (position for position in positions if position.topic in place)
        yield from sorted(here, key=lambda position: place[position.topic])
        return
    topics = [*place]
    for start in range(0, len(topics), TOPICS_AT_ONCE):
        some = positions_on(conn, topics[start : start + TOPICS_AT_ONCE])
        yield from sorted(some, key=lambda position: place[position.topic])


def _whole_topics(positions: Iterable[LanePosition]) -> Iterator[list[LanePosition]]:
    """Yield positions, which come topic by topic, in batches that part no topic.

    The first is small, for whoever wants no more, and each may be twice as large as the one before.
    """
    batch: list[LanePosition] = []
    size = AT_FIRST
    for _, on_topic in groupby(positions, key=lambda position: position.topic):
        batch += on_topic
        if len(batch) >= size:
            yield batch
            batch, size = [], min(2 * size, AT_ONCE)
    if batch:
        yield batch


def _opened_by(conn: Connection, known: int | None, begin: str, topic: str | None) -> list[str]:
    """Return the topics that were open by then, in the order of their slugs, from one on.

    They are all, or the one that is asked for.
    """
    asked = directory.topics_by_id(conn, {topic}).values() if topic else directory.topics(conn)
    topics = sorted(asked, key=lambda one: one.slug)
    opened = (one for one in topics if known is None or one.opened <= known)
    return [one.id for one in opened if one.slug >= begin]


def answer_positions(
    conn: Connection,
    positions: Sequence[LanePosition],
    clocks: TwoClocks = NOW,
    *,
    now: int | None = None,
    why: bool = False,
    rule: int = RULE,
) -> list[PositionAnswer]:
    """Put positions into words, in the order given; they are those of that moment."""
    known_at = clocks.known_at
    proof = proof_of(
        conn, (n for position in positions for n in _numbers(position.position)), known_at
    )
    topics, actors = nouns_of(conn, positions)
    named = {person for stood in positions for person in _people(stood.position)} - {*actors}
    actors |= directory.actors_by_id(conn, named) if named else {}
    watched = read_coverages(conn, sorted({position.topic for position in positions}), known_at)
    moment = NEWEST - 1 if clocks.as_of is None else clocks.as_of
    ages = Ages(conn, topics.values(), clocks, now)
    return [
        _position(
            position.position,
            topics[position.topic],
            actors[position.lane].slug,
            proof,
            why=why,
            unwatched=gap_as_dates(watched[position.topic].gap_at(moment, position.lane)),
            rule=rule,
            **_by_second(conn, position, topics[position.topic].scale, actors, known_at, rule=rule),
            last_known=rule == RULE and ages.is_last_known(position.topic, position.lane),
        )
        for position in positions
    ]


class Ages:
    """Which positions are last known at a moment, as the rule has it."""

    def __init__(
        self,
        conn: Connection,
        topics: Iterable[directory.Topic],
        clocks: TwoClocks,
        now: int | None,
    ) -> None:
        self._conn = conn
        # Nobody knows how old words will be one day.
        self._moment = min((one for one in (clocks.as_of, now) if one is not None), default=None)
        as_of = clocks.as_of if clocks.as_of == self._moment else None
        self._clocks = TwoClocks(as_of, clocks.known_at)
        self._votes = vote_topics(conn, (topic.id for topic in topics), clocks.known_at)
        self._found: dict[str, dict[str, Position]] = {}

    def is_last_known(self, topic: str, lane: str) -> bool:
        """Tell whether a position is too old for its topic, or of a member who votes no more."""
        if self._moment is None or topic in self._votes:
            return False
        if topic not in self._found:
            derived = course(self._conn, topic, self._clocks)
            self._found[topic] = derived.positions(self._moment)
        position = self._found[topic].get(lane)
        return position is not None and position.last_known


def _people(stood: Position) -> Iterator[str]:
    if stood.held_by:
        yield stood.held_by
    yield from (voice.person for voice in stood.voices)


def _by_second(
    conn: Connection,
    position: LanePosition,
    scale: Scale,
    actors: dict[str, directory.Actor],
    known_at: int | None,
    *,
    rule: int,
) -> dict[str, Any]:
    """Return what edition 2 says of a position, and nothing of one of edition 1."""
    stood = position.position
    voted_by = position.lane if rule == RULE and stood.counted else ""
    held_by = stood.held_by or voted_by
    is_decided = held_by not in ("", position.lane)
    record = gathered(conn, position.topic, known_at) if stood.terms or is_decided else None

    def terms(named: tuple[str, ...], speaker: str, end: tuple[int, ...]) -> tuple[str, ...]:
        told = record or gathered(conn, position.topic, known_at)
        return told.conditions_in_words(named, speaker, end) if named else ()

    return {
        "terms": terms(stood.terms, held_by, stood.counted) if stood.terms else (),
        "held_by": actors[held_by].slug if held_by else None,
        "proposed": record is not None and record.is_proposed({held_by}, {position.lane}),
        "voices": tuple(
            VoiceAnswer(
                actor=actors[voice.person].slug,
                stance=word(scale, voice.direction),
                terms=terms(voice.terms, voice.person, voice.statements) if voice.terms else (),
                statements=voice.statements,
            )
            for voice in stood.voices
        ),
    }


def nouns_of(
    conn: Connection, found: Sequence[LanePosition | LaneChange]
) -> tuple[dict[str, directory.Topic], dict[str, directory.Actor]]:
    """Return the topics and actors of some lanes by id, and no others."""
    topics: dict[str, directory.Topic] = {}
    actors: dict[str, directory.Actor] = {}
    for some in _batches(sorted({one.topic for one in found})):
        topics |= directory.topics_by_id(conn, {*some})
    for some in _batches(sorted({one.lane for one in found})):
        actors |= directory.actors_by_id(conn, {*some})
    return topics, actors


def word(scale: Scale, stance: int | str | None) -> str | None:
    """Return the scale's word for a stance, `mixed`, or ``None`` where there is no position."""
    if stance is None or stance == MIXED:
        return stance if stance is None else MIXED
    return scale.word(int(stance))


def _position(
    stood: Position,
    topic: directory.Topic,
    actor: str,
    proof: dict[int, StatementEntry],
    *,
    why: bool,
    **marks: Any,  # noqa: ANN401 - of either edition
) -> PositionAnswer:
    counted = [proof[number] for number in stood.counted if number in proof]
    holding = counted[-1] if counted else None
    return PositionAnswer(
        topic=topic.slug,
        actor=actor,
        stance=word(topic.scale, stood.stance),
        attribution=holding.attribution if holding else None,
        reported_via=(holding.words.reported_via or None) if holding else None,
        condition=(holding.words.condition or None) if holding else None,
        first_said=_said(proof, stood.first),
        last_said=_said(proof, stood.last),
        statements=stood.statements,
        uncoded=stood.uncoded,
        joint=stood.joint,
        reported=_beside(stood, topic.scale, proof),
        according_to=stood.according_to,
        order_open=stood.order_open,
        counted=stood.counted if why else msgspec.UNSET,
        ignored=stood.ignored if why else msgspec.UNSET,
        side=None,
        **marks,
    )


def _beside(
    stood: Position, scale: Scale, proof: dict[int, StatementEntry]
) -> dict[str, Any] | None:
    beside = stood.reported
    if beside is None:
        return None
    said = [proof[number] for number in beside.statements if number in proof]
    return {
        "stance": word(scale, beside.stance),
        "attribution": said[-1].attribution if said else None,
        "reported_via": (said[-1].words.reported_via or None) if said else None,
        "said_at": said[-1].said_at if said else None,
        "statements": list(beside.statements),
    }


def _said(proof: dict[int, StatementEntry], number: int | None) -> str | None:
    entry = proof.get(number) if number is not None else None
    return entry.said_at if entry else None


def _numbers(stood: Position) -> Iterable[int]:
    yield from stood.counted
    if stood.reported:
        yield from stood.reported.statements
    yield from (number for number in (stood.first, stood.last) if number is not None)


def proof_of(
    conn: Connection, numbers: Iterable[int], known_at: int | None
) -> dict[int, StatementEntry]:
    entries: dict[int, StatementEntry] = {}
    for some in _batches(sorted(set(numbers))):
        entries |= statements(conn, some, known_at)
    return entries


def _batches(found: list[T]) -> Iterable[list[T]]:
    return (found[start : start + LOOKUP] for start in range(0, len(found), LOOKUP))
