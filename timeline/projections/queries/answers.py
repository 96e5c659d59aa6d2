"""Positions and nouns as `--json` and the API answer them."""

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
from timeline.projections.queries.coverage import gap_as_dates, read_coverages
from timeline.projections.queries.entries import StatementEntry, statements
from timeline.projections.queries.extent import facts
from timeline.projections.queries.ledes import latest_ledes
from timeline.projections.queries.natures import natures
from timeline.projections.queries.positions import (
    current_positions,
    explained_on,
    positions_on,
    relevant_topics,
)
from timeline.projections.queries.tracks import course, topic_evidence, vote_topics
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
"""Positions answered in one batch: the first, and the largest; a topic is never split."""

TOPICS_AT_ONCE = 100
"""Topics whose positions are read together."""

T = TypeVar("T")


class LedeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The newsroom's lede of a topic, on record since the log ``position``.

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

    Somebody who only speaks for others is not counted. ``lede`` is null where the newsroom wrote
    none.
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
    """What a person who speaks for a side, but does not decide for it, said last on its behalf."""

    actor: str
    stance: str | None
    terms: tuple[str, ...]
    statements: tuple[int, ...]


class PositionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `standline positions --json`; ``why`` adds ``counted`` and ``ignored``.

    ``terms`` are the conditions that stand, in the words of who named them, ``held_by`` is who said
    it: the person, the body, or who decides for a side; ``proposed`` says that only the words of a
    role say who decides. ``last_known`` means that the position was not heard again within the
    topic's limit. ``reported`` is what others last said of them, ``according_to`` are all such
    statements, ``order_open`` those that may be later, ``voices`` those who speak for a side and do
    not decide.

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
"""The fields of a `PositionAnswer` that are columns of a table."""

SIDE = "side"
"""The last column of such a table."""


def answer_topics(
    conn: Connection, topics: Sequence[directory.Topic], clocks: TwoClocks = NOW
) -> list[TopicAnswer]:
    """Answer for topics, in the order given; each lede is the one at both clocks."""
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
    """Answer for the lede of a topic."""
    return LedeAnswer(
        position=lede.position,
        recorded_at=iso_us(lede.recorded_at),
        recorded_by=lede.recorded_by,
        sentence=lede.sentence,
        translations=lede.translations,
        pinned=lede.pinned,
    )


def answer_mandates(conn: Connection, mandates: Sequence[directory.Mandate]) -> list[MandateAnswer]:
    """Answer for mandates, in the order given."""
    sides = directory.actors_by_id(conn, {mandate.on_behalf_of for mandate in mandates})
    topic_ids = {
        standing.topic for mandate in mandates for standing in mandate.stated if standing.topic
    }
    topics = directory.topics_by_id(conn, topic_ids)

    def standing_answer(standing: StatedStanding) -> StandingAnswer:
        topic = topics.get(standing.topic or "")
        slug = topic.slug if topic else standing.topic
        return StandingAnswer(
            standing=standing.standing,
            topic=slug,
            since=standing.since,
            until=standing.until,
            reason=standing.reason,
        )

    return [
        MandateAnswer(
            mandate=mandate.id,
            on_behalf_of=sides[mandate.on_behalf_of].slug,
            role=mandate.role,
            since=mandate.since,
            until=mandate.until,
            standing=mandate.standing,
            proposed=proposed_standing(mandate.role),
            stated=tuple(map(standing_answer, mandate.stated)),
        )
        for mandate in mandates
    ]


def answer_actors(conn: Connection, actors: Sequence[directory.Actor]) -> list[ActorAnswer]:
    """Answer for actors, in the order given."""
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
) -> Iterator[PositionAnswer]:
    """Yield where lanes stood, by topic and actor; with ``why`` also lanes that never spoke.

    ``topic`` and ``lane`` are ids, ``begin`` is the slug of the first topic, ``now`` the instant up
    to which ages are counted. Memory holds a few topics at a time.
    """
    known_at = clocks.known_at
    opened = _opened_by(conn, known_at, begin, topic)
    place = {topic_id: number for number, topic_id in enumerate(opened)}
    if clocks.is_now and not why:
        positions: Iterable[LanePosition] = _now(conn, topic, lane, place)
    else:
        relevant = {*relevant_topics(conn, topic, lane, known_at)}
        topic_ids = [topic_id for topic_id in opened if topic_id in relevant]
        explained = explained_on(conn, topic_ids, clocks, lane=lane)
        positions = (position for position in explained if why or position.spoke)
    for batch in _topic_batches(positions):
        answers = answer_positions(conn, batch, clocks, now=now, why=why)
        answers = _with_sides(conn, batch, answers)
        yield from sorted(answers, key=lambda answer: (answer.topic, answer.actor))


def _with_sides(
    conn: Connection, positions: Sequence[LanePosition], answers: Sequence[PositionAnswer]
) -> list[PositionAnswer]:
    """Add to each answer the side of its lane; answers and positions are in one order."""
    sides = sides_on(conn, {(position.topic, position.lane) for position in positions})
    slugs = {
        actor.id: actor.slug for actor in directory.actors_by_id(conn, {*sides.values()}).values()
    }
    side_slugs = (
        slugs.get(sides.get((position.topic, position.lane), "")) for position in positions
    )
    return [
        msgspec.structs.replace(answer, side=side) if side else answer
        for answer, side in zip(answers, side_slugs, strict=True)
    ]


def _now(
    conn: Connection, topic: str | None, lane: str | None, place: dict[str, int]
) -> Iterator[LanePosition]:
    """Yield the positions of now, in the order of the topics' places."""
    if topic is not None or lane is not None:
        positions = current_positions(conn, topic=topic, lane=lane)
        chosen = (position for position in positions if position.topic in place)
        yield from sorted(chosen, key=lambda position: place[position.topic])
        return
    topics = [*place]
    for start in range(0, len(topics), TOPICS_AT_ONCE):
        batch = positions_on(conn, topics[start : start + TOPICS_AT_ONCE])
        yield from sorted(batch, key=lambda position: place[position.topic])


def _topic_batches(positions: Iterable[LanePosition]) -> Iterator[list[LanePosition]]:
    """Group positions, which come topic by topic, into batches that split no topic.

    The first batch is small, so that it comes soon; each may be twice as large as the last.
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


def _opened_by(
    conn: Connection, known_at: int | None, begin: str, topic_id: str | None
) -> list[str]:
    """Return the topics open at a log position, in the order of their slugs, from ``begin`` on."""
    by_id = directory.topics_by_id(conn, {topic_id} if topic_id else None)
    topics = sorted(by_id.values(), key=lambda topic: topic.slug)
    opened = (topic for topic in topics if known_at is None or topic.opened <= known_at)
    return [topic.id for topic in opened if topic.slug >= begin]


def answer_positions(
    conn: Connection,
    positions: Sequence[LanePosition],
    clocks: TwoClocks = NOW,
    *,
    now: int | None = None,
    why: bool = False,
) -> list[PositionAnswer]:
    """Answer for positions, in the order given, which are those at the clocks."""
    known_at = clocks.known_at
    proof = proof_of(
        conn, (n for position in positions for n in _numbers(position.position)), known_at
    )
    topics, actors = nouns_of(conn, positions)
    people = {person for stood in positions for person in _people(stood.position)} - {*actors}
    actors |= directory.actors_by_id(conn, people) if people else {}
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
            **_who_holds_it(conn, position, topics[position.topic].scale, actors, known_at),
            last_known=ages.is_last_known(position.topic, position.lane),
        )
        for position in positions
    ]


class Ages:
    """Which positions are too old to hold at a moment (*last known*)."""

    def __init__(
        self,
        conn: Connection,
        topics: Iterable[directory.Topic],
        clocks: TwoClocks,
        now: int | None,
    ) -> None:
        self._conn = conn
        # Ages are never counted beyond the present.
        self._moment = min(
            (instant for instant in (clocks.as_of, now) if instant is not None), default=None
        )
        as_of = clocks.as_of if clocks.as_of == self._moment else None
        self._clocks = TwoClocks(as_of, clocks.known_at)
        self._votes = vote_topics(conn, (topic.id for topic in topics), clocks.known_at)
        self._positions: dict[str, dict[str, Position]] = {}

    def is_last_known(self, topic: str, lane: str) -> bool:
        """Tell whether a position is too old for its topic, or of a member who votes no more."""
        if self._moment is None or topic in self._votes:
            return False
        if topic not in self._positions:
            derived = course(self._conn, topic, self._clocks)
            self._positions[topic] = derived.positions(self._moment)
        position = self._positions[topic].get(lane)
        return position is not None and position.last_known


def _people(position: Position) -> Iterator[str]:
    if position.held_by:
        yield position.held_by
    yield from (voice.person for voice in position.voices)


def _who_holds_it(
    conn: Connection,
    lane_position: LanePosition,
    scale: Scale,
    actors: dict[str, directory.Actor],
    known_at: int | None,
) -> dict[str, Any]:
    """Return who holds a position on which conditions, and who only speaks for the side."""
    position = lane_position.position
    voted_by = lane_position.lane if position.counted else ""
    held_by = position.held_by or voted_by
    is_decided = held_by not in ("", lane_position.lane)
    record = (
        topic_evidence(conn, lane_position.topic, known_at)
        if position.terms or is_decided
        else None
    )

    def terms(named: tuple[str, ...], speaker: str, end: tuple[int, ...]) -> tuple[str, ...]:
        evidence = record or topic_evidence(conn, lane_position.topic, known_at)
        return evidence.conditions_in_words(named, speaker, end) if named else ()

    return {
        "terms": terms(position.terms, held_by, position.counted) if position.terms else (),
        "held_by": actors[held_by].slug if held_by else None,
        "proposed": record is not None and record.is_proposed({held_by}, {lane_position.lane}),
        "voices": tuple(
            VoiceAnswer(
                actor=actors[voice.person].slug,
                stance=word(scale, voice.direction),
                terms=terms(voice.terms, voice.person, voice.statements) if voice.terms else (),
                statements=voice.statements,
            )
            for voice in position.voices
        ),
    }


def nouns_of(
    conn: Connection, lanes: Sequence[LanePosition | LaneChange]
) -> tuple[dict[str, directory.Topic], dict[str, directory.Actor]]:
    """Return the topics and actors of these lanes by id."""
    topics: dict[str, directory.Topic] = {}
    actors: dict[str, directory.Actor] = {}
    for batch in _batches(sorted({lane.topic for lane in lanes})):
        topics |= directory.topics_by_id(conn, {*batch})
    for batch in _batches(sorted({lane.lane for lane in lanes})):
        actors |= directory.actors_by_id(conn, {*batch})
    return topics, actors


def word(scale: Scale, stance: int | str | None) -> str | None:
    """Return the scale's word for a stance, `mixed`, or ``None`` where there is no position."""
    if stance is None or stance == MIXED:
        return stance if stance is None else MIXED
    return scale.word(int(stance))


def _position(
    position: Position,
    topic: directory.Topic,
    actor: str,
    proof: dict[int, StatementEntry],
    *,
    why: bool,
    **marks: Any,  # noqa: ANN401 - fields of the answer
) -> PositionAnswer:
    counted = [proof[number] for number in position.counted if number in proof]
    newest = counted[-1] if counted else None
    return PositionAnswer(
        topic=topic.slug,
        actor=actor,
        stance=word(topic.scale, position.stance),
        attribution=newest.attribution if newest else None,
        reported_via=(newest.words.reported_via or None) if newest else None,
        condition=(newest.words.condition or None) if newest else None,
        first_said=_said_at(proof, position.first),
        last_said=_said_at(proof, position.last),
        statements=position.statements,
        uncoded=position.uncoded,
        joint=position.joint,
        reported=_reported(position, topic.scale, proof),
        according_to=position.according_to,
        order_open=position.order_open,
        counted=position.counted if why else msgspec.UNSET,
        ignored=position.ignored if why else msgspec.UNSET,
        rule=RULE,
        side=None,
        **marks,
    )


def _reported(
    position: Position, scale: Scale, proof: dict[int, StatementEntry]
) -> dict[str, Any] | None:
    reported = position.reported
    if reported is None:
        return None
    entries = [proof[number] for number in reported.statements if number in proof]
    return {
        "stance": word(scale, reported.stance),
        "attribution": entries[-1].attribution if entries else None,
        "reported_via": (entries[-1].words.reported_via or None) if entries else None,
        "said_at": entries[-1].said_at if entries else None,
        "statements": list(reported.statements),
    }


def _said_at(proof: dict[int, StatementEntry], number: int | None) -> str | None:
    entry = proof.get(number) if number is not None else None
    return entry.said_at if entry else None


def _numbers(position: Position) -> Iterable[int]:
    yield from position.counted
    if position.reported:
        yield from position.reported.statements
    yield from (number for number in (position.first, position.last) if number is not None)


def proof_of(
    conn: Connection, numbers: Iterable[int], known_at: int | None
) -> dict[int, StatementEntry]:
    entries: dict[int, StatementEntry] = {}
    for batch in _batches(sorted(set(numbers))):
        entries |= statements(conn, batch, known_at)
    return entries


def _batches(items: list[T]) -> Iterable[list[T]]:
    return (items[start : start + LOOKUP] for start in range(0, len(items), LOOKUP))
