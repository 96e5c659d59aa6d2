"""Who and what a question is about: "Russia EU", or a whole question in German or English."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from timeline.domain.spelling import name_key, nearest, romanise
from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_positions
from timeline.projections.queries.search import LATEST, UNNAMED, read_words, topics_spoken_of
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.stems import fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.search import TypedWord

MISTYPED = 80
"""Least percentage of letters that a mistyped word shares with the right one."""

_ASKING = """
ab about agree am ander andern andert anderte ansicht aussern beim bezieht bis change changed
changes damals denken denkt did do does geandert gegen halt haltung has her his how ihre ihren im
made meinen meint meinung mind now opinion opinions position positionen positions sagen sagt said
say says seine seinen seit since stance stand stands stehen steht support their then think thinks
view vom wann warum was welche welchem welchen welcher wem wer weshalb what when where which who
why wie wieso wo woher word words worin wort worte worten wortlaut wortlich woruber wozu zum zur
"""
WORDS_OF_QUESTIONS = frozenset(_ASKING.split())
"""Folded words of questions that name neither an actor nor a topic."""

SHARE_SAID, FEWEST_SAID = 0.2, 3
"""A word means a topic whose question lacks it if this share, and number, of statements has it."""

MOST_COMPARED = 500
"""Topics with whose words an unknown word is compared."""

Places = dict[str, set[int]]
"""The places of the typed words that mean an actor or a topic, by its id."""


def telling_words(conn: Connection, typed: str) -> list[TypedWord]:
    """Return the typed words that may name an actor or a topic."""
    return [word for word in read_words(conn, typed) if not _is_question_word(word.word)]


def asked_about(conn: Connection, typed: Sequence[TypedWord]) -> tuple[Actor, Topic] | None:
    """Return the one actor and the one topic that a question names; ``None`` unless it names both.

    Every telling word must mean one of the two, except numbers such as years. If several topics
    fit, prefer those on which the actor has spoken, then the one with most statements.
    """
    if _topics_wholly_asked(conn, typed):
        return None
    question_topics = Counter(topic for word in typed for topic in word.topics)
    strictly = _pairs(conn, typed, lambda word: word.topics or _spoken_of(conn, word))
    best = _likeliest(conn, *strictly, question_topics)
    if best is None or best.is_spoken:
        return best and best.pair
    # A word of another question may be said on the topic that is meant.
    loosely = _pairs(
        conn, typed, lambda word: {*word.topics, *topics_spoken_of(conn, word.word, LATEST)}
    )
    other = _likeliest(conn, *loosely, question_topics)
    return other.pair if other and other.is_spoken else best.pair


def asked_topic(conn: Connection, typed: Sequence[TypedWord]) -> Topic | None:
    """Return the topic that was typed and nothing else: its name, its question, or its words.

    Words that also name an actor mean a topic only where its whole name or question is typed.
    """
    topics = _topics_wholly_asked(conn, typed)
    if not topics and not any(word.actors for word in typed):
        topics_by_word = [word.topics for word in typed if word.terms]
        alike = frozenset.intersection(*topics_by_word) if topics_by_word else frozenset()
        topics = [*directory.topics_by_id(conn, {*alike}).values()] if len(alike) == 1 else []
    return max(topics, key=lambda topic: (topic.statements, topic.slug), default=None)


def asked_actor(conn: Connection, typed: Sequence[TypedWord]) -> Actor | None:
    """Return the one actor that all typed words name."""
    lanes = lanes_known(conn)
    named = [{lanes.of(actor) for actor in word.actors} for word in typed]
    alike = set.intersection(*named) if named else set()
    every = [*directory.actors_by_id(conn, alike).values()]
    actors = [actor for actor in every if actor.kind != UNNAMED] or every
    key = name_key(" ".join(word.word for word in typed))
    whole = [actor for actor in actors if name_key(actor.name) == key]
    return next(iter(whole or actors)) if len(whole or actors) == 1 else None


def _topics_wholly_asked(conn: Connection, typed: Sequence[TypedWord]) -> list[Topic]:
    """Return the topics whose whole name or question was typed; the last word may be unfinished."""
    if not typed:
        return []
    *whole, last = (fold(romanise(word.word)) for word in typed)
    asked = {topic for word in typed for topic in word.topics}
    return [
        topic
        for topic in directory.topics_by_id(conn, asked).values()
        if any(
            _is_typed([fold(romanise(word)) for word in words(text)], whole, last)
            for text in (topic.label, topic.question)
        )
    ]


def _is_typed(named: list[str], whole: list[str], last: str) -> bool:
    telling = {word for word in named if word not in WORDS_OF_QUESTIONS}
    ends = {word for word in telling - {*whole} if word.startswith(last)} or (
        {last} if last in telling else set()
    )
    return bool(ends) and {*whole} <= telling and telling - {*whole} <= ends and len(ends) == 1


def _pairs(
    conn: Connection, typed: Sequence[TypedWord], ids_of: Callable[[TypedWord], Iterable[str]]
) -> tuple[dict[tuple[str, str], int], Places]:
    """Return pairs of an actor and a topic that together use every telling word.

    With each pair comes how many words name the actor and are not in the topic's question.
    """
    telling = {
        place
        for place, word in enumerate(typed)
        if (word.terms or word.actors) and not word.word.isdecimal()
    }
    lanes = lanes_known(conn)
    actors = _places(typed, lambda word: [lanes.of(actor) for actor in word.actors])
    topics, questions = _places(typed, ids_of), _places(typed, lambda word: word.topics)
    pairs = {
        (actor, topic): len(named - questions.get(topic, set()))
        for actor, named in actors.items()
        for topic, asked in topics.items()
        if named | asked >= telling and any(place in telling for place in asked - named)
    }
    return pairs, actors


def respelled(conn: Connection, typed: str) -> str:
    """Return what was typed, with unknown words corrected to the nearest word of a topic."""
    text = typed
    for word in read_words(conn, typed):
        if (
            _is_question_word(word.word)
            or word.actors
            or word.topics
            or topics_spoken_of(conn, word.word, 1)
        ):
            continue
        near = nearest(word.word, _words_of_topics(conn), 1)
        if near and fuzz.ratio(name_key(word.word), name_key(near[0])) >= MISTYPED:
            text = re.sub(rf"\b{re.escape(word.word)}\b", near[0], text, flags=re.IGNORECASE)
    return text


def _words_of_topics(conn: Connection) -> set[str]:
    """Return the words of topics' questions and labels."""
    shown = directory.topics(conn)[:MOST_COMPARED]
    candidates = (word for topic in shown for word in words(f"{topic.label} {topic.question}"))
    return {word for word in candidates if not _is_question_word(word)}


def _is_question_word(word: str) -> bool:
    return fold(romanise(word)) in WORDS_OF_QUESTIONS


def _spoken_of(conn: Connection, word: TypedWord) -> list[str]:
    """Return the topics whose statements often hold a word that is in no question."""
    if word.actors or not word.terms:
        return []
    said = topics_spoken_of(conn, word.word, LATEST)
    topics = directory.topics_by_id(conn, set(said))
    return [
        topic
        for topic, times in said.items()
        if times >= max(FEWEST_SAID, topics[topic].statements * SHARE_SAID)
    ]


def _places(typed: Sequence[TypedWord], ids_of: Callable[[TypedWord], Iterable[str]]) -> Places:
    places: Places = defaultdict(set)
    for place, word in enumerate(typed):
        for identity in ids_of(word):
            places[identity].add(place)
    return places


class _Candidate(NamedTuple):
    """An actor and a topic that may be meant; ``is_spoken`` if the actor spoke on the topic."""

    pair: tuple[Actor, Topic]
    is_spoken: bool


def _likeliest(
    conn: Connection,
    pairs: Mapping[tuple[str, str], int],
    named: Mapping[str, set[int]],
    asked: Mapping[str, int],
) -> _Candidate | None:
    """Return the pair whose actor is named most fully and has spoken on the topic.

    Prefer actors that are no unnamed sources, that words outside the question name, and of whose
    names least is missing; then topics whose question holds most words: ``asked`` counts them.
    """
    if not pairs:
        return None
    most = max(len(named[actor]) for actor, _ in pairs)
    likely = {(actor, topic) for actor, topic in pairs if len(named[actor]) == most}
    spoken = {
        (actor, position.topic)
        for actor in {actor for actor, _ in likely}
        for position in current_positions(conn, lane=actor)
        if position.position.counted or position.position.reported or position.position.voices
    }
    chosen = likely & spoken or likely
    actors = directory.actors_by_id(conn, {actor for actor, _ in chosen})
    topics = directory.topics_by_id(conn, {topic for _, topic in chosen})
    if len(actors) > 1 and not likely & spoken:
        return None
    best = max(
        chosen,
        key=lambda pair: (
            actors[pair[0]].kind != UNNAMED,
            pairs[pair],
            len(named[pair[0]]) - len(name_key(actors[pair[0]].name).split()),
            asked.get(pair[1], 0),
            topics[pair[1]].statements,
            topics[pair[1]].slug,
        ),
    )
    return _Candidate((actors[best[0]], topics[best[1]]), bool(likely & spoken))
