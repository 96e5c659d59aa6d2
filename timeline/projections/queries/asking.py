"""Who and what a question is about: "Russia EU", or a whole question in German or English."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from timeline.domain.spelling import name_key, nearest, romanised
from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_positions
from timeline.projections.queries.search import LATEST, UNNAMED, read_words, topics_spoken_of
from timeline.projections.tables.lanes import lane_of
from timeline.projections.tables.stems import fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.search import Typed

MISTYPED = 80
"""Letters of a hundred that a mistyped word shares, in their order, with the one that is meant."""

_ASKING = """
ab about agree am ander andern andert anderte ansicht aussern beim bezieht bis change changed
changes damals denken denkt did do does geandert gegen halt haltung has her his how ihre ihren im
made meinen meint meinung mind now opinion opinions position positionen positions sagen sagt said
say says seine seinen seit since stance stand stands stehen steht support their then think thinks
view vom wann warum was welche welchem welchen welcher wem wer weshalb what when where which who
why wie wieso wo woher word words worin wort worte worten wortlaut wortlich woruber wozu zum zur
"""
WORDS_OF_QUESTIONS = frozenset(_ASKING.split())
"""Folded words that ask, and tell neither who nor what is asked about."""

SHARE_SAID, FEWEST_SAID = 0.2, 3
"""The statements on a topic that hold a word which its question lacks, for it to be meant."""

MOST_COMPARED = 500
"""Topics with whose words a word is compared that nothing on record holds."""

Places = dict[str, set[int]]
"""Which of the words typed mean an actor or a topic, by its id."""


def telling_words(conn: Connection, typed: str) -> list[Typed]:
    """Return the words typed that tell who or what is asked about."""
    return [word for word in read_words(conn, typed) if not _asks(word.word)]


def asked_about(conn: Connection, meant: Sequence[Typed]) -> tuple[Actor, Topic] | None:
    """Return the one actor and the one topic that a question names; ``None`` unless it names both.

    Every word that tells something must mean one of the two; a number, such as a year, need not.
    Of several topics that fit it is one on which the actor has spoken, the one with most statements
    first.
    """
    if _topics_wholly_asked(conn, meant):
        return None
    asked = Counter(topic for word in meant for topic in word.topics)
    strictly = _pairs(conn, meant, lambda word: word.topics or _spoken_of(conn, word))
    found = _likeliest(conn, *strictly, asked)
    if found is None or found.is_spoken:
        return found and found.pair
    # A word of another question may be said on the topic that is meant.
    loosely = _pairs(
        conn, meant, lambda word: {*word.topics, *topics_spoken_of(conn, word.word, LATEST)}
    )
    other = _likeliest(conn, *loosely, asked)
    return other.pair if other and other.is_spoken else found.pair


def asked_topic(conn: Connection, meant: Sequence[Typed]) -> Topic | None:
    """Return the topic that is typed and nothing beside it: its name, its question, or its words.

    Words that name an actor, too, mean a topic only where its name or question is typed wholly.
    """
    topics = _topics_wholly_asked(conn, meant)
    if not topics and not any(word.actors for word in meant):
        told = [word.topics for word in meant if word.terms]
        alike = frozenset.intersection(*told) if told else frozenset()
        topics = [*directory.topics_by_id(conn, {*alike}).values()] if len(alike) == 1 else []
    return max(topics, key=lambda topic: (topic.statements, topic.slug), default=None)


def asked_actor(conn: Connection, meant: Sequence[Typed]) -> Actor | None:
    """Return the one actor whom all that is typed names."""
    lanes = lane_of(conn)
    named = [{lanes.get(actor, actor) for actor in word.actors} for word in meant]
    alike = set.intersection(*named) if named else set()
    every = [*directory.actors_by_id(conn, alike).values()]
    actors = [actor for actor in every if actor.kind != UNNAMED] or every
    key = name_key(" ".join(word.word for word in meant))
    whole = [actor for actor in actors if name_key(actor.name) == key]
    return next(iter(whole or actors)) if len(whole or actors) == 1 else None


def _topics_wholly_asked(conn: Connection, meant: Sequence[Typed]) -> list[Topic]:
    """Return the topics whose name or whole question these words are; the last may be begun."""
    if not meant:
        return []
    *whole, last = (fold(romanised(word.word)) for word in meant)
    asked = {topic for word in meant for topic in word.topics}
    return [
        topic
        for topic in directory.topics_by_id(conn, asked).values()
        if any(
            _is_typed([fold(romanised(word)) for word in words(text)], whole, last)
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
    conn: Connection, meant: Sequence[Typed], of: Callable[[Typed], Iterable[str]]
) -> tuple[dict[tuple[str, str], int], Places]:
    """Return the actors and topics that the words mean, where every telling word means one.

    Beside each is how many words name the actor that are not in the topic's question.
    """
    told = {
        place
        for place, word in enumerate(meant)
        if (word.terms or word.actors) and not word.word.isdecimal()
    }
    lanes = lane_of(conn)
    actors = _places(meant, lambda word: [lanes.get(actor, actor) for actor in word.actors])
    topics, questions = _places(meant, of), _places(meant, lambda word: word.topics)
    pairs = {
        (actor, topic): len(named - questions.get(topic, set()))
        for actor, named in actors.items()
        for topic, asked in topics.items()
        if named | asked >= told and any(place in told for place in asked - named)
    }
    return pairs, actors


def respelled(conn: Connection, typed: str) -> str:
    """Return what is typed with words that nothing on record holds as topics spell them."""
    told = typed
    for word in read_words(conn, typed):
        if _asks(word.word) or word.actors or word.topics or topics_spoken_of(conn, word.word, 1):
            continue
        near = nearest(word.word, _words_of_topics(conn), 1)
        if near and fuzz.ratio(name_key(word.word), name_key(near[0])) >= MISTYPED:
            told = re.sub(rf"\b{re.escape(word.word)}\b", near[0], told, flags=re.IGNORECASE)
    return told


def _words_of_topics(conn: Connection) -> set[str]:
    """Return the words of questions, and of the names by which topics go in lists."""
    shown = directory.topics(conn)[:MOST_COMPARED]
    found = (word for topic in shown for word in words(f"{topic.label} {topic.question}"))
    return {word for word in found if not _asks(word)}


def _asks(word: str) -> bool:
    return fold(romanised(word)) in WORDS_OF_QUESTIONS


def _spoken_of(conn: Connection, word: Typed) -> list[str]:
    """Return the topics that a word means which is in no question, by what is said on them."""
    if word.actors or not word.terms:
        return []
    said = topics_spoken_of(conn, word.word, LATEST)
    topics = directory.topics_by_id(conn, set(said))
    return [
        topic
        for topic, times in said.items()
        if times >= max(FEWEST_SAID, topics[topic].statements * SHARE_SAID)
    ]


def _places(meant: Sequence[Typed], of: Callable[[Typed], Iterable[str]]) -> Places:
    found: Places = defaultdict(set)
    for place, word in enumerate(meant):
        for identity in of(word):
            found[identity].add(place)
    return found


class _Meant(NamedTuple):
    """An actor and a topic that may be meant; ``is_spoken`` where the one spoke on the other."""

    pair: tuple[Actor, Topic]
    is_spoken: bool


def _likeliest(
    conn: Connection,
    pairs: Mapping[tuple[str, str], int],
    named: Mapping[str, set[int]],
    asked: Mapping[str, int],
) -> _Meant | None:
    """Return the pair in which the actor is named most fully, and has spoken on the topic.

    Of several actors it is one who is no unnamed source, whom words name that are not in the
    question, and of whose name least is missing, of several topics the one whose question
    holds most of the words: ``asked`` counts them.
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
    return _Meant((actors[best[0]], topics[best[1]]), bool(likely & spoken))
