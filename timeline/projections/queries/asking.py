"""Who and what a question is about: "Russia EU", or a whole question in German or English."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from timeline.domain.spelling import name_key, nearest, romanised
from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_positions
from timeline.projections.queries.search import LATEST, read_words, topics_spoken_of
from timeline.projections.tables.lanes import lane_of
from timeline.projections.tables.stems import fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


def asked_about(conn: Connection, typed: str) -> tuple[Actor, Topic] | None:
    """Return the one actor and the one topic that a question names; ``None`` unless it names both.

    Every word that tells something must mean one of the two; a number, such as a year, need not.
    Of several topics that fit it is one on which the actor has spoken, the one with most statements
    first.
    """
    meant = [one for one in read_words(conn, typed) if not _asks(one.word)]
    told = {
        place
        for place, one in enumerate(meant)
        if (one.terms or one.actors) and not one.word.isdecimal()
    }
    lanes = lane_of(conn)
    actors = _places(meant, lambda one: [lanes.get(actor, actor) for actor in one.actors])
    topics = _places(meant, lambda one: one.topics or _spoken_of(conn, one))
    pairs = [
        (actor, topic)
        for actor, named in actors.items()
        for topic, asked in topics.items()
        if named | asked >= told and any(place in told for place in asked - named)
    ]
    return _likeliest(conn, pairs, actors) if pairs else None


def respelled(conn: Connection, typed: str) -> str:
    """Return what is typed with words that nothing on record holds as topics spell them."""
    told = typed
    for one in read_words(conn, typed):
        if _asks(one.word) or one.actors or one.topics or topics_spoken_of(conn, one.word, 1):
            continue
        near = nearest(one.word, _words_of_topics(conn), 1)
        if near and fuzz.ratio(name_key(one.word), name_key(near[0])) >= MISTYPED:
            told = re.sub(rf"\b{re.escape(one.word)}\b", near[0], told, flags=re.IGNORECASE)
    return told


def _words_of_topics(conn: Connection) -> set[str]:
    """Return the words of questions, and of the names by which topics go in lists."""
    shown = directory.topics(conn)[:MOST_COMPARED]
    found = (word for one in shown for word in words(f"{one.label} {one.question}"))
    return {word for word in found if not _asks(word)}


def _asks(word: str) -> bool:
    return fold(romanised(word)) in WORDS_OF_QUESTIONS


def _spoken_of(conn: Connection, one: Typed) -> list[str]:
    """Return the topics that a word means which is in no question, by what is said on them."""
    if one.actors or not one.terms:
        return []
    said = topics_spoken_of(conn, one.word, LATEST)
    topics = directory.topics_by_id(conn, set(said))
    return [
        topic
        for topic, times in said.items()
        if times >= max(FEWEST_SAID, topics[topic].statements * SHARE_SAID)
    ]


def _places(meant: list[Typed], of: Callable[[Typed], Iterable[str]]) -> Places:
    found: Places = defaultdict(set)
    for place, one in enumerate(meant):
        for identity in of(one):
            found[identity].add(place)
    return found


def _likeliest(
    conn: Connection, pairs: list[tuple[str, str]], named: Mapping[str, set[int]]
) -> tuple[Actor, Topic] | None:
    """Return the pair in which the actor is named most fully, and has spoken on the topic."""
    most = max(len(named[actor]) for actor, _ in pairs)
    likely = {(actor, topic) for actor, topic in pairs if len(named[actor]) == most}
    spoken = {
        (actor, one.topic)
        for actor in {actor for actor, _ in likely}
        for one in current_positions(conn, lane=actor)
    }
    chosen = likely & spoken or likely
    actors = directory.actors_by_id(conn, {actor for actor, _ in chosen})
    topics = directory.topics_by_id(conn, {topic for _, topic in chosen})
    if len(actors) > 1 and not likely & spoken:
        return None
    best = max(chosen, key=lambda pair: (topics[pair[1]].statements, topics[pair[1]].slug))
    return actors[best[0]], topics[best[1]]
