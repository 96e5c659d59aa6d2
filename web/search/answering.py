"""The answer of a search in one sentence with its date: of a name, of a question, or of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.projections.queries import entries
from timeline.projections.queries.asking import asked_about, asked_actor, asked_topic, telling_words
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.positions import current_positions
from web.lanes.answers import standing_of
from web.lanes.history import histories, history_on
from web.wording import lede, stances, verbs
from web.wording.grammar import noun

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names

BUSY = 2_000
"""Statements above which the sides of a topic are not gathered while somebody types."""

TOPICS = 60
"""Topics of an actor among which the last words are looked for, those recorded last."""


class Told(msgspec.Struct, frozen=True):
    """A sentence that answers, and the page with all of it; ``lane`` is what it rests on.

    ``actor`` is empty of a question alone, ``topic`` is the question or the one spoken on last.
    """

    sentence: str
    href: str
    topic: Topic
    actor: Actor | None = None
    lane: LaneHistory | None = None


def answering(conn: Connection, typed: str, names: Names, clocks: Clocks) -> Told | None:
    """Return the answer to what is typed; ``None`` where it names neither whom nor what."""
    meant = telling_words(conn, typed)
    if about := asked_about(conn, meant):
        return _of_both(conn, *about, names, clocks)
    if topic := asked_topic(conn, meant):
        return _of_topic(conn, topic, names, clocks)
    if clocks.is_now and (actor := asked_actor(conn, meant)):
        return _of_actor(conn, actor, names)
    return None


def _of_both(conn: Connection, actor: Actor, topic: Topic, names: Names, clocks: Clocks) -> Told:
    lane = history_on(conn, topic.id, actor.id, clocks)
    page = clocks.at(f"/t/{topic.slug}")
    if lane is None:
        return Told(lede.said_nothing(noun(actor)), page, topic, actor)
    said = entries.statements(conn, _numbers(lane.position), clocks.known_at)
    sentence = _stood(topic, actor, lane.position, said, names)
    return Told(sentence, f"{page}#lane-{actor.slug}", topic, actor, lane)


def _numbers(stood: Position) -> set[int]:
    beside = stood.reported.statements[-1:] if stood.reported else ()
    return {
        *stood.counted[-1:],
        *beside,
        *(number for voice in stood.voices for number in voice.statements[-1:]),
    }


def _stood(
    topic: Topic,
    actor: Actor,
    stood: Position,
    said: dict[int, StatementEntry],
    names: Names,
) -> str:
    """Say where somebody stood when last heard; else who spoke of them, and what they said."""
    who, scale = noun(actor), topic.scale
    last = said.get(stood.counted[-1]) if stood.counted else None
    if last and isinstance(stood.stance, int):
        conditional = bool(stood.terms)
        return lede.last_heard(scale, who, stood.stance, last.said_at, conditional=conditional)
    if last and stood.stance == MIXED:
        return lede.last_differing(who, last.said_at)
    voices = [(said[one.statements[-1]], one) for one in stood.voices if one.statements[-1] in said]
    steps = [(entry, one) for entry, one in voices if entry.stance is not None]
    if steps:
        entry, voice = max(steps, key=lambda pair: pair[0].counts_from)
        person = noun(names.actor(voice.person))
        did = verbs.did(scale.name, int(entry.stance or 0), person.number)
        return lede.without_decider(who, person, did, entry.said_at)
    reported = stood.reported
    if reported and (told := said.get(reported.statements[-1])):
        return lede.silent_itself(who, stances.word(scale, reported.stance), told.said_at)
    return lede.said_nothing(who)


def _of_topic(conn: Connection, topic: Topic, names: Names, clocks: Clocks) -> Told | None:
    if topic.statements > BUSY:
        return None
    sentence = standing_of(topic, histories(conn, topic.id, clocks), names)
    return Told(sentence, clocks.at(f"/t/{topic.slug}"), topic) if sentence else None


def _of_actor(conn: Connection, actor: Actor, names: Names) -> Told | None:
    """Return on which question somebody was last heard."""
    held = [one for one in current_positions(conn, lane=actor.id) if one.position.counted]
    held.sort(key=lambda one: -one.position.counted[-1])
    standing = {one.position.counted[-1]: one for one in held[:TOPICS]}
    said = entries.statements(conn, standing)
    if not said:
        return None
    last = max(said.values(), key=lambda one: (one.counts_from, one.number))
    stood = standing[last.number]
    topic = names.topic(stood.topic)
    word = stances.word(topic.scale, stood.position.stance)
    sentence = lede.last_on(noun(actor), topic.label, word, last.said_at)
    return Told(sentence, f"/a/{actor.slug}", topic, actor)
