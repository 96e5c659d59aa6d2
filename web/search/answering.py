"""The answer of a search in one sentence with its date: of a name, of a question, or of both."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused
from timeline.domain.position import MIXED
from timeline.domain.spelling import romanise
from timeline.domain.written_dates import day_in, day_without_year
from timeline.projections.queries import directory, entries
from timeline.projections.queries.asking import asked_about, asked_actor, asked_topic, telling_words
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.positions import current_positions
from timeline.projections.tables.stems import fold, words
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.answers import standing_of
from web.lanes.asked_dates import check_come_to_pass, in_a_line
from web.lanes.ended import ended_in
from web.lanes.history import histories, history_on
from web.lanes.wordings import in_order
from web.wording import lede, stances, verbs
from web.wording.clocks import Clocks
from web.wording.grammar import noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.projections.queries.directory import Story
    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
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
    asked = {_key(word.word) for word in meant}
    if about := asked_about(conn, meant):
        return _of_both(conn, asked, *about, names, clocks)
    if topic := asked_topic(conn, meant):
        return _of_topic(conn, asked, topic, names, clocks)
    if clocks.is_now and (actor := asked_actor(conn, meant)):
        return _of_actor(conn, actor, names)
    return None


def _of_both(
    conn: Connection, asked: set[str], actor: Actor, topic: Topic, names: Names, clocks: Clocks
) -> Told:
    lane = history_on(conn, topic.id, actor.id, clocks)
    page = clocks.at(f"/t/{topic.slug}")
    if lane is None:
        return Told(lede.said_nothing(noun(actor)), page, topic, actor)
    if gone := _word_gone(conn, asked, topic, lane, names, clocks):
        return gone
    said = entries.statements(conn, _numbers(lane.position), clocks.known_at)
    sentence = _stood(topic, actor, lane.position, said, names)
    return Told(sentence, f"{page}#lane-{actor.slug}", topic, actor, lane)


def _word_gone(
    conn: Connection, asked: set[str], topic: Topic, lane: LaneHistory, names: Names, clocks: Clocks
) -> Told | None:
    """Return when a word that is asked about went with the position that it told, if it did.

    A reader of another language asks in a word that the question has in that language alone.
    """
    if all(reading.stance is not None for reading in lane.readings):
        return None
    ended = ended_in(conn, topic, in_order(lane), names, clocks)
    gone = [word for word in ended if word.gone.stance is None]
    found = [word for word in gone if _key(word.word) in asked]
    if len(gone) == 1 and not found:
        asked_in = {
            word
            for wording in directory.wordings(conn, topic.id)
            for word in words(wording.question)
        }
        translated = {_key(word) for word in words(topic.question) if word not in asked_in}
        found = gone if asked & translated else []
    if not found:
        return None
    last, then = found[-1].last, found[-1].gone
    actor = names.actor(lane.actor)
    sentence = lede.word_gone(noun(actor), found[-1].word, last.said_at, then.said_at)
    page = clocks.at(f"/s/{last.number}..{then.number}")
    return Told(sentence, page, topic, actor, lane)


def _key(word: str) -> str:
    return fold(romanise(word))


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
        return lede.silent_itself(scale, who, reported.stance, told.said_at)
    return lede.said_nothing(who)


def _of_topic(
    conn: Connection, asked: set[str], topic: Topic, names: Names, clocks: Clocks
) -> Told | None:
    if topic.statements > BUSY:
        return None
    lanes = histories(conn, topic.id, clocks)
    if len(lanes) == 1 and (gone := _word_gone(conn, asked, topic, lanes[0], names, clocks)):
        return gone
    sentence = standing_of(topic, lanes, names)
    return Told(sentence, clocks.at(f"/t/{topic.slug}"), topic) if sentence else None


def _of_actor(conn: Connection, actor: Actor, names: Names) -> Told | None:
    """Return on which question somebody was last heard."""
    held = [
        position for position in current_positions(conn, lane=actor.id) if position.position.counted
    ]
    held.sort(key=lambda position: -position.position.counted[-1])
    standing = {position.position.counted[-1]: position for position in held[:TOPICS]}
    said = entries.statements(conn, standing)
    if not said:
        return None
    last = max(said.values(), key=lambda entry: (entry.counts_from, entry.number))
    stood = standing[last.number]
    topic = names.topic(stood.topic)
    word = stances.word(topic.scale, stood.position.stance)
    sentence = lede.last_on(noun(actor), topic.label, word, last.said_at)
    return Told(sentence, f"/a/{actor.slug}", topic, actor)


MOST = 12
"""Topics of a story that are named."""


class StoryThen(msgspec.Struct, frozen=True):
    """A story with its topics, the busiest first, each with its address as of the day."""

    story: Story
    href: str
    topics: list[tuple[Topic, str]]


class AskedDay(msgspec.Struct, frozen=True):
    """The day in words, and what there is to see as of it."""

    told: str
    stories: list[StoryThen]


class TypedDay(msgspec.Struct, frozen=True):
    """The moment of the day that is typed, and what is typed beside it.

    It is now where ``problem`` says why the answer is not as of that day; it is empty where no day
    is typed, too.
    """

    clocks: Clocks
    beside: str
    problem: str = ""


def typed_day(typed: str) -> TypedDay:
    """Read the day that is typed; one that no calendar has or that is to come is told."""
    written, day = day_in(typed)
    if not day:
        part = day_without_year(typed)
        told = gettext("“%(day)s” lacks its year. Write it like 15 Dec 2025.", day=part)
        return TypedDay(Clocks(), typed, told if part else "")
    beside = typed.replace(written, " ", 1)
    try:
        as_of = parse_as_of(written)
        check_come_to_pass(written, "q")
    except Refused as error:
        return TypedDay(Clocks(), beside, in_a_line(error))
    return TypedDay(Clocks(as_of=as_of, as_of_text=day), beside)


def asked_day(conn: Connection, clocks: Clocks, named: Sequence[Topic]) -> AskedDay | None:
    """Return the stories and topics as of a day; of ``named`` topics these alone; none of now."""
    if clocks.as_of is None:
        return None
    meant = {topic.id for topic in named}
    topics = [topic for topic in directory.topics(conn) if not meant or topic.id in meant]
    topics.sort(key=lambda topic: -topic.statements)
    thens = [
        _then(story, [topic for topic in topics if topic.story == story.id], clocks)
        for story in directory.stories(conn)
    ]
    return AskedDay(dates.day(clocks.as_of), [then for then in thens if then.topics])


def _then(story: Story, topics: list[Topic], clocks: Clocks) -> StoryThen:
    table = urlencode({"story": story.slug, "at": clocks.as_of_text})
    shown = [(topic, clocks.at(f"/t/{topic.slug}")) for topic in topics[:MOST]]
    return StoryThen(story, f"/matrix?{table}", shown)
