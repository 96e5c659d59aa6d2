"""Answer a search in one dated sentence: about an actor, a question, or both."""

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
from web.lanes.dropped_words import dropped_words_in
from web.lanes.history import histories, history_on
from web.wording import lede, verbs
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
"""The most statements of a topic whose sides are gathered while somebody types."""

TOPICS = 60
"""The most topics of an actor that are searched for the last statement, latest recorded first."""


class Answer(msgspec.Struct, frozen=True):
    """An answer in one sentence, and the page with its details; ``lane`` is its proof.

    ``actor`` is ``None`` if only a question was asked; ``topic`` is the question, or the last one
    that the actor spoke on.
    """

    sentence: str
    href: str
    topic: Topic
    actor: Actor | None = None
    lane: LaneHistory | None = None


def read_answer(conn: Connection, typed: str, names: Names, clocks: Clocks) -> Answer | None:
    """Return the answer to a typed text; ``None`` if it names neither an actor nor a question."""
    meant_words = telling_words(conn, typed)
    typed_words = {_key(word.word) for word in meant_words}
    if about := asked_about(conn, meant_words):
        return _of_both(conn, typed_words, *about, names, clocks)
    if topic := asked_topic(conn, meant_words):
        return _of_topic(conn, typed_words, topic, names, clocks)
    if clocks.is_now and (actor := asked_actor(conn, meant_words)):
        return _of_actor(conn, actor, names)
    return None


def _of_both(
    conn: Connection, typed: set[str], actor: Actor, topic: Topic, names: Names, clocks: Clocks
) -> Answer:
    lane = history_on(conn, topic.id, actor.id, clocks)
    page = clocks.at(f"/t/{topic.slug}")
    if lane is None:
        return Answer(lede.said_nothing(noun(actor)), page, topic, actor)
    if answer := _word_gone(conn, typed, topic, lane, names, clocks):
        return answer
    said = entries.statements(conn, _numbers(lane.position), clocks.known_at)
    sentence = _last_position(topic, actor, lane.position, said, names)
    return Answer(sentence, f"{page}#lane-{actor.slug}", topic, actor, lane)


def _word_gone(
    conn: Connection, typed: set[str], topic: Topic, lane: LaneHistory, names: Names, clocks: Clocks
) -> Answer | None:
    """Say when an actor stopped using a word that is asked about, if they did.

    A reader of a translation asks with a word that only the translated question has.
    """
    if all(reading.stance is not None for reading in lane.readings):
        return None
    ended = dropped_words_in(conn, topic, lane.in_order, names, clocks)
    gone_words = [word for word in ended if word.gone.stance is None]
    named = [word for word in gone_words if _key(word.word) in typed]
    if len(gone_words) == 1 and not named:
        asked_in = {
            word
            for wording in directory.wordings(conn, topic.id)
            for word in words(wording.question)
        }
        translated = {_key(word) for word in words(topic.question) if word not in asked_in}
        named = gone_words if typed & translated else []
    if not named:
        return None
    last, without_word = named[-1].last, named[-1].gone
    actor = names.actor(lane.actor)
    sentence = lede.word_gone(noun(actor), named[-1].word, last.said_at, without_word.said_at)
    page = clocks.at(f"/s/{last.number}..{without_word.number}")
    return Answer(sentence, page, topic, actor, lane)


def _key(word: str) -> str:
    return fold(romanise(word))


def _numbers(position: Position) -> set[int]:
    beside = position.reported.statements[-1:] if position.reported else ()
    return {
        *position.counted[-1:],
        *beside,
        *(number for voice in position.voices for number in voice.statements[-1:]),
    }


def _last_position(
    topic: Topic,
    actor: Actor,
    position: Position,
    said: dict[int, StatementEntry],
    names: Names,
) -> str:
    """Say where somebody stood when last heard; else who spoke for or about them."""
    who, scale = noun(actor), topic.scale
    last = said.get(position.counted[-1]) if position.counted else None
    if last and isinstance(position.stance, int):
        conditional = bool(position.terms)
        return lede.last_heard(scale, who, position.stance, last.said_at, conditional=conditional)
    if last and position.stance == MIXED:
        return lede.last_differing(who, last.said_at)
    voices = [
        (said[voice.statements[-1]], voice)
        for voice in position.voices
        if voice.statements[-1] in said
    ]
    steps = [(entry, voice) for entry, voice in voices if entry.stance is not None]
    if steps:
        entry, voice = max(steps, key=lambda pair: pair[0].counts_from)
        person = noun(names.actor(voice.person))
        did = verbs.did(scale.name, int(entry.stance or 0), person.number)
        return lede.without_decider(who, person, did, entry.said_at)
    reported = position.reported
    if reported and (last_reported := said.get(reported.statements[-1])):
        return lede.silent_itself(scale, who, reported.stance, last_reported.said_at)
    return lede.said_nothing(who)


def _of_topic(
    conn: Connection, typed: set[str], topic: Topic, names: Names, clocks: Clocks
) -> Answer | None:
    if topic.statements > BUSY:
        return None
    lanes = histories(conn, topic.id, clocks)
    if len(lanes) == 1 and (answer := _word_gone(conn, typed, topic, lanes[0], names, clocks)):
        return answer
    sentence = standing_of(conn, topic, lanes, names, clocks)
    return Answer(sentence, clocks.at(f"/t/{topic.slug}"), topic) if sentence else None


def _of_actor(conn: Connection, actor: Actor, names: Names) -> Answer | None:
    """Say on which question somebody was last heard."""
    positions = [
        position for position in current_positions(conn, lane=actor.id) if position.position.counted
    ]
    positions.sort(key=lambda position: -position.position.counted[-1])
    standing = {position.position.counted[-1]: position for position in positions[:TOPICS]}
    said = entries.statements(conn, standing)
    if not said:
        return None
    last = max(said.values(), key=lambda entry: (entry.counts_from, entry.number))
    position = standing[last.number]
    topic = names.topic(position.topic)
    sentence = _last_position(topic, actor, position.position, said, names)
    return Answer(sentence, f"/a/{actor.slug}", topic, actor)


MOST = 12
"""The most topics of a story that are named."""


class DatedStory(msgspec.Struct, frozen=True):
    """A story with its topics, the busiest first, and their addresses as of the day."""

    story: Story
    href: str
    topics: list[tuple[Topic, str]]


class AskedDay(msgspec.Struct, frozen=True):
    """The day in words, and the stories with topics as of it."""

    text: str
    stories: list[DatedStory]


class TypedDay(msgspec.Struct, frozen=True):
    """The clocks of a typed day, and the rest of the typed text.

    The clocks show now if no day was typed, or if ``problem`` says why it could not be used.
    """

    clocks: Clocks
    beside: str
    problem: str = ""


def typed_day(typed: str) -> TypedDay:
    """Read the typed day; an impossible or future day is explained in ``problem``."""
    written, day = day_in(typed)
    if not day:
        part = day_without_year(typed)
        problem = gettext("“%(day)s” lacks its year. Write it like 15 Dec 2025.", day=part)
        return TypedDay(Clocks(), typed, problem if part else "")
    beside = typed.replace(written, " ", 1)
    try:
        as_of = parse_as_of(written)
        check_come_to_pass(written, "q")
    except Refused as error:
        return TypedDay(Clocks(), beside, in_a_line(error))
    return TypedDay(Clocks(as_of=as_of, as_of_text=day), beside)


def asked_day(conn: Connection, clocks: Clocks, named: Sequence[Topic]) -> AskedDay | None:
    """Return the stories and topics as of a day (only ``named`` ones, if any); ``None`` for now."""
    if clocks.as_of is None:
        return None
    topic_ids = {topic.id for topic in named}
    topics = [topic for topic in directory.topics(conn) if not topic_ids or topic.id in topic_ids]
    topics.sort(key=lambda topic: -topic.statements)
    thens = [
        _dated_story(story, [topic for topic in topics if topic.story == story.id], clocks)
        for story in directory.stories(conn)
    ]
    return AskedDay(dates.day(clocks.as_of), [story for story in thens if story.topics])


def _dated_story(story: Story, topics: list[Topic], clocks: Clocks) -> DatedStory:
    table = urlencode({"story": story.slug, "at": clocks.as_of_text})
    shown = [(topic, clocks.at(f"/t/{topic.slug}")) for topic in topics[:MOST]]
    return DatedStory(story, f"/matrix?{table}", shown)
